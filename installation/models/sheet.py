"""Contact sheets of a model: seeds by truncation, or directions by steps. One RGB array, at most 1920 pixels wide."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from installation.checkpoints.card import Card
from installation.errors import InstallationError, did_you_mean
from installation.latent import seeds as seeded
from installation.models.contact import drawn
from installation.models.sampled import Sampler

if TYPE_CHECKING:
    from installation.types import Pixels, Vector

Progress = Callable[[int, int], None]

MOST = 400  # pictures on a sheet
STEPS = 7  # pictures along a direction: the middle one is the seed's own
CALM = 0.7  # truncation that directions are shown at
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")
_SWEEP = re.compile(r"([\d.]+):([\d.]+):(\d{1,3})")


def seeds_by_psi(card: Card, seeds: str, psi: str, backend: str, progress: Progress) -> Pixels:
    """A row a truncation, a column a seed. Raises InstallationError for lists that cannot be read, ModelError."""
    columns, rows = whole_numbers(seeds, "seeds"), numbers(psi, "psi")
    with closing(Sampler(card, backend)) as sampler:
        places = sampler.seeds(columns)
        latent = [[sampler.truncated(place, row) for place in places] for row in rows]
        cells = painted(sampler, latent, rows, progress)
    return drawn(cells, [f"seed {seed}" for seed in columns], [f"psi {row:.3g}" for row in rows], card.name)


def directions_by_steps(
    card: Card, direction: str, seeds: str, reach: float, backend: str, progress: Progress
) -> Pixels:
    """A row a direction, from the first seed ``reach`` deviations back to as many forward."""
    seed = whole_numbers(seeds, "seeds")[0]
    amounts = np.linspace(-reach, reach, STEPS, dtype=np.float32)
    with closing(Sampler(card, backend)) as sampler:
        names = direction_names(direction, sampler.space.directions, card.name)
        start = sampler.truncated(sampler.seeds([seed])[0], CALM)
        found = [sampler.space.directions[name] for name in names]
        latent = [[start + amount * np.float32(way.sigma) * way.vector for amount in amounts] for way in found]
        cells = painted(sampler, latent, [CALM] * len(names), progress)
    return drawn(cells, [f"{amount:+.3g}" for amount in amounts], names, f"{card.name}, seed {seed}, in sigmas")


def painted(
    sampler: Sampler, rows: list[list[Vector]], psis: Sequence[float], progress: Progress
) -> list[list[Pixels]]:
    """Latents in rows, each row truncated with its psi. Raises InstallationError for too many."""
    total = sum(map(len, rows))
    if not 0 < total <= MOST:
        raise InstallationError(f"{total} pictures on a sheet: wanted 1..{MOST}", "ask for fewer")
    made: list[list[Pixels]] = []
    for row, psi in zip(rows, psis, strict=True):
        made.append([])
        for latent in row:
            made[-1].append(sampler.paint(latent, psi))
            progress(sum(map(len, made)), total)
    return made


def whole_numbers(text: str, what: str) -> list[int]:
    """``0-7`` or ``3,14,15``. Raises InstallationError."""
    made: list[int] = []
    for part in text.replace(" ", "").split(","):
        found = _RANGE.fullmatch(part)
        if not found or int(found[2] or found[1]) > seeded.MOST:
            raise InstallationError(f"{what} cannot be '{text}'", "write 0-7 or 3,14,15")
        first, last = int(found[1]), int(found[2] or found[1])
        made += range(first, min(last, first + MOST) + 1)
    if not made:
        raise InstallationError(f"{what} cannot be '{text}'", "write 0-7 or 3,14,15")
    return made


def numbers(text: str, what: str) -> list[float]:
    """``0.4,0.7,1``, or a sweep ``0:1:9``: from, to, how many."""
    found = _SWEEP.fullmatch(text.replace(" ", ""))
    try:
        if found:
            made = [float(number) for number in np.linspace(float(found[1]), float(found[2]), int(found[3]))]
        else:
            made = [float(part) for part in text.split(",")]
    except ValueError:
        made = []
    if not made or not all(0 <= number <= 2 for number in made):
        raise InstallationError(f"{what} cannot be '{text}'", "write 0.4,0.7,1 or 0:1:9: each in 0..2")
    return made


def direction_names(text: str, known: Collection[str], model: str) -> list[str]:
    """``sefa.0,mine`` or ``ganspace.0-5``. Raises InstallationError for one that nobody found."""
    names: list[str] = []
    for part in text.replace(" ", "").split(","):
        kind, _, which = part.rpartition(".")
        found = _RANGE.fullmatch(which)
        if kind and found and found[2]:
            names += [f"{kind}.{index}" for index in range(int(found[1]), min(int(found[2]), int(found[1]) + MOST) + 1)]
        else:
            names.append(part)
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"find some: installation models directions {model}"
            raise InstallationError(f"the model '{model}' has no direction '{name}'", hint)
    return names
