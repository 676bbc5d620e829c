"""Where a walk is on its path, and the paths of seeds it can walk: on the shell of z, or straight through w.

``speed`` is in keypoints per second on the average of the loop; ``position`` moves along the loop by hand: at
k / number-of-seeds, with speed 0, the walk stands exactly on seed k.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from installation.latent import seeds as seeded
from installation.latent.loop import Loop, Path, StraightLoop
from installation.latent.space import Space
from installation.latent.step import Elapsed
from installation.params import Param

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector

SPEED = Param("speed", "float", 0.05, -2.0, 2.0, unit="keypoints/s", help="how fast; below 0 backwards", live=True)
POSITION = Param("position", "float", 0.0, 0.0, 1.0, unit="loop", help="moved along the loop by hand", live=True)


class Stroll:
    """``stroll(path, params, signals)`` is the latent now. The path may be another one every time."""

    def __init__(self, address: str) -> None:
        self._speed = f"{address}.speed"
        self._position = f"{address}.position"
        self._elapsed = Elapsed()
        self._walked = 0.0  # share of the loop

    def __call__(self, path: Path, params: Params, signals: Signals) -> Vector:
        moved = self._elapsed(signals.now) * params[self._speed] / path.points
        self._walked = (self._walked + moved) % 1.0
        by_hand = path.progress(params[self._position] * path.points)
        return path.at(self._walked + by_hand).astype(np.float32)


class SeedsInZ:
    """The path through seeds on the shell of z."""

    def __init__(self, seeds: Sequence[float], space: Space, address: str) -> None:
        self._path = Loop(seeded.latents(seeds, space.size, f"{address}.seeds"))

    def path(self) -> Path:
        return self._path


class SeedsInW:
    """The path through the seeds' w. They are mapped once, and again when the model's classes have moved."""

    def __init__(self, seeds: Sequence[float], space: Space, address: str) -> None:
        self._space = space
        self._points = seeded.latents(seeds, space.size, f"{address}.seeds").astype(np.float32)
        self._condition: Hashable = None
        self._path: StraightLoop | None = None

    def path(self) -> Path:
        condition = self._space.condition()
        if self._path is None or condition != self._condition:
            self._condition = condition
            self._path = StraightLoop(self._space.map(self._points).astype(np.float64))
        return self._path
