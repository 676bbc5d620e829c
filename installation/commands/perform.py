"""The commands that perform a show: run, record, replay, benchmark."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation import app, terminal
from installation.clock import DisplayClock, OfflineClock, SteadyClock, TimerClock
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
    if not asked.headless and not screen:
        lines.append("a film instead of a window (no screen)" if asked.stand_in else "no window (no screen)")
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
    terminal.plain(f"perform it again: installation replay {asked.show} {to}")


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
