"""A model's latent space, made ready for steps: its mapping network, and what was found in it and kept beside it.

The mapping always runs in fp32 and on its own (models/style.py). Classes steer it where the model knows any.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from installation.checkpoints.card import Card
from installation.latent import stored
from installation.latent.batch_statistics import Mode, statistics_weights
from installation.latent.favourites import Favourite
from installation.latent.space import Space
from installation.models import recipes
from installation.models.families import class_count, has_w, noise_layers, style_layers
from installation.models.style import StyleMapping

Array = NDArray[np.float32]


class Latents:
    """``latents.space`` for steps; ``steer`` it before every latent, where the model knows classes or is blended."""

    def __init__(
        self, card: Card, backend: str = "auto", blend: Card | None = None, favourites: Sequence[Favourite] = ()
    ) -> None:
        self._mapping = StyleMapping(card, backend, blend) if has_w(card) else None
        self._classes = default_classes(card)
        more: dict[str, Any] = {}
        if self._mapping:
            more = {"layers": style_layers(card), "mean": self._mapping.mean, "to_w": self._to_w}
        self.space = Space(
            card.latent,
            **more,
            condition=self._condition,
            directions=stored.read_directions(directions_file(card)),
            saved=stored.Saved(card.folder),
            favourites=favourites,
            model=card.name,
        )

    def steer(self, classes: Array, blend: float = 0.0) -> None:
        """``classes`` (1, K)."""
        self._classes = classes
        if self._mapping and blend != self._mapping.amount:
            self._mapping.amount = blend
            self.space.mean = self._mapping.mean

    def _condition(self) -> Hashable:
        return self._classes.tobytes(), self._mapping and self._mapping.amount

    def _to_w(self, z: Array) -> Array:
        assert self._mapping
        return self._mapping.map(z, np.repeat(self._classes, len(z), axis=0))

    def close(self) -> None:
        if self._mapping:
            self._mapping.close()


def declared(card: Card, favourites: Sequence[Favourite] = ()) -> Space:
    """The space as its card and what lies beside it tell, nothing loaded: for checking steps, not for walking in it."""
    more: dict[str, Any] = {}
    if has_w(card):
        mean = np.zeros(int(card.network["w_dim"]), np.float32)
        more = {"layers": style_layers(card), "mean": mean, "to_w": lambda z: np.zeros((len(z), len(mean)), np.float32)}
    return Space(
        card.latent,
        **more,
        directions=stored.read_directions(directions_file(card)),
        saved=stored.Saved(card.folder),
        favourites=favourites,
        model=card.name,
    )


def directions_file(card: Card) -> Path:
    return card.directions or card.folder / stored.DIRECTIONS


def default_classes(card: Card) -> Array:
    """(1, K), all of the card's default class; (1, 0) where there are none."""
    if card.classes is None:
        return np.zeros((1, 0), np.float32)
    return np.array([[name == card.classes.default for name in card.classes.names]], np.float32)


def statistics(card: Card, psi: float, mode: Mode = "compat") -> Array:
    """BigGAN's weights over its stored batch statistics, which were taken at truncations up to 1."""
    return statistics_weights(min(max(0.0, psi), 1.0), int(card.network["n_stats"]), mode)


def at_rest(card: Card) -> dict[str, Array]:
    """What the part that makes the picture takes beside its latent and classes: noise as stored, nothing turned."""
    rest: dict[str, Callable[[], Array]] = {
        "noise": lambda: np.ones(noise_layers(card), np.float32),
        "transform": lambda: np.eye(3, dtype=np.float32),
        "stats": lambda: statistics(card, 1.0),
    }
    wanted = recipes.family_of(card).picture.inputs(card, 1, recipes.NO_SIZE)
    return {name: make() for name, make in rest.items() if name in wanted}


def inputs(card: Card, latent: Array, classes: Array) -> dict[str, Array]:
    """For one latent, (Z,) or (layers, W)."""
    name = "ws" if has_w(card) else "z"
    with_classes = {} if has_w(card) or not class_count(card) else {"classes": classes}
    return {name: np.ascontiguousarray(latent, np.float32)[None], **with_classes}
