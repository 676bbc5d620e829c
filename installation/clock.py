"""The clocks: one Tick a frame, absolute deadlines, skip never catch up. And what the time went on.

    TimerClock    sleeps to the next slot of an even grid; a slot that has gone by is dropped, not made up for
    DisplayClock  the swap of a window paces it; it only sleeps where a driver does not wait for the screen
    OfflineClock  show time: frame / fps, never sleeping; for films and the unpaced benchmark
    SteadyClock   show time at a watchable pace: a replay in a window, every frame shown, none skipped

``Tick.now`` is the slot's own time, not the moment the thread woke: motion computed from it is even although the
wake-up is not. A slot grid needs no catching up, so after a hang of a second the show goes on where it would have been.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from installation.timings import Timings
from installation.types import Tick


class _Clock:
    """What all clocks are: a rate, a way to stop, and where the time went."""

    def __init__(self, fps: float) -> None:
        self.fps = fps
        self.timings = Timings()
        self.stopped = False

    def stop(self) -> None:
        """End after the frame that is being made; safe from a signal handler or another thread."""
        self.stopped = True

    def section(self, name: str) -> AbstractContextManager[None]:
        return self.timings.section(name)


class OfflineClock(_Clock):
    """Show time from 0 in steps of 1/fps; ends after ``seconds`` (None: until stopped)."""

    live = False

    def __init__(self, fps: float, seconds: float | None = None) -> None:
        super().__init__(fps)
        self.total = None if seconds is None else max(1, round(seconds * fps))  # frames
        self._now = 0.0

    def now(self) -> float:
        return self._now

    def __iter__(self) -> Iterator[Tick]:
        frame = 0
        self.timings.begin()
        while (self.total is None or frame < self.total) and not self.stopped:
            self._now = frame / self.fps
            yield Tick(frame, self._now, 1 / self.fps if frame else 0.0)
            frame += 1
            self.timings.frame_done()


class SteadyClock(OfflineClock):
    """The exact ticks of an OfflineClock, no faster than real time. A slow machine plays slower; it skips nothing."""

    def __init__(
        self,
        fps: float,
        seconds: float | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(fps, seconds)
        self._monotonic = monotonic
        self._sleep = sleep

    def __iter__(self) -> Iterator[Tick]:
        due = self._monotonic()
        for tick in super().__iter__():
            yield tick
            due += 1 / self.fps
            now = self._monotonic()
            if now < due:
                self._sleep(due - now)
            else:
                self.timings.late += 1
                due = now  # a slow frame is not made up for by hurried ones


class TimerClock(_Clock):
    """Real time from 0, on a grid of 1/fps. ``monotonic`` and ``sleep`` are parameters so that tests own time."""

    live = True

    def __init__(
        self,
        fps: float,
        seconds: float | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(fps)
        self._monotonic = monotonic
        self._zero = monotonic()
        self._sleep = sleep
        self._seconds = math.inf if seconds is None else seconds

    def now(self) -> float:
        return self._monotonic() - self._zero

    def __iter__(self) -> Iterator[Tick]:
        period = 1 / self.fps
        start = self.now()
        slot, frame, before = 0, 0, start
        self.timings.begin()
        while not self.stopped and slot * period < self._seconds:
            at = start + slot * period
            yield Tick(frame, at, at - before if frame else 0.0)
            before, frame = at, frame + 1
            slot = self._next_slot(start, slot, period)
            self.timings.frame_done()

    def _next_slot(self, start: float, slot: int, period: float) -> int:
        """Wait for the next slot; when it has gone by, drop what was missed and begin the one under way at once."""
        due = start + (slot + 1) * period
        early = due - self.now()
        if early > 0:
            self._sleep(early)
            return slot + 1
        # The small term keeps a frame that ends exactly on a slot's edge from being counted into the slot before it.
        current = math.floor((self.now() - start) / period + 1e-9)
        self.timings.late += 1
        self.timings.dropped += max(0, current - (slot + 1))
        return max(current, slot + 1)


class DisplayClock(TimerClock):
    """Paced by the window's swap, which has waited for the screen by the time the next tick is asked for.

    The screen's rate is its own (59.94, 75 or 100 where 60 was asked for). It is learnt as the mean of ``LEARN`` frames
    at a time, and a frame counts as a whole number of screens: the jitter of the wake-up must not reach the motion.
    Where the swap comes back too soon to have waited, the clock does.
    """

    LEARN = 32

    def __iter__(self) -> Iterator[Tick]:
        period = pace = 1 / self.fps
        start = at = self.now()
        frame, dt = 0, 0.0
        single: list[float] = []
        self.timings.begin()
        while not self.stopped and at - start < self._seconds:
            yield Tick(frame, at, dt)
            frame += 1
            took = self.now() - at
            if took < period / 2:
                self._sleep(period - took)
                took = self.now() - at
            screens = max(1, round(took / pace))
            if screens > 1:
                self.timings.late += 1
                self.timings.dropped += screens - 1
            else:
                single.append(took)
            if len(single) == self.LEARN:
                pace = sum(single) / self.LEARN
                single.clear()
            dt = screens * pace
            at += took
            self.timings.frame_done()
