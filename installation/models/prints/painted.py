"""Favourites as pictures: each painted from its seed or kept latent, at its own truncation."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from installation.checkpoints.card import Card
from installation.latent.favourites import Favourite
from installation.models.sampled import Sampler
from installation.models.sheet import Progress, painted

if TYPE_CHECKING:
    from installation.types import Pixels


def pictures(card: Card, favourites: Sequence[Favourite], backend: str, progress: Progress) -> list[Pixels]:
    """(h, w, 4) RGBA each, in their order. Raises ModelError, InstallationError."""
    with closing(Sampler(card, backend)) as sampler:
        rows = [[latent] for latent in sampler.chosen(favourites)]
        return [row[0] for row in painted(sampler, rows, [favourite.psi for favourite in favourites], progress)]
