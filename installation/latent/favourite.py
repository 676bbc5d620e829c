"""favourite: presets. Goes to the artist's favourites by their number, and between them: a fader morphs through them.

``number`` 1 is the first of ``favourites/MODEL.yaml``, 2 the second; 1.5 is half-way between, past the last it stays at
the last. Each is met as it was chosen, at its own psi, so no ``truncate`` is wanted after it. In W models the way is
straight in w, in the others along the shell of z. ``stars: 4`` counts only those with 4 stars or more.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.latent import layers
from installation.latent import seeds as seeded
from installation.latent.favourites import MOST_STARS
from installation.latent.kept import kept
from installation.latent.keypoints import favoured
from installation.latent.recall import between
from installation.latent.route import mixed
from installation.latent.space import Array, Space
from installation.latent.step import Step
from installation.params import Param

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector

MOST = 999  # numbers that a pad or a fader can ask for


class Preset(Step):
    """Goes to your favourites by number; a number between two is between the two."""

    params: ClassVar[tuple[Param, ...]] = (
        Param("stars", "int", 1, 1, MOST_STARS, help="counts only those with as many stars or more"),
        Param("layers", "text", layers.ALL, help="StyleGAN: only these, such as 0-3 or 8-"),
        Param("number", "float", 1.0, 1.0, MOST, help="from 1, in the file's order; past the last: it", live=True),
        Param("amount", "float", 1.0, 0.0, 1.0, help="0 the latent as it came, 1 the favourite", live=True),
    )

    def __init__(self, options: Mapping[str, Any], space: Space, address: str) -> None:
        super().__init__(options, space, address)
        self.where = "w" if space.has_w else "z"
        chosen = favoured(space, options["stars"], address)
        self._psis = [np.float32(favourite.psi) for favourite in chosen]
        self._z = seeded.latents([favourite.seed or 0 for favourite in chosen], space.size).astype(np.float32)
        self._kept = {
            place: kept(favourite.latent, space, address)
            for place, favourite in enumerate(chosen)
            if favourite.seed is None
        }
        self._layers = layers.of_space(options["layers"], space, f"{address}.layers")
        self._number, self._amount = f"{address}.number", f"{address}.amount"
        self._condition: Hashable = None
        self._points: list[Array] = []

    def __call__(self, latent: Vector, params: Params, signals: Signals) -> Vector:
        points = self._known()
        number = min(max(params[self._number], 1.0), len(points)) - 1.0
        first = min(int(number), max(len(points) - 2, 0))
        here, after, t = points[first], points[min(first + 1, len(points) - 1)], number - first
        amount = params[self._amount]
        if self.space.has_w:
            return mixed(latent, here + np.float32(t) * (after - here), self._layers, amount)
        return between(latent, between(here, after, t), amount)

    def _known(self) -> list[Array]:
        """As they were chosen; again when the model's classes have moved, and its mean with them."""
        condition = self.space.condition()
        if not self._points or condition != self._condition:
            self._condition = condition
            met = list(self.space.map(self._z)) if self.space.has_w else list(self._z)
            rows = [self.space.rows(w) for w in met] if self.space.has_w else met
            centre = self.space.centre
            ends = [self._kept.get(place, row) for place, row in enumerate(rows)]
            self._points = [centre + psi * (end - centre) for psi, end in zip(self._psis, ends, strict=True)]
        return self._points
