"""What a run's time went on: sections, intervals, slots, latency. Bounded memory, microseconds a frame.

Milliseconds throughout. The newest 65,536 values a series are kept: an hour at 18 fps, enough for any percentile
that is reported, and nothing grows over a season.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

KEPT = 65_536


class Series:
    """A ring of the newest values; ``count`` and ``total`` are of all of them."""

    def __init__(self) -> None:
        self._ring = array("d")
        self.count = 0
        self.total = 0.0

    def add(self, value: float) -> None:
        if len(self._ring) < KEPT:
            self._ring.append(value)
        else:
            self._ring[self.count % KEPT] = value
        self.count += 1
        self.total += value

    def summary(self) -> dict[str, float] | None:
        """Mean over all, percentiles (nearest rank) over the kept; None when nothing was measured."""
        if not self.count:
            return None
        ranked = sorted(self._ring)
        last = len(ranked) - 1
        spread = {f"p{p}": ranked[round(last * p / 100)] for p in (50, 95, 99)}
        return {"mean": self.total / self.count, **spread, "max": ranked[-1]}


class Timings:
    """``section`` names a part of the frame, ``frame_done`` closes one, ``report`` tells it all."""

    def __init__(self) -> None:
        self.sections: dict[str, Series] = {}
        self.intervals = Series()
        self.latency = Series()  # input arrival to picture shown
        self.late = 0  # frames that took longer than their slot
        self.dropped = 0  # slots no frame was made for
        self._began = self._last = 0.0

    def begin(self) -> None:
        self._began = self._last = time.perf_counter()

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, 1000 * (time.perf_counter() - start))

    def add(self, name: str, milliseconds: float) -> None:
        """A part measured elsewhere, by its own timer (an upload inside present, a GPU query)."""
        if (series := self.sections.get(name)) is None:
            series = self.sections[name] = Series()
        series.add(milliseconds)

    def frame_done(self) -> None:
        now = time.perf_counter()
        self.intervals.add(1000 * (now - self._last))
        self._last = now

    def leave_out(self, seconds: float) -> None:
        """Time just spent on something that is no part of the run (the benchmark's other side)."""
        self._began += seconds
        self._last += seconds

    def report(self) -> dict[str, Any]:
        """Plain data for ``--report`` and the table; None is 'not measured', never 0."""
        seconds = self._last - self._began
        return {
            "frames": self.intervals.count,
            "seconds": seconds,
            "fps": self.intervals.count / seconds if seconds > 0 else None,
            "frame_time_ms": self.intervals.summary(),
            "stages_ms": {name: series.summary() for name, series in self.sections.items()},
            "slots": {"late": self.late, "dropped": self.dropped},
            "input_to_frame_ms": self.latency.summary(),
        }
