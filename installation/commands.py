"""What each command does, in the order a person would. Calls the rooms, prints through terminal.py."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation import app, terminal
from installation.clock import DisplayClock, OfflineClock, SteadyClock, TimerClock
from installation.errors import InstallationError, Mistakes
from installation.library import Library
from installation.show import rehearsal
from installation.show.show import Show
from installation.types import Unit

FILM_SECONDS = 20.0  # of the rehearsal, when nothing else is asked for
FILM_FPS = 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the commands that perform a show have in common."""

    show: str
    home: Path | None
    headless: bool = False
    stand_in: bool = False
    live: bool = False
    seconds: float | None = None
    report: Path | None = None
    verbose: bool = False


def run(asked: Asked, record: Path | None, sheet: Path | None) -> None:
    library = Library(asked.home)
    show = app.load_show(asked.show, library)
    lines = []
    screen = has_screen() and not asked.headless
    if asked.stand_in and not has_screen():
        lines.append("a film instead of a window (no screen)")
    away = {} if asked.live or (screen and not asked.stand_in) else rehearsal.missing(show)
    if away:
        show = rehearsal.rehearsed(show, away)
        lines.append(f"the rehearsal instead of {', '.join(away)} ({'; '.join(dict.fromkeys(away.values()))})")
    if lines:
        terminal.complain(f"{show.title}: using {' and '.join(lines)}")
    if asked.stand_in and not screen:
        seconds = asked.seconds or FILM_SECONDS
        record, sheet = record or Path("out/show.mp4"), sheet or Path("out/show.png")
        clock: Any = OfflineClock(FILM_FPS, seconds)
    else:
        clock = live_clock(show, asked, screen)
    perform(asked, show, library, clock, screen, film(record, sheet))


def record(asked: Asked, to: Path, frames: bool) -> None:
    library = Library(asked.home)
    show = app.load_show(asked.show, library)
    screen = has_screen() and not asked.headless
    outputs = [app.output("take", to=str(to), frames=frames)]
    perform(asked, show, library, live_clock(show, asked, screen), screen, outputs)
    terminal.plain(f"take: {to}    perform it: installation replay {asked.show} {to}")


def replay(asked: Asked, take: Path, record: Path | None, sheet: Path | None) -> None:
    library = Library(asked.home)
    show, length = app.from_take(app.load_show(asked.show, library), str(take), library)
    seconds = min(asked.seconds or length, length)
    screen = has_screen() and not asked.headless and not record
    fps = show.stage["fps"]
    clock = SteadyClock(fps, seconds) if screen else OfflineClock(fps, seconds)
    report = perform(asked, show, library, clock, screen, [*film(record, sheet), app.output("digest")])
    terminal.plain(f"parameters: sha256 {report['outputs']['digest']['params_sha256']}")


def live_clock(show: Show, asked: Asked, screen: bool) -> TimerClock:
    return (DisplayClock if screen else TimerClock)(show.stage["fps"], asked.seconds)


def film(record: Path | None, sheet: Path | None) -> list[Unit]:
    units = [app.output("recorder", to=str(record))] if record else []
    return [*units, *([app.output("sheet", to=str(sheet))] if sheet else [])]


def perform(
    asked: Asked, show: Show, library: Library, clock: Any, window: bool, outputs: Sequence[Unit]
) -> dict[str, Any]:
    """Fetch, perform, tell: the part that run, record and replay share."""
    terminal.log_to_terminal(asked.verbose)
    with terminal.downloads() as progress:
        app.fetch_models(show, library, progress)
    with ExitStack() as stack:
        observers = []
        if not clock.live and not window:
            observers.append(stack.enter_context(terminal.frames(clock.total, show.title)))
        report = app.run(show, library, clock, app.Venue(window, outputs, observers))
    terminal.timing_table(report)
    for unit in outputs:
        if "to" in unit.options:
            terminal.plain(f"{unit.name}: {unit.options['to']}")
    if asked.report:
        app.write_report(asked.report, report)
    return report


