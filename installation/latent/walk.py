"""walk: an endless, even way through the latents of some seeds. It replaces the latent that comes in.

A seed's latent is ``RandomState(seed).randn(size)``, the field's convention since NVIDIA's generators, so seeds picked
from anyone's seed sheet mean the same picture here. ``speed`` is in keypoints per second on the average of the loop;
``position`` moves along the loop by hand: at k / number-of-seeds, with speed 0, the walk stands exactly on seed k.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.errors import InstallationError
from installation.latent.loop import Loop
from installation.latent.step import Elapsed, Step
from installation.params import Param

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector

MOST = 2.0**32 - 1  # the largest seed RandomState takes


class Walk(Step):
    """Wanders evenly through the pictures of given seeds, round and round."""

    params: ClassVar[tuple[Param, ...]] = (
        # Fixed: a cue fades numbers, and half-way between two seeds is no seed.
        Param("seeds", "numbers", (1.0, 2.0, 3.0, 4.0), 0.0, MOST, help="the keypoints of the walk, in order"),
        Param("speed", "float", 0.05, -2.0, 2.0, unit="keypoints/s", help="how fast; below 0 backwards", live=True),
        Param("position", "float", 0.0, 0.0, 1.0, unit="loop", help="moved along the loop by hand", live=True),
    )

    def __init__(self, options: Mapping[str, Any], size: int, address: str) -> None:
        super().__init__(options, size, address)
        seeds = options["seeds"]
        if broken := [seed for seed in seeds if seed != int(seed)]:
            raise InstallationError(f"{address}.seeds wants whole numbers, not {broken[0]:g}", "write [3, 14, 15]")
        self._loop = Loop(np.stack([np.random.RandomState(int(seed)).randn(size) for seed in seeds]))
        self._speed = f"{address}.speed"
        self._position = f"{address}.position"
        self._elapsed = Elapsed()
        self._walked = 0.0  # share of the loop

    def __call__(self, z: Vector, params: Params, signals: Signals) -> Vector:
        moved = self._elapsed(signals.now) * params[self._speed] / self._loop.points
        self._walked = (self._walked + moved) % 1.0
        by_hand = self._loop.progress(params[self._position] * self._loop.points)
        return self._loop.at(self._walked + by_hand).astype(np.float32)
