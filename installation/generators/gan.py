"""gan: paints from a latent. Steps make the latent, the model's card says how long it is and what classes there are.

kind: gan
model: omniart-eyes
colour: {green: 0.5, blue: 0.5}             one live weight a class; only the ratios count
latent: [walk, {truncate: {psi: 0.7}}]      in order; without steps the latent is 0, the mean picture
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from installation.checkpoints import card as cards
from installation.generators import models
from installation.generators.base import Generator
from installation.latent import STEPS
from installation.latent.step import Step
from installation.library import Library
from installation.params import Param
from installation.tables import Table
from installation.types import Image, Params, Program, Signals

FAMILIES = ("dcgan",)
WARM_UP = 3  # runs until a backend has allocated all it will


class Gan(Generator):
    """A latent-input model."""

    params: ClassVar[tuple[Param, ...]] = (models.MODEL, models.BACKEND, models.PRECISION)
    steps: ClassVar[Mapping[str, Table]] = {"latent": STEPS}

    @classmethod
    def declare(cls, options: Mapping[str, Any], library: Library) -> tuple[Param, ...]:
        return models.class_params(_card(options, library).classes)

    def prepare(self) -> None:
        self._card = _card(self.options, self.place.library)
        self._program: Program = models.program(
            self._card, self._card.resolution or (0, 0), self.options["backend"], self.options["precision"]
        )
        self._steps: list[Step] = [
            STEPS.load(unit.kind)(unit.options, self._card.latent, f"generator.latent.{unit.name}")
            for unit in self.steps_asked.get("latent", ())
        ]
        self._made = 0

    def warm_up(self) -> None:
        classes = np.zeros((1, len(self._card.classes.names) if self._card.classes else 0), np.float32)
        for _ in range(WARM_UP):
            self._program.run({"z": np.zeros((1, self._card.latent), np.float32), "classes": classes})

    def render(self, params: Params, signals: Signals) -> Image:
        z = np.zeros(self._card.latent, np.float32)
        for step in self._steps:
            z = step(z, params, signals)
        classes = self._card.classes
        weights = models.mixture(classes, params) if classes else np.zeros((1, 0), np.float32)
        inputs = {"z": np.ascontiguousarray(z, np.float32)[None], "classes": weights}
        models.finite(inputs)
        # A copy: the program writes over its output while the stage may still hold this picture.
        pixels = self._program.run(inputs)[models.OUTPUT][0].copy()
        self._made += 1
        return Image(pixels, self.captured_at(signals), self._made)

    def close(self) -> None:
        self._program.close()


def _card(options: Mapping[str, Any], library: Library) -> cards.Card:
    return cards.of_family(cards.load(options["model"], library), FAMILIES, "gan")
