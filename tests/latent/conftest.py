"""Steps are played as a generator plays them: a snapshot of a real bus and the live parameters, again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from installation.latent import STEPS
from installation.latent.step import Step
from installation.signals.bus import Bus
from installation.types import Channel


class Player:
    """``player(now, speed=0.5)`` is one call of the step; live parameters not given are at their defaults."""

    def __init__(self, kind: str, size: int, **options: Any) -> None:
        self.step: Step = make(kind, size, **options)
        self.live = {f"at.{p.name}": p.default for p in self.step.params if p.live}
        self.bus = Bus()
        self.bus.declare("s", Channel("v", "vector", size=4))

    def __call__(self, now: float, z: Any = None, v: Any = None, **live: float) -> Any:
        self.bus.post("s", {} if v is None else {"v": v}, now)
        params = self.live | {f"at.{name}": value for name, value in live.items()}
        latent = np.zeros(self.step.size, np.float32) if z is None else z
        return self.step(latent, params, self.bus.sample(now))


def make(kind: str, size: int, **options: Any) -> Step:
    """A step with its fixed options at their defaults but for those given."""
    step: Callable[[Mapping[str, Any], int, str], Step] = STEPS.load(kind)
    fixed = {p.name: p.default for p in step.params if not p.live}  # type: ignore[attr-defined]
    return step(fixed | options, size, "at")


@pytest.fixture
def player() -> type[Player]:
    return Player
