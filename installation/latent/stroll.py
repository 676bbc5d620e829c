"""Where a walk is on its path, and the paths of seeds it can walk: on the shell of z, or straight through w.

``speed`` is in keypoints per second on the average of the loop; ``position`` moves along the loop by hand: at
k / number-of-seeds, with speed 0, the walk stands exactly on seed k.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from installation.errors import InstallationError
from installation.latent.keypoints import Asked, keypoints
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

    def __init__(self, seeds: Asked, space: Space, address: str) -> None:
        points = keypoints(seeds, space, f"{address}.seeds")
        if points.kept and space.has_w:
            kept = points.names[min(points.kept)]
            raise InstallationError(
                f"{address}.seeds: '{kept}' was kept in w, where a walk in z does not come by",
                "write space: w, or name the seeds",
            )
        for place, latent in points.kept.items():
            points.z[place] = latent
        self._path = Loop(points.z)

    def path(self) -> Path:
        return self._path


class SeedsInW:
    """The path through the seeds' w, (W,); with kept latents among them through (layers * W,).

    They are mapped once, and again when the model's classes have moved.
    """

    def __init__(self, seeds: Asked, space: Space, address: str) -> None:
        self._space = space
        points = keypoints(seeds, space, f"{address}.seeds")
        self._points, self._kept = points.z.astype(np.float32), points.kept
        self._condition: Hashable = None
        self._path: StraightLoop | None = None

    def path(self) -> Path:
        condition = self._space.condition()
        if self._path is None or condition != self._condition:
            self._condition = condition
            w = self._space.map(self._points).astype(np.float64)
            if self._kept:
                w = np.tile(w, self._space.layers)  # a row a layer, one after the other
                for place, latent in self._kept.items():
                    w[place] = latent.reshape(-1)
            self._path = StraightLoop(w)
        return self._path
