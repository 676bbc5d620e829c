"""A live line of ops: one signal in, one value out, once a frame.

Values are floats, or float64 vectors (n,). None is 'nothing to say': a signal that is stale, was never seen or is not
finite. Nothing that is not a finite number ever comes out, whatever a source or a foreign op does.

Ops are written for numbers. A vector goes through one instance of the op for each component (0.3 microseconds each);
an op that takes vectors whole says so by having ``shape(size) -> size``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from installation.mapping.arguments import Heard
from installation.types import Channel, Op, Signals

Value = float | NDArray[np.float64] | None

NUMERIC = (float, int, np.floating, np.integer)
MOST = 1e30  # a number past this is broken; below it no op overflows
UNHEARD = Channel("")  # what an address that no source declares counts as


@dataclass(frozen=True, slots=True)
class Read:
    """A signal, one component of a vector signal, or (no address) a constant."""

    address: str = ""
    component: int | None = None
    constant: float = 0.0
    column: int = field(default=0, compare=False)

    def __str__(self) -> str:
        part = "" if self.component is None else f"[{self.component}]"
        return f"{self.address}{part}" if self.address else f"{self.constant:g}"


def channel_of(address: str, channels: Mapping[str, Channel]) -> Channel:
    """The channel of an address; an open one (``osc.*``) stands for every address with its prefix."""
    if channel := channels.get(address):
        return channel
    fitting = (c for name, c in channels.items() if name.endswith("*") and address.startswith(name[:-1]))
    return next(fitting, UNHEARD)


def shape_of(read: Read, channels: Mapping[str, Channel]) -> int:
    """Components of what is read, 0 for a number. Raises ValueError for a picture or a component that is not there."""
    channel = channel_of(read.address, channels) if read.address else UNHEARD
    if channel.kind == "image":
        raise ValueError(f"{read.address} is a picture, and a mapping wants a number or a vector")
    size = channel.size if channel.kind == "vector" else 0
    if read.component is None:
        return size
    if not size:
        raise ValueError(f"{read.address} is a number and has no components")
    if read.component >= size:
        raise ValueError(f"{read.address} has {size} components, [0] to [{size - 1}]")
    return 0


class Ear:
    """This frame's signals, for everything in one pipeline that reads them."""

    __slots__ = ("channels", "signals")

    signals: Signals

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self.channels = channels

    def hear(self, read: Read) -> Heard:
        """A function of no arguments that gives the value read in the frame under way."""
        if not read.address:
            return lambda: read.constant
        channel = channel_of(read.address, self.channels)
        if channel.kind == "event":
            # A trigger is a moment: 1 on the frame it came, else 0. Silence is its normal state, not staleness.
            return lambda: 1.0 if self.signals.fired(read.address) else 0.0
        if channel.kind != "vector":
            return self._number(read.address)
        whole = self._vector(read.address, channel.size)
        if (component := read.component) is None:
            return whole

        def part() -> float | None:
            vector = whole()
            return None if vector is None else float(vector[component])

        return part

    def _number(self, address: str) -> Callable[[], float | None]:
        def number() -> float | None:
            sample = self.signals[address]
            value = sample.value
            # The comparison is false for NaN, and tells a huge int before float() would raise on it.
            if sample.stale or not isinstance(value, NUMERIC) or not -MOST < value < MOST:
                return None
            return float(value)

        return number

    def _vector(self, address: str, size: int) -> Callable[[], NDArray[np.float64] | None]:
        def vector() -> NDArray[np.float64] | None:
            sample = self.signals[address]
            if sample.stale:
                return None
            try:
                value = np.asarray(sample.value, np.float64)
            except (TypeError, ValueError):  # not numbers at all
                return None
            return value if value.shape == (size,) and _finite(value) else None

        return vector


class EachComponent:
    """One op for each component of a vector. Fulfils ``types.Op``."""

    def __init__(self, ops: Sequence[Op]) -> None:
        self._ops = ops

    def __call__(self, value: Value, dt: float) -> Value:
        parts = [None] * len(self._ops) if value is None else value.tolist()  # type: ignore[union-attr]
        out = [op(part, dt) for op, part in zip(self._ops, parts, strict=True)]
        return None if None in out else np.array(out)

    def reset(self) -> None:
        for op in self._ops:
            op.reset()


class Pipeline:
    """``pipeline(signals, dt)`` once a frame; ``dt`` seconds since the last one, 0 at the first."""

    def __init__(self, ear: Ear, heard: Heard, ops: Sequence[Op]) -> None:
        self._ear = ear
        self._heard = heard
        self._ops = ops

    def __call__(self, signals: Signals, dt: float) -> Value:
        self._ear.signals = signals
        value = self._heard()
        for op in self._ops:
            value = op(value, dt)
            if value is not None and not _finite(value):
                value = None
        checked: Value = value
        return checked


def _finite(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return bool(np.all(np.abs(value) < MOST))
    return bool(-MOST < value < MOST)  # False for NaN
