"""The steps of a show in a row, from z to what the model is painted from.

    z steps ... | z is mapped to w, once, in front of the first step that works in w | w steps ... -> (layers, W)
    z steps ... -> (Z,)                                                          in models without W

Where no step asks for z it begins in w, at the mean picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from installation.errors import InstallationError
from installation.latent import STEPS
from installation.latent.space import Space, Where
from installation.latent.step import Step
from installation.types import Unit

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector


class Chain:
    """``Chain(units, space)``. Raises InstallationError when a step cannot be, or cannot be where it stands."""

    def __init__(self, units: Sequence[Unit], space: Space, address: str = "generator.latent") -> None:
        self._space = space
        self.steps: list[Step] = []
        in_w: Step | None = None
        for unit in units:
            kind, at = STEPS.load(unit.kind), f"{address}.{unit.name}"
            self._possible(kind.where, at)
            step: Step = kind(unit.options, space, at)
            self._possible(step.where, at)
            if step.where == "z" and in_w is not None:
                raise InstallationError(
                    f"{at} works in z, and {in_w.address} before it has gone on to w",
                    f"put it before {in_w.address.rpartition('.')[2]}",
                )
            in_w = in_w or (step if step.where == "w" else None)
            self.steps.append(step)
        self._begins_in_z = not space.has_w or any(step.where == "z" for step in self.steps)

    def __call__(self, params: Params, signals: Signals) -> Vector:
        latent = np.zeros(self._space.size, np.float32) if self._begins_in_z else self._space.centre
        for step in self.steps:
            if step.where == "w" and latent.ndim == 1:
                latent = self._mapped(latent)
            latent = step(latent, params, signals)
        return self._mapped(latent) if self._space.has_w and latent.ndim == 1 else latent

    def _possible(self, where: Where | None, at: str) -> None:
        if where == "w" and not self._space.has_w:
            raise InstallationError(
                f"{at} works in w, and {self._space.model} has none: it paints from z itself",
                "walk, project, truncate, direction, recall and favourite work in z",
            )

    def _mapped(self, z: Vector) -> Vector:
        return self._space.rows(self._space.map(z[None])[0])
