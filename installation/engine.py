"""The loop. A frame flows one way, in named sections, and nothing here knows what kind of anything it moves.

    sense      feeds step, the bus is sampled         signals: newest value a channel, its age, what fired
    map        controls (base values, fades), mapping params: complete, in range, every frame
    generate   the runner is asked, its newest taken  image: never None after warm-up
    present    upload, passes, swap                   the stage always has a picture
    output     recorder, sheet, ...                   each bounded, none may hold the frame

Garbage collection is quiet while frames are made: a full collection over torch's objects costs tens of milliseconds,
and comes when it likes. What is alive at the start is frozen; the little that gathers since is collected once a minute
(about a millisecond), so that a season leaks nothing.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from installation.timings import Timings
from installation.types import Health, Output, Params, Runner, Signals, Stage, Tick

log = logging.getLogger(__name__)


class Clock(Protocol):
    """What the loop asks of a clock (clock.py has four)."""

    live: bool
    fps: float
    timings: Timings

    def now(self) -> float: ...

    def stop(self) -> None: ...

    def section(self, name: str) -> AbstractContextManager[None]: ...

    def __iter__(self) -> Iterator[Tick]: ...


class Sense(Protocol):
    """Everything that is heard and seen, one snapshot a tick."""

    def __call__(self, tick: Tick) -> Signals: ...

    def health(self) -> Mapping[str, Health]: ...


class Controls(Protocol):
    """The base values, as the show, a cue or a hand on a fader last set them."""

    @property
    def base(self) -> Params: ...

    def step(self, tick: Tick, signals: Signals) -> None: ...


Map = Callable[[Signals, Params, Tick], dict[str, Any]]


@dataclass(slots=True)
class Performance:
    """A show made ready: objects only, each fulfilling its contract."""

    sense: Sense
    controls: Controls
    mapping: Map
    runner: Runner
    stage: Stage
    outputs: Mapping[str, Output]


def perform(show: Performance, clock: Clock, observers: Sequence[Callable[[Tick], None]] = ()) -> None:
    """Run until the clock ends, is stopped, or the stage is closed. ``observers`` are called after every frame."""
    watch = Watch(show)
    timings = clock.timings
    with quiet_collector() as tidy:
        for tick in clock:
            with clock.section("sense"):
                signals = show.sense(tick)
            with clock.section("map"):
                show.controls.step(tick, signals)
                params = show.mapping(signals, show.controls.base, tick)
            with clock.section("generate"):
                show.runner.ask(params, signals)
                image = show.runner.newest()
            with clock.section("present"):
                show.stage.present(image, params, signals, tick)
            if clock.live:
                timings.latency.add(1000 * (clock.now() - image.captured_at))
            with clock.section("output"):
                for output in show.outputs.values():
                    output.see(tick, signals, params, show.stage)
            watch(tick)
            tidy(tick)
            for observe in observers:
                observe(tick)
            if show.stage.closing():
                clock.stop()


class Watch:
    """Looks at every part's health once a second and writes one line for each change of state."""

    EVERY = 1.0

    def __init__(self, show: Performance) -> None:
        self._show = show
        self._next = 0.0
        self._states: dict[str, str] = {}

    def __call__(self, tick: Tick) -> None:
        if tick.now < self._next:
            return
        self._next = tick.now + self.EVERY
        for name, health in healths(self._show).items():
            if health.state != self._states.get(name, "ok"):
                log.warning("%s: %s%s", name, health.state, f" ({health.detail})" if health.detail else "")
            self._states[name] = health.state


def healths(show: Performance) -> dict[str, Health]:
    """The health of every source, the generator and every output, by name."""
    return {
        **show.sense.health(),
        "generator": show.runner.health,
        **{name: output.health for name, output in show.outputs.items()},
    }


@contextmanager
def quiet_collector(every: float = 60.0) -> Iterator[Callable[[Tick], None]]:
    """Collects only when the function it gives is called ``every`` seconds of show time after the last time."""
    due = every

    def tidy(tick: Tick) -> None:
        nonlocal due
        if tick.now >= due:
            due = tick.now + every
            gc.collect()

    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield tidy
    finally:
        gc.enable()
        gc.unfreeze()
