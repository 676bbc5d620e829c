"""route: some layers of w follow a walk of their own, while the others follow what came in (W+, a route a layer).

The coarse layers of a StyleGAN hold pose and shape, the fine ones colour and texture: two routes at two speeds move
one within the other. With ``speed: 0`` and one seed it mixes a still style in; ``style_mix`` says that shorter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.latent import layers
from installation.latent.keypoints import SEEDS
from installation.latent.space import Space
from installation.latent.step import Step
from installation.latent.stroll import POSITION, SPEED, SeedsInW, Stroll
from installation.params import REQUIRED, Param

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector

LAYERS = Param("layers", "text", REQUIRED, help="counted from 0, the coarsest: 0-3, 8-, 4, all")


class Route(Step):
    """Some layers of w follow a walk of their own."""

    params: ClassVar[tuple[Param, ...]] = (
        LAYERS,
        SEEDS,
        SPEED,
        POSITION,
        Param("amount", "float", 1.0, 0.0, 1.0, help="0 these layers as they came, 1 all on this route", live=True),
    )
    where = "w"

    def __init__(self, options: Mapping[str, Any], space: Space, address: str) -> None:
        super().__init__(options, space, address)
        self._layers = layers.parse(options["layers"], space.layers, f"{address}.layers")
        self._seeds = SeedsInW(options["seeds"], space, address)
        self._stroll = Stroll(address)
        self._amount = f"{address}.amount"

    def __call__(self, latent: Vector, params: Params, signals: Signals) -> Vector:
        way = self._stroll(self._seeds.path(), params, signals)
        return mixed(latent, self.space.rows(way.reshape(-1, latent.shape[-1])), self._layers, params[self._amount])


def mixed(latent: Vector, other: Vector, rows: list[int], amount: float) -> Vector:
    """``latent`` with these rows moved towards ``other``, one row or as many as latent has."""
    made = latent.copy()
    theirs = other if other.ndim == 1 else other[rows]
    made[rows] += np.float32(amount) * (theirs - made[rows])
    return made
