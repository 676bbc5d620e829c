"""What a walk goes through: seeds as written, or the artist's favourites in her own order.

    seeds: [3, 14, 15]        seeds: favourites        seeds: favourites 4+      only those with 4 stars or more

Kept latents among the favourites are walked to as well; in models with W they are w, which only a walk in w can reach.
The truncation of a walk is its show's: the psi that a favourite was chosen at does not count here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from installation.errors import InstallationError
from installation.latent import seeds as seeded
from installation.latent.favourites import MOST_STARS, Favourite
from installation.latent.kept import kept
from installation.latent.slerp import Array
from installation.latent.space import Space
from installation.params import Param, ParamError

_FAVOURITES = re.compile(rf"\s*favourites(?:\s+([1-{MOST_STARS}])\s*\+)?\s*")

Asked = Sequence[float] | str


class _Keypoints(Param):
    """A list of seeds, or the word favourites."""

    __slots__ = ()

    def read(self, raw: Any) -> Any:
        if not isinstance(raw, str):
            return Param.read(self, raw)
        if not _FAVOURITES.fullmatch(raw):
            raise ParamError(f"{self.name} cannot be '{raw}'", "write [3, 14, 15], favourites or favourites 4+")
        return raw


# Fixed: a cue fades numbers, and half-way between two seeds is no seed.
SEEDS = _Keypoints(
    "seeds", "numbers", (1.0, 2.0, 3.0, 4.0), 0.0, seeded.MOST, help="the keypoints in order, or favourites 4+"
)


@dataclass(frozen=True, slots=True)
class Keypoints:
    """``z`` float64 (n, Z) of seeds; where a kept latent stands instead, by its place in the order, z is 0."""

    z: Array
    kept: Mapping[int, Array] = field(default_factory=dict)
    names: Sequence[str] = ()


def keypoints(asked: Asked, space: Space, address: str) -> Keypoints:
    """Raises InstallationError where there are none, or none such."""
    if not isinstance(asked, str):
        return Keypoints(seeded.latents(asked, space.size, address))
    found = _FAVOURITES.fullmatch(asked)
    chosen = favoured(space, int(found[1] or 1) if found else 1, address)
    seeds = [favourite.seed or 0 for favourite in chosen]
    z = seeded.latents(seeds, space.size, address)
    latents = {
        place: kept(favourite.latent, space, address).astype(np.float64)
        for place, favourite in enumerate(chosen)
        if favourite.seed is None
    }
    z[list(latents)] = 0.0
    return Keypoints(z, latents, [favourite.name for favourite in chosen])


def favoured(space: Space, stars: int, address: str) -> list[Favourite]:
    """The favourites with so many stars or more, in the order of their file; there is at least one."""
    chosen = [favourite for favourite in space.favourites if favourite.stars >= stars]
    if not chosen:
        such = f" with {stars} stars or more" if len(space.favourites) else ""
        command = f"installation favourites {'star' if such else 'add'} {space.model}"
        more = f"give some of them more: {command} SEED {stars}" if such else f"add some: {command} SEEDS"
        raise InstallationError(f"{address}: {space.model} has no favourites{such}", more)
    return chosen
