"""Contact sheets of a model: seeds by truncation, or directions by steps. One RGB array, at most 1920 pixels wide.

Everything else is at rest: noise as stored, the card's default class, nothing turned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from installation.backends.choose import load
from installation.checkpoints.card import Card
from installation.errors import InstallationError, ModelError, did_you_mean
from installation.latent import seeds as seeded
from installation.models import latents, recipes
from installation.models.contact import drawn
from installation.models.families import from_picture
from installation.models.latents import Latents

if TYPE_CHECKING:
    from installation.types import Pixels, Vector

Progress = Callable[[int, int], None]

MOST = 400  # pictures on a sheet
STEPS = 7  # pictures along a direction: the middle one is the seed's own
CALM = 0.7  # truncation that directions are shown at
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


def seeds_by_psi(card: Card, seeds: str, psi: str, backend: str, progress: Progress) -> Pixels:
    """A row a truncation, a column a seed. Raises InstallationError for lists that cannot be read, ModelError."""
    columns, rows = whole_numbers(seeds, "seeds"), numbers(psi, "psi")
    painter = _Painter(card, backend)
    places = painter.places(columns)
    latent = [[painter.truncated(place, row) for place in places] for row in rows]
    cells = painter.paint(latent, rows, progress)
    return drawn(cells, [f"seed {seed}" for seed in columns], [f"psi {row:g}" for row in rows], card.name)


def directions_by_steps(
    card: Card, direction: str, seeds: str, reach: float, backend: str, progress: Progress
) -> Pixels:
    """A row a direction, from the first seed ``reach`` deviations back to as many forward."""
    painter = _Painter(card, backend)
    names = direction_names(direction, painter.space.directions, card.name)
    seed = whole_numbers(seeds, "seeds")[0]
    start = painter.truncated(painter.places([seed])[0], CALM)
    amounts = np.linspace(-reach, reach, STEPS, dtype=np.float32)
    found = [painter.space.directions[name] for name in names]
    latent = [[start + amount * np.float32(way.sigma) * way.vector for amount in amounts] for way in found]
    cells = painter.paint(latent, [CALM] * len(names), progress)
    return drawn(cells, [f"{amount:+.3g}" for amount in amounts], names, f"{card.name}, seed {seed}, in sigmas")


class _Painter:
    def __init__(self, card: Card, backend: str) -> None:
        if from_picture(card):
            raise ModelError(f"the model '{card.name}' paints from pictures: a sheet shows what a latent model knows")
        self._card = card
        self._latents = Latents(card, backend)
        self._program = load(recipes.painted(card), backend, "auto")
        self._rest = latents.at_rest(card)
        self.space = self._latents.space

    def places(self, seeds: Sequence[int]) -> list[Vector]:
        """Each seed's latent, (Z,) or (layers, W)."""
        z = seeded.latents(seeds, self.space.size).astype(np.float32)
        return [self.space.rows(w) for w in self.space.map(z)] if self.space.has_w else list(z)

    def truncated(self, latent: Vector, psi: float) -> Vector:
        centre = self.space.centre
        return centre + np.float32(psi) * (latent - centre)

    def paint(self, rows: list[list[Vector]], psis: Sequence[float], progress: Progress) -> list[list[Pixels]]:
        total = sum(map(len, rows))
        if not 0 < total <= MOST:
            raise InstallationError(f"{total} pictures on a sheet: wanted 1..{MOST}", "ask for fewer")
        classes = latents.default_classes(self._card)
        made: list[list[Pixels]] = []
        for row, psi in zip(rows, psis, strict=True):
            if "stats" in self._rest:
                self._rest["stats"] = latents.statistics(self._card, psi)
            made.append([])
            for latent in row:
                given = {**self._rest, **latents.inputs(self._card, latent, classes)}
                made[-1].append(self._program.run(given)[recipes.OUTPUT][0].copy())
                progress(sum(map(len, made)), total)
        self._program.close()
        self._latents.close()
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
    """``0.4,0.7,1``."""
    try:
        made = [float(part) for part in text.split(",")]
    except ValueError:
        made = []
    if not made or not all(0 <= number <= 2 for number in made):
        raise InstallationError(f"{what} cannot be '{text}'", "write 0.4,0.7,1: each in 0..2")
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
