"""The only composer: a checked show becomes objects, the objects perform, and a report is left.

    show file -> Show -> sensing, mapping, runner, stage, outputs -> perform() -> report

What is opened is closed in the opposite order, whatever happens in between: outputs first, so that a film is finished
while everything it was made from still stands.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from installation import __version__, takes
from installation.checkpoints.catalogue import get_model
from installation.engine import Clock, Performance, healths, perform
from installation.generators import GENERATORS
from installation.generators.base import Place as GeneratorPlace
from installation.generators.runner import InlineRunner, ThreadedRunner
from installation.latent import STEPS
from installation.library import Library
from installation.mapping import OPS
from installation.mapping.mapping import Mapping as SignalMapping
from installation.outputs import OUTPUTS
from installation.outputs.base import Output
from installation.outputs.base import Place as OutputPlace
from installation.show import rehearsal
from installation.show.cues import Controls
from installation.show.show import Show
from installation.sources import SOURCES
from installation.sources.sensing import Sensing
from installation.stage import isf
from installation.timings import Timings
from installation.types import Stage, Tick, Unit

log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Venue:
    """Where and how a show is performed.

    ``window``: on a screen, else headless. ``outputs``: units besides those the show itself lists.
    """

    window: bool
    outputs: Sequence[Unit] = ()
    observers: Sequence[Callable[[Tick], None]] = field(default_factory=tuple)


def fetch_models(show: Show, library: Library, progress: Progress | None = None) -> None:
    """Bring every third-party model the show needs into the cache; nothing is downloaded twice."""
    sources = (SOURCES.load(unit.kind).needs(unit.options) for unit in show.sources.values())
    generator = GENERATORS.load(show.generator.kind).needs(show.generator.options)
    for name in dict.fromkeys([*(name for names in sources for name in names), *generator]):
        get_model(name, library, progress)


@contextmanager
def assembled(show: Show, library: Library, clock: Clock, venue: Venue) -> Iterator[Performance]:
    """The show as objects, ready to perform: models loaded, sources started, generator warm, stage open."""
    with ExitStack() as stack:
        mapping = SignalMapping(show.mapping, show.params, show.channels)

        sensing = Sensing(show.sources, library, clock.now)
        stack.callback(sensing.stop)
        sensing.start()  # first: a camera and a tracker take seconds, which loading the network may share

        place = GeneratorPlace(library, (*mapping.inputs, *step_inputs(show)))
        generator = GENERATORS.load(show.generator.kind)(show.generator.options, show.steps, place)
        generator.prepare()
        stack.callback(generator.close)

        # Live, the picture may come at its own rate; offline every frame gets its own, however long it takes.
        runner = ThreadedRunner(generator, clock.now) if clock.live else InlineRunner(generator)
        stack.callback(runner.close)

        # After the network: torch's CUDA builds bring an LLVM that must be loaded before Mesa's (tests/conftest.py).
        stage = open_stage(show, library, venue.window, clock.timings)
        stack.callback(stage.close)

        at = OutputPlace(stage.size, clock.fps, clock.live, show.channels, show.title)
        outputs: dict[str, Output] = {}
        for unit in (*show.outputs, *venue.outputs):
            outputs[unit.name] = OUTPUTS.load(unit.kind)(unit.options, at)
            stack.callback(outputs[unit.name].close)

        yield Performance(sensing, Controls.of(show), mapping, runner, stage, outputs)


def open_stage(show: Show, library: Library, window: bool, timings: Timings) -> Stage:
    """The stage on a window, or on a headless GL context of the same size."""
    from installation.stage.stage import Stage as GlStage  # here: GL is loaded only when something is drawn

    if window:
        from installation.stage.window import Window

        surface: Any = Window(show.stage["size"], show.title, show.stage)
    else:
        from installation.stage.headless import Headless

        surface = Headless(show.stage["size"])
    return GlStage(surface, show.stage["size"], show.passes, library, fit=show.stage["fit"], timings=timings)


def step_inputs(show: Show) -> list[str]:
    """Signals that the generator's own steps read (``project: {vector: hands.both}``)."""
    table = GENERATORS.load(show.generator.kind).steps
    units = [(table[key].load(unit.kind), unit.options) for key, units in show.steps.items() for unit in units]
    return [options[param.name] for kind, options in units for param in kind.params if param.type == "signal"]


def run(show: Show, library: Library, clock: Clock, venue: Venue) -> dict[str, Any]:
    """Perform until the clock ends, the window closes, or SIGINT/SIGTERM asks; then say how it went."""
    with assembled(show, library, clock, venue) as performance:
        with stopped_by_signals(clock):
            perform(performance, clock, venue.observers)
        states = healths(performance)
    # After closing: a recorder only knows what it wrote once it has finished.
    figures = {name: dict(output.summary()) for name, output in performance.outputs.items()}
    return {**report(show, clock, venue, states), "outputs": figures}


def report(show: Show, clock: Clock, venue: Venue, states: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data for ``--report`` and the table: what ran, where, how fast, how well."""
    return {
        "schema": 1,
        "version": __version__,
        "show": {"title": show.title, "file": str(show.path)},
        "workload": {"size": list(show.stage["size"]), "fps": clock.fps, "mode": "paced" if clock.live else "offline"},
        "stage": "window" if venue.window else "headless",
        **clock.timings.report(),
        "health": {name: {"state": health.state, "detail": health.detail} for name, health in states.items()},
    }


@contextmanager
def stopped_by_signals(clock: Clock) -> Iterator[None]:
    """The first Ctrl-C ends the show after the frame that is being made; a second one ends the process."""

    def stop(number: int, frame: FrameType | None) -> None:
        clock.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def load_show(name: str, library: Library) -> Show:
    from installation.show.load import load

    return load(library.show(name), library)


def from_take(show: Show, take: str, library: Library, loop: bool = False) -> tuple[Show, float]:
    """The show performed from a take (its folder, or a name in takes/), and how many seconds it lasts."""
    recorded = takes.read(library.take(take))
    return rehearsal.from_take(show, recorded, loop), recorded.seconds


def output(kind: str, **options: Any) -> Unit:
    """An output that no show asked for (``--record``), with the defaults of what is not given."""
    defaults = {param.name: param.default for param in OUTPUTS.load(kind).params}
    return Unit(kind, kind, {**defaults, **options})


def all_shows(library: Library) -> list[Path]:
    return [library.show(name) for name in library.shows()]


def all_kinds(library: Library) -> dict[str, dict[str, str]]:
    """Every kind that a show can name, by table, with the first line of what it says about itself."""
    tables = [SOURCES, GENERATORS, STEPS, OPS, OUTPUTS]
    kinds = {f"{t.noun}s": {kind: _first_line(t.load(kind).__doc__) for kind in t.kinds()} for t in tables}
    return {**kinds, "passes": {name: isf.read(library.shader(name)).description for name in library.shaders()}}


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


def write_report(path: Path, data: Mapping[str, Any]) -> None:
    import json

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
