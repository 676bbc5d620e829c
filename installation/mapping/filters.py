"""Ops with a memory of the signal's past: smooth, one_euro, delta, predict, envelope.

All count in seconds, not frames: the same movement gives the same result at 30 and at 240 frames a second. None makes
them forget, so that a hand that comes back starts where it is and not where it left.
"""

from __future__ import annotations

import math
from typing import ClassVar

from installation.mapping.arguments import Argument
from installation.params import REQUIRED, Param


class LowPass:
    """A first-order low-pass, exact for an input that moves in straight lines from frame to frame.

    The common ``y += k * (x - y)`` takes the newest value for the whole frame's, which leads by half a frame: at 30 fps
    that is more than many time constants here. The result is a mean of the last output and the last two inputs, all
    weights positive: it cannot overshoot, whatever dt.
    """

    __slots__ = ("_input", "_output")

    def __init__(self) -> None:
        self._input: float | None = None
        self._output = 0.0

    def __call__(self, x: float, dt: float, tau: float) -> float:
        before, self._input = self._input, x
        if before is None or tau <= 0:
            self._output = x
        elif dt > 0:
            steps = dt / tau
            keep = math.exp(-steps)
            mean = -math.expm1(-steps) / steps
            self._output = keep * self._output + (mean - keep) * before + (1 - mean) * x
        return self._output

    def reset(self) -> None:
        self._input = None


class Smooth:
    """``smooth 0.4s``: follows with a lag; after the time it has gone 63 % of the way to where the signal is."""

    params: ClassVar[tuple[Argument, ...]] = (
        Param("time", "seconds", REQUIRED, 0.0, 600.0, unit="s", help="the time constant"),
    )

    def __init__(self, time: float) -> None:
        self._time = time
        self._low_pass = LowPass()

    def __call__(self, value: float | None, dt: float) -> float | None:
        if value is None:
            self.reset()
            return None
        return self._low_pass(value, dt, self._time)

    def reset(self) -> None:
        self._low_pass.reset()


class OneEuro:
    """``one_euro`` or ``one_euro 1 3``: still when the signal is still, quick when it is quick.

    A low-pass whose cut-off rises with speed. G. Casiez, N. Roussel and D. Vogel, 1 Euro Filter, CHI 2012. Their
    beta of 0 is a plain low-pass; 3 suits signals of about 0..1 moved by a hand.
    """

    params: ClassVar[tuple[Argument, ...]] = (
        Param("min_cutoff", "float", 1.0, 0.001, 100.0, unit="Hz", help="lower is stiller"),
        Param("beta", "float", 3.0, 0.0, 1000.0, help="higher lags less in quick movements"),
    )
    SPEED_TAU = 1 / (2 * math.pi * 1.0)  # the paper's cut-off of 1 Hz for the speed

    def __init__(self, min_cutoff: float, beta: float) -> None:
        self._min_cutoff = min_cutoff
        self._beta = beta
        self._lag = LowPass()
        self._value = LowPass()

    def __call__(self, value: float | None, dt: float) -> float | None:
        if value is None:
            self.reset()
            return None
        # What a low-pass lags behind, over its time constant, is the low-passed derivative: no division by dt.
        speed = (value - self._lag(value, dt, self.SPEED_TAU)) / self.SPEED_TAU
        cutoff = self._min_cutoff + self._beta * abs(speed)
        return self._value(value, dt, 1 / (2 * math.pi * cutoff))

    def reset(self) -> None:
        self._lag.reset()
        self._value.reset()


class Delta:
    """``delta`` or ``delta 0.2s``: how fast it changes, a second; evened out over a time."""

    params: ClassVar[tuple[Argument, ...]] = (
        Param("over", "seconds", 0.05, 0.001, 60.0, unit="s", help="the time constant it is evened out over"),
    )

    def __init__(self, over: float) -> None:
        self._over = over
        self._lag = LowPass()

    def __call__(self, value: float | None, dt: float) -> float | None:
        if value is None:
            self.reset()
            return None
        return (value - self._lag(value, dt, self._over)) / self._over

    def reset(self) -> None:
        self._lag.reset()


class Predict:
    """``predict 80ms``: looks ahead along the present velocity, to make up for what tracking and rendering take.

    The velocity is evened out over the same time as is looked ahead, so the step ahead is just what a low-pass lags
    behind: never more than the signal itself has moved, and noise grows twofold at worst. Smooth before, not after. Of
    an 80 ms delay's error it takes two thirds at 0.5 Hz, one third at 1 Hz, nothing at 2 Hz.
    """

    params: ClassVar[tuple[Argument, ...]] = (
        Param("ahead", "seconds", REQUIRED, 0.0, 1.0, unit="s", help="how far to look ahead"),
    )

    def __init__(self, ahead: float) -> None:
        self._ahead = ahead
        self._lag = LowPass()

    def __call__(self, value: float | None, dt: float) -> float | None:
        if value is None:
            self.reset()
            return None
        return value + (value - self._lag(value, dt, self._ahead))

    def reset(self) -> None:
        self._lag.reset()


class Envelope:
    """``envelope 5ms 250ms``: leaps up to a peak, sinks back slowly. For levels and for triggers alike.

    A rise, once begun, is finished even if the signal has fallen meanwhile: a trigger is up for one frame, and how
    long a frame is must not decide how high it lifts the light.
    """

    params: ClassVar[tuple[Argument, ...]] = (
        Param("attack", "seconds", REQUIRED, 0.0, 60.0, unit="s", help="time constant of the rise"),
        Param("release", "seconds", REQUIRED, 0.0, 600.0, unit="s", help="time constant of the fall"),
    )
    ARRIVED = 0.05  # share of a rise still missing when it counts as finished: three time constants

    def __init__(self, attack: float, release: float) -> None:
        self._attack = attack
        self._release = release
        self._level: float | None = None
        self._bottom = self._peak = 0.0
        self._rising = False

    def __call__(self, value: float | None, dt: float) -> float | None:
        if value is None:
            self.reset()
            return None
        if self._level is None:
            self._level = value
        if value > self._level and not self._rising:
            self._rising, self._bottom, self._peak = True, self._level, value
        if self._rising:
            self._peak = max(self._peak, value)
            self._level = _towards(self._level, self._peak, dt, self._attack)
            self._rising = self._peak - self._level > self.ARRIVED * (self._peak - self._bottom)
        elif value < self._level:
            self._level = _towards(self._level, value, dt, self._release)
        return self._level

    def reset(self) -> None:
        self._level = None
        self._rising = False


def _towards(level: float, goal: float, dt: float, tau: float) -> float:
    return goal if tau <= 0 else goal + (level - goal) * math.exp(-dt / tau)
