"""Ops that decide: gate, hold, else."""

from __future__ import annotations

from collections import deque
from typing import Any, ClassVar

from installation.mapping.arguments import Argument, Heard, Operand
from installation.params import REQUIRED, Param


class Gate:
    """``gate 0.3`` or ``gate 0.3 0.2``: 1 from the first threshold up, 0 below the second, between them as it was."""

    params: ClassVar[tuple[Argument, ...]] = (
        Param("on", "float", REQUIRED, help="opens here"),
        Param("off", "float", None, help="closes below; without it, below on"),
    )

    def __init__(self, on: float, off: float | None) -> None:
        if off is not None and off > on:
            raise ValueError(f"it would close at {off:g}, above where it opens, {on:g}")
        self._on = on
        self._off = on if off is None else off
        self._open = False

    def __call__(self, value: float | None, dt: float) -> float | None:
        if value is None:
            self.reset()
            return None
        self._open = value >= (self._off if self._open else self._on)
        return 1.0 if self._open else 0.0

    def reset(self) -> None:
        self._open = False


class Hold:
    """``hold 0.5s``: the highest value of the last half second; a peak, or a trigger, stays that long."""

    params: ClassVar[tuple[Argument, ...]] = (
        Param("time", "seconds", REQUIRED, 0.0, 60.0, unit="s", help="how long a peak is kept"),
    )
    EDGE = 1e-6  # frames that add up to the time must count as having reached it, whatever the rounding

    def __init__(self, time: float) -> None:
        self._time = time
        self._now = 0.0
        self._peaks: deque[tuple[float, float]] = deque()  # (value, when), each lower and later than the one before

    def __call__(self, value: float | None, dt: float) -> float | None:
        if value is None:
            self.reset()
            return None
        self._now += dt
        while self._peaks and self._peaks[-1][0] <= value:
            self._peaks.pop()  # never the highest again: lower, and sooner over
        self._peaks.append((value, self._now))
        while len(self._peaks) > 1 and self._now - self._peaks[0][1] >= self._time - self.EDGE:
            self._peaks.popleft()
        return self._peaks[0][0]

    def reset(self) -> None:
        self._peaks.clear()


class Else:
    """``else 0.7``: what counts while the signal has nothing to say; a number or another signal."""

    params: ClassVar[tuple[Argument, ...]] = (Operand("value", help="stands in for a signal that is not there"),)

    def __init__(self, value: Heard) -> None:
        self._value = value

    def __call__(self, value: float | None, dt: float) -> Any:
        return self._value() if value is None else value

    def reset(self) -> None:
        """Nothing is kept."""
