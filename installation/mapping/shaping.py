"""Ops that bend a number and remember nothing: scale, clamp, invert, curve."""

from __future__ import annotations

import math
from typing import ClassVar

from installation.mapping.arguments import Argument, Span, number
from installation.params import REQUIRED, Param, ParamError

Range = tuple[float, float]


class Stateless:
    def reset(self) -> None:
        """Nothing is kept."""


class Scale(Stateless):
    """``scale 0..1 -> 0.4..1``: one range onto another. What comes out never leaves the second, whatever comes in."""

    params: ClassVar[tuple[Argument, ...]] = (
        Span("from", help="the signal's range"),
        Span("to", help="the range it becomes"),
    )

    def __init__(self, source: Range, target: Range) -> None:
        self._low, self._high = target
        self._slope = (target[1] - target[0]) / (source[1] - source[0])
        self._start = source[0]

    def __call__(self, value: float | None, dt: float) -> float | None:
        if value is None:
            return None
        return min(max(self._low + (value - self._start) * self._slope, self._low), self._high)


class Clamp(Stateless):
    """``clamp 0..1``: held within a range."""

    params: ClassVar[tuple[Argument, ...]] = (Span("limits", (0.0, 1.0), help="the range it is held in"),)

    def __init__(self, limits: Range) -> None:
        self._low, self._high = limits

    def __call__(self, value: float | None, dt: float) -> float | None:
        return None if value is None else min(max(value, self._low), self._high)


class Invert(Stateless):
    """``invert`` or ``invert -1..1``: turned over within a range: low becomes high."""

    params: ClassVar[tuple[Argument, ...]] = (Span("limits", (0.0, 1.0), help="the range it is turned over in"),)

    def __init__(self, limits: Range) -> None:
        self._sum = limits[0] + limits[1]

    def __call__(self, value: float | None, dt: float) -> float | None:
        return None if value is None else self._sum - value


class Curve(Stateless):
    """``curve 2`` is a power that keeps the sign (2 late, 0.5 early); ``curve smooth`` eases both ends of 0..1."""

    params: ClassVar[tuple[Argument, ...]] = (
        Param("shape", "text", REQUIRED, help="a power from 0.1 to 8, or smooth"),
    )

    def __init__(self, shape: str) -> None:
        self._power = number(shape)
        if self._power is None and shape != "smooth":
            raise ParamError(f"shape cannot be '{shape}'", "write a power such as curve 2, or curve smooth")
        if self._power is not None and not 0.1 <= self._power <= 8:
            raise ParamError(f"the power is {self._power:g}, outside its range 0.1..8")

    def __call__(self, value: float | None, dt: float) -> float | None:
        if value is None:
            return None
        if self._power is None:
            t = min(max(value, 0.0), 1.0)
            return t * t * (3 - 2 * t)
        return math.copysign(abs(value) ** self._power, value)
