"""The contact sheet of one direction: a row a seed, a column an amount."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from installation.latent.favourites import PSI, Favourite
from installation.latent.space import Direction
from installation.models.contact import drawn
from installation.models.sampled import Sampler

if TYPE_CHECKING:
    from installation.types import Pixels

AMOUNTS = np.linspace(-2, 2, 9, dtype=np.float32)  # sigma


def sheet(sampler: Sampler, name: str, direction: Direction, seeds: Sequence[int]) -> Pixels:
    push = np.float32(direction.sigma) * direction.vector
    starts = sampler.chosen([Favourite(seed, psi=PSI) for seed in seeds])
    cells = [[sampler.paint(start + amount * push) for amount in AMOUNTS] for start in starts]
    columns = [f"{amount:+g}" if amount else "0" for amount in AMOUNTS]
    title = f"{sampler.space.model}: {name}, in sigmas, truncated to {PSI:g}"
    return drawn(cells, columns, [f"seed {seed}" for seed in seeds], title)
