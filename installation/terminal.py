"""What the commands print: tables, progress bars, one-line errors. Nothing below this layer prints."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from installation.types import Tick

# Into a file or a pipe nothing is folded to a screen's width.
out = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
err = Console(stderr=True, highlight=False)


def log_to_terminal(verbose: bool) -> None:
    """Changes of state go to stderr, one line each, above any progress bar."""
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s" if verbose else "%(message)s"
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, format=form, handlers=[AboveTheBar()])
    for chatty in ("torch", "onnxscript", "onnx_ir", "matplotlib"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class AboveTheBar(logging.Handler):
    """Prints through the console that draws the progress bars, so that a line never lands inside one."""

    def emit(self, record: logging.LogRecord) -> None:
        complain(self.format(record))


def plain(text: str) -> None:
    """Text as it is: no markup, no wrapping, so that a caret stays under its column."""
    out.print(text, markup=False, soft_wrap=True)


def complain(text: str) -> None:
    err.print(text, markup=False, soft_wrap=True)


def hush() -> None:
    """Nothing more from here on: another process does the talking."""
    out.quiet = True
    err.quiet = True


def rows(header: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(header):
        table.add_column(name, overflow="fold", no_wrap=number == 0)  # an address is there to be copied
    for line in lines:
        table.add_row(*("" if cell is None else str(cell) for cell in line))
    out.print(table)


@contextmanager
def downloads() -> Iterator[Callable[[int, int, str], None]]:
    """A bar a download, made when the first byte comes: a cached model prints nothing."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err) as progress:
        tasks: dict[str, Any] = {}

        def show(done: int, total: int, text: str) -> None:
            if text not in tasks:
                tasks[text] = progress.add_task(text, total=total or None)
            progress.update(tasks[text], completed=done, total=total or None)

        yield show


@contextmanager
def frames(total: int | None, text: str) -> Iterator[Callable[[Tick], None]]:
    """Progress over the frames of an offline run."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f} frames"))
    with Progress(*columns, TimeRemainingColumn(), console=err) as progress:
        task = progress.add_task(text, total=total)
        yield lambda tick: progress.update(task, completed=tick.frame + 1)


@contextmanager
def steps(text: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for long work that knows how much there is: ``progress(done, total)``."""
    with Progress(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=err) as progress:
        task = progress.add_task(text, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def training(name: str) -> Iterator[Callable[[float, str], None]]:
    """A bar with the time left and the newest losses under it: ``tell(share, words)``."""
    whole = Column(no_wrap=True, min_width=7)
    columns = (
        TextColumn(name, table_column=whole),
        BarColumn(20),
        TextColumn("{task.percentage:.1f} %", table_column=whole),
        TimeRemainingColumn(table_column=whole),
    )
    words = TextColumn("{task.fields[words]}", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"))
    with Progress(*columns, words, console=err, expand=True) as progress:
        task = progress.add_task(name, total=1.0, words="")
        yield lambda share, words: progress.update(task, completed=share, words=words)


@contextmanager
def stages() -> Iterator[Callable[[str], None]]:
    """A line that says what is being done now, for work that is a few steps of unknown length."""
    with err.status("") as status:
        yield lambda words: status.update(words)


def timing_table(report: Mapping[str, Any]) -> None:
    """How a run went. A dash is 'not measured'."""

    def line(name: str, summary: Mapping[str, float] | None) -> list[str]:
        cells = ("mean", "p50", "p95", "p99", "max")
        return [name, *(f"{summary[cell]:.2f}" if summary else "-" for cell in cells)]

    rows(
        ["milliseconds", "mean", "p50", "p95", "p99", "max"],
        [
            *(line(name, summary) for name, summary in report["stages_ms"].items()),
            line("frame", report["frame_time_ms"]),
            line("input to frame", report["input_to_frame_ms"]),
        ],
    )
    fps = report["fps"]
    slots = report["slots"]
    plain(
        f"{report['frames']} frames in {report['seconds']:.1f} s: {fps:.1f} fps of {report['workload']['fps']:g}"
        if fps
        else "no frame was made"
    )
    if report["workload"]["mode"] == "paced":
        plain(f"slots: {slots['late']} late, {slots['dropped']} dropped")
    for name, health in report["health"].items():
        if health["state"] != "ok":
            plain(f"{name}: {health['state']}{' (' + health['detail'] + ')' if health['detail'] else ''}")


def cost_table(costs: Mapping[str, float] | None) -> None:
    """The unpaced benchmark's three parts of a frame, and the rate each alone would allow."""
    if not costs:
        return
    names = {"generator": "bare generator", "gl": "GL", "rest": "everything else", "frame": "show"}
    lines = []
    for key, name in names.items():
        rate = f"{1000 / costs[key]:.0f}" if costs[key] > 0 else "-"
        lines.append((name, f"{costs[key]:.2f}", f"{100 * costs[key] / costs['frame']:.1f} %", rate))
    rows(["a frame, unpaced", "ms", "share", "a second"], lines)
