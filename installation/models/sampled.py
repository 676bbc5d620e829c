"""A model's own pictures, one after the other: of seeds, of kept latents, of latents drawn at random.

Everything else is at rest: noise as stored, the card's default class, nothing turned.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from installation.backends.choose import load
from installation.checkpoints.card import Card
from installation.errors import ModelError
from installation.latent import seeds as seeded
from installation.latent.favourites import Favourite
from installation.latent.kept import kept
from installation.models import latents, recipes
from installation.models.families import from_picture
from installation.models.latents import Latents

if TYPE_CHECKING:
    from installation.types import Pixels, Vector

Array = NDArray[np.float32]


class Sampler:
    """``close`` it. A latent is (layers, W) or (Z,), as steps take it; ``rows`` of the same are (N, W) or (N, Z)."""

    def __init__(self, card: Card, backend: str) -> None:
        if from_picture(card):
            raise ModelError(f"the model '{card.name}' paints from pictures: it has no latent to look into")
        self._card = card
        self._latents = Latents(card, backend)
        self._program = load(recipes.painted(card), backend, "auto")
        self._rest = latents.at_rest(card)
        self._classes = latents.default_classes(card)
        self._psi = 1.0
        self.space = self._latents.space

    def rows(self, count: int, seed: int) -> Array:
        """Drawn at random: (count, W) or (count, Z)."""
        z = np.random.RandomState(seed).randn(count, self.space.size).astype(np.float32)
        return self.space.map(z) if self.space.has_w else z

    def seeds(self, seeds: Sequence[float]) -> list[Vector]:
        """Each seed's latent."""
        z = seeded.latents(seeds, self.space.size).astype(np.float32)
        return [self.space.rows(w) for w in self.space.map(z)] if self.space.has_w else list(z)

    def chosen(self, favourites: Sequence[Favourite]) -> list[Vector]:
        """At their own psi. Raises InstallationError for a kept latent that is not there."""
        made = []
        for one in favourites:
            latent = kept(one.latent, self.space, "favourites") if one.seed is None else self.seeds([one.seed])[0]
            made.append(self.truncated(latent, one.psi))
        return made

    def truncated(self, latent: Vector, psi: float) -> Vector:
        """``latent`` may be one row for all layers."""
        centre = self.space.centre
        whole = self.space.rows(latent) if self.space.has_w else latent
        return centre + np.float32(psi) * (whole - centre)

    def paint(self, latent: Vector, psi: float = 1.0) -> Pixels:
        """(H, W, 4) RGBA. ``psi`` is the one it was truncated with: a BigGAN's statistics go with it."""
        if "stats" in self._rest and psi != self._psi:
            self._rest["stats"] = latents.statistics(self._card, psi)
            self._psi = psi
        given = {**self._rest, **latents.inputs(self._card, latent, self._classes)}
        made: Pixels = self._program.run(given)[recipes.OUTPUT][0].copy()
        return made

    def close(self) -> None:
        self._program.close()
        self._latents.close()
