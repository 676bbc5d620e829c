"""A low frequency oscillator: a number that moves by itself, and an event at the beginning of each cycle.

    position = rate * t + phase          cycles; the fraction is where in the cycle, the whole is which cycle
    value    = low + (high - low) * wave(position)

``noise`` goes smoothly from one random level to the next, one a cycle: value noise with a quintic fade
(Perlin 2002, "Improving Noise"), so speed and acceleration are continuous.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from typing import Any

from installation.library import Library
from installation.params import Param
from installation.sources.base import Batch, Place, SteppedSource
from installation.types import Channel


def sine(position: float) -> float:
    return 0.5 - 0.5 * math.cos(2 * math.pi * position)  # like the others it begins at its low end


def triangle(position: float) -> float:
    return 1 - abs(2 * (position % 1) - 1)


def saw(position: float) -> float:
    return position % 1


def square(position: float) -> float:
    return 1.0 if position % 1 >= 0.5 else 0.0


def noise(position: float, seed: int) -> float:
    cycle = math.floor(position)
    x = position - cycle
    fade = x * x * x * (x * (6 * x - 15) + 10)
    return _level(cycle, seed) * (1 - fade) + _level(cycle + 1, seed) * fade


def _level(cycle: int, seed: int) -> float:
    """A random number in 0..1 that depends on nothing but its place: the same on every machine and every run."""
    digest = hashlib.blake2b(f"{seed}:{cycle}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 0xFFFFFFFF


WAVES: dict[str, Callable[[float], float]] = {"sine": sine, "triangle": triangle, "saw": saw, "square": square}


class Lfo(SteppedSource):
    """A wave of its own: sine, triangle, saw, square or smooth noise."""

    params = (
        Param("wave", "choice", "sine", choices=(*WAVES, "noise"), help="its shape"),
        Param("rate", "float", 0.1, 0.0, 100.0, unit="Hz", help="cycles a second"),
        Param("phase", "float", 0.0, 0.0, 1.0, unit="cycles", help="where in the cycle it begins"),
        Param("low", "float", 0.0, help="its lowest value"),
        Param("high", "float", 1.0, help="its highest value"),
        Param("seed", "int", 1, 0, 2**31 - 1, help="which noise"),
    )

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        super().__init__(options, place)
        self._cycle: int | None = None

    @classmethod
    def channels(cls, options: Mapping[str, Any], library: Library) -> tuple[Channel, ...]:
        low, high = sorted((options["low"], options["high"]))
        return (
            Channel("value", low=low, high=high, help=f"a {options['wave']} of {options['rate']:g} Hz"),
            Channel("beat", "event", help="a cycle begins"),
        )

    def open(self) -> None:
        self._cycle = None

    def poll(self) -> Batch:
        now = self.place.now()
        wave, low, high = self.options["wave"], self.options["low"], self.options["high"]
        position = self.options["rate"] * now + self.options["phase"]
        level = noise(position, self.options["seed"]) if wave == "noise" else WAVES[wave](position)
        values = {"value": low + (high - low) * level}
        cycle = math.floor(position)
        # The very first poll is a beat only if a cycle really begins there.
        if cycle != self._cycle and (self._cycle is not None or position == cycle):
            values["beat"] = 1.0
        self._cycle = cycle
        return Batch(values, now)
