"""Steps are played as a generator plays them: a snapshot of a real bus and the live parameters, again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from installation.latent import STEPS
from installation.latent.chain import Chain
from installation.latent.space import Direction, Space
from installation.latent.step import Step
from installation.signals.bus import Bus
from installation.types import Channel, Unit

Z, W, LAYERS = 16, 12, 8


class Player:
    """``player(now, speed=0.5)`` is one call of the step; live parameters not given are at their defaults."""

    def __init__(self, kind: str, space: int | Space, /, **options: Any) -> None:
        self.space = Space(space) if isinstance(space, int) else space
        self.step: Step = make(kind, self.space, **options)
        self.live = {f"at.{p.name}": p.default for p in self.step.params if p.live}
        self.bus = Bus()
        self.bus.declare("s", Channel("v", "vector", size=4))

    def __call__(self, now: float, z: Any = None, v: Any = None, **live: float) -> Any:
        self.bus.post("s", {} if v is None else {"v": v}, now)
        params = self.live | {f"at.{name}": value for name, value in live.items()}
        latent = np.zeros(self.space.size, np.float32) if z is None else z
        return self.step(latent, params, self.bus.sample(now))


def make(kind: str, space: Space, /, **options: Any) -> Step:
    """A step with its fixed options at their defaults but for those given."""
    step: Callable[[Mapping[str, Any], Space, str], Step] = STEPS.load(kind)
    fixed = {p.name: p.default for p in step.params if not p.live}  # type: ignore[attr-defined]
    return step(fixed | options, space, "at")


class Mapped:
    """A mapping network that anyone can see through, and classes that move it."""

    def __init__(self) -> None:
        random = np.random.RandomState(3)
        self.matrix = random.randn(Z, W).astype(np.float32)
        self.shift = random.randn(W).astype(np.float32)
        self.classes = 0.0
        self.calls = 0

    def __call__(self, z: Any) -> Any:
        self.calls += 1
        return np.tanh(z @ self.matrix) * 2 + self.shift + np.float32(self.classes)

    def space(self, **more: Any) -> Space:
        return Space(Z, LAYERS, self.shift.copy(), self, condition=lambda: self.classes, model="tiny", **more)


@pytest.fixture
def player() -> type[Player]:
    return Player


@pytest.fixture
def mapped() -> Mapped:
    return Mapped()


@pytest.fixture
def w_space(mapped: Mapped) -> Space:
    random = np.random.RandomState(4)
    return mapped.space(
        directions={
            "sefa.0": Direction(np.eye(W, dtype=np.float32)[2], 0.5),
            "mine": Direction(random.randn(LAYERS, W).astype(np.float32)),
        },
        saved={
            "face": random.randn(LAYERS, W).astype(np.float32),
            "one": random.randn(1, W).astype(np.float32),
            "other_model": random.randn(3, W).astype(np.float32),
        },
    )


@pytest.fixture
def latent_w() -> Any:
    """A latent of w_space, different in every row."""
    return np.random.RandomState(5).randn(LAYERS, W).astype(np.float32)


def chain(space: Space, *units: tuple[str, dict[str, Any]]) -> tuple[Chain, dict[str, Any]]:
    """A chain, and its live parameters at their defaults."""
    made, live = [], {}
    for kind, options in units:
        step = STEPS.load(kind)
        made.append(Unit(kind, kind, {p.name: p.default for p in step.params if not p.live} | options))
        live |= {f"generator.latent.{kind}.{p.name}": p.default for p in step.params if p.live}
    return Chain(made, space), live


@pytest.fixture
def make_chain() -> Callable[..., tuple[Chain, dict[str, Any]]]:
    return chain