def has_screen() -> bool:
    """Whether a window could open: X11 or Wayland on Linux; macOS and Windows always have a desktop."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def check(files: Sequence[str], home: Path | None) -> int:
    library = Library(home)
    broken = 0
    for file in files or [str(path) for path in app.all_shows(library)]:
        try:
            show = app.load_show(file, library)
        except Mistakes as mistakes:
            broken += 1
            terminal.complain(f"{mistakes}\n")
        else:
            terminal.plain(
                f"{file}: ok ({len(show.channels)} signals, {len(show.params)} parameters, {len(show.mapping)} mapped)"
            )
    return 2 if broken else 0


def kinds() -> int:
    for noun, names in app.all_kinds(Library()).items():
        terminal.plain(f"{noun}:")
        for name, text in names.items():
            terminal.plain(f"  {name:<14} {text}")
    return 0


def known_of(name: str, home: Path | None) -> Show:
    """As much of a show as can be understood: its mistakes send people here for the choices."""
    from installation.show.load import survey

    library = Library(home)
    show, mistakes = survey(library.show(name), library)
    if mistakes:
        terminal.complain(f"{name} has mistakes; this is what could be understood: installation check {name}")
    return show


def signals(show: str, home: Path | None, as_json: bool) -> None:
    from installation.show.listing import signals_listing

    listing = signals_listing(known_of(show, home))
    if as_json:
        return terminal.plain(json.dumps(listing, indent=2))
    terminal.rows(
        ["signal", "kind", "range", "unit", "what it is"],
        [
            (
                s["address"],
                s["kind"],
                f"{s['low']:g}..{s['high']:g}" if s["kind"] == "number" else "",
                s["unit"],
                s["help"],
            )
            for s in listing
        ],
    )


def params(show: str, home: Path | None, as_json: bool) -> None:
    from installation.show.listing import params_listing

    listing = params_listing(known_of(show, home))
    if as_json:
        return terminal.plain(json.dumps(listing, indent=2))
    terminal.rows(
        ["parameter", "type", "range", "value", "unit", "what it does", "mapped to"],
        [(p["address"], p["type"], p["range"], p["default"], p["unit"], p["help"], p["mapped"]) for p in listing],
    )


def benchmark(asked: Asked, take: str, unpaced: bool, frames: int) -> None:
    from installation.benchmark import run as bench

    library = Library(asked.home)
    show, _ = app.from_take(app.load_show(asked.show, library), take, library, loop=True)
    terminal.log_to_terminal(asked.verbose)
    with terminal.downloads() as progress:
        app.fetch_models(show, library, progress)
    report = (bench.unpaced if unpaced else bench.paced)(show, library, frames)
    terminal.timing_table(report)
    terminal.cost_table(report["costs_ms"])
    if asked.report:
        app.write_report(asked.report, report)


def models_list(home: Path | None, as_json: bool) -> None:
    from installation.checkpoints.catalogue import list_models

    listing = list_models(Library(home))
    if as_json:
        return terminal.plain(json.dumps(listing, indent=2))
    terminal.rows(
        ["model", "family", "size", "licence", "here", "title"],
        [
            (m["name"], m["family"], m["resolution"], m["licence"], "yes" if m["present"] else "no", m["title"])
            for m in listing
        ],
    )


def models_get(names: Sequence[str], every: bool, home: Path | None) -> None:
    from installation.checkpoints.catalogue import get_model

    library = Library(home)
    wanted = library.models() if every else list(names)
    if not wanted:
        raise InstallationError("which model?", "name one, or --all; to list the choices: installation models list")
    with terminal.downloads() as progress:
        for name in wanted:
            get_model(name, library, progress)
            terminal.plain(f"{name}: here")


def models_inspect(name: str, home: Path | None, as_json: bool) -> None:
    from installation.checkpoints.catalogue import inspect_model

    data = inspect_model(name, Library(home))
    if as_json:
        return terminal.plain(json.dumps(data, indent=2))
    tensors = data.pop("tensors")
    for key, value in data.items():
        terminal.plain(f"{key:>14}  {value}")
    terminal.rows(
        ["tensor", "shape", "type"], [(t["name"], "x".join(map(str, t["shape"])), t["dtype"]) for t in tensors]
    )


def doctor(home: Path | None, as_json: bool) -> int:
    from installation.doctor import examine

    findings = examine(Library(home))
    if as_json:
        terminal.plain(json.dumps([finding.as_data() for finding in findings], indent=2))
    else:
        terminal.rows(["", "what", "found"], [(f.state, f.what, f.found) for f in findings])
    return 1 if any(finding.state == "broken" for finding in findings) else 0


def new(folder: Path) -> None:
    from installation.scaffold import scaffold

    for path in scaffold(folder):
        terminal.plain(f"  {path}")
    terminal.plain(f"next: cd {folder} && installation run my_show")
