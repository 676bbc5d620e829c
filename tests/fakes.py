"""Fakes, only for time and for hardware that cannot be in a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from installation.types import Health, Image, Params, Sample, Signals, Stage, Tick


class FakeTime:
    """A clock that only moves when somebody sleeps or says so."""

    def __init__(self) -> None:
        self.t = 1000.0  # not 0: nothing may depend on where the system's clock begins
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.t

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.t += seconds

    def spend(self, seconds: float) -> None:
        self.t += seconds


class FakeSignals:
    """A snapshot made by hand."""

    def __init__(self, now: float = 0.0, **values: Any) -> None:
        self.now = now
        self._samples = {name.replace("__", "."): Sample(value, now, 1) for name, value in values.items()}

    def __getitem__(self, address: str) -> Sample:
        return self._samples.get(address, Sample(None, float("-inf"), 0, stale=True))

    def __iter__(self) -> Iterator[str]:
        return iter(self._samples)

    def fired(self, address: str) -> bool:
        return address in self._samples


class FakeSense:
    def __init__(self, read: Callable[[Tick], Signals]) -> None:
        self._read = read
        self.state = Health("ok")

    def __call__(self, tick: Tick) -> Signals:
        return self._read(tick)

    def health(self) -> Mapping[str, Health]:
        return {"camera": self.state}


class FakeControls:
    def __init__(self, base: Mapping[str, Any]) -> None:
        self.base = base

    def step(self, tick: Tick, signals: Signals) -> None:
        """The base stays."""


class FakeRunner:
    """Gives a new picture every ``every`` asks, captured when the signals were sampled."""

    def __init__(self, every: int = 1) -> None:
        self.health = Health("ok")
        self.asked: list[dict[str, Any]] = []
        self._every = every
        self._image = Image(np.zeros((2, 2, 4), np.uint8), 0.0, 0)

    def ask(self, params: Params, signals: Signals) -> None:
        self.asked.append(dict(params))
        if len(self.asked) % self._every == 0:
            self._image = Image(self._image.pixels, signals.now, self._image.seq + 1)

    def newest(self) -> Image:
        return self._image

    def close(self) -> None:
        """Nothing is held."""


class FakeStage:
    size = (4, 2)

    def __init__(self, cost: Callable[[Tick], None] = lambda tick: None, close_at: int | None = None) -> None:
        self.shown: list[tuple[Tick, Image]] = []
        self._cost = cost
        self._close_at = close_at

    def present(self, image: Image, params: Params, signals: Signals, tick: Tick) -> None:
        self.shown.append((tick, image))
        self._cost(tick)

    def read(self) -> Any:
        return self.shown[-1][1].pixels

    def read_yuv420(self) -> Any:
        return ()

    def closing(self) -> bool:
        return self._close_at is not None and len(self.shown) >= self._close_at

    def close(self) -> None:
        """Nothing is held."""


class FakeOutput:
    def __init__(self) -> None:
        self.health = Health("ok")
        self.seen: list[tuple[int, dict[str, Any]]] = []

    def see(self, tick: Tick, signals: Signals, params: Params, stage: Stage) -> None:
        self.seen.append((tick.frame, dict(params)))

    def close(self) -> None:
        """Nothing is held."""

    def summary(self) -> Mapping[str, Any]:
        return {"seen": len(self.seen)}
