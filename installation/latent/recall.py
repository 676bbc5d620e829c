"""recall: towards a latent that was kept: a picture projected with ``installation models project``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.latent import layers
from installation.latent.kept import kept
from installation.latent.route import mixed
from installation.latent.slerp import length, slerp
from installation.latent.space import Space
from installation.latent.step import Step
from installation.params import REQUIRED, Param

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector


class Recall(Step):
    """Goes to a latent that was kept, such as a projected picture."""

    params: ClassVar[tuple[Param, ...]] = (
        Param("latent", "text", REQUIRED, help="its name: installation models project MODEL PICTURE --as NAME"),
        Param("layers", "text", layers.ALL, help="StyleGAN: only these, such as 0-3 or 8-"),
        Param("amount", "float", 1.0, 0.0, 1.0, help="0 the latent as it came, 1 the kept one", live=True),
    )

    def __init__(self, options: Mapping[str, Any], space: Space, address: str) -> None:
        super().__init__(options, space, address)
        self.where = "w" if space.has_w else "z"
        self._kept = kept(options["latent"], space, f"{address}.latent")
        self._layers = layers.of_space(options["layers"], space, f"{address}.layers")
        self._amount = f"{address}.amount"

    def __call__(self, latent: Vector, params: Params, signals: Signals) -> Vector:
        amount = params[self._amount]
        if self.space.has_w:
            return mixed(latent, self._kept, self._layers, amount)
        return between(latent, self._kept, amount)


def between(a: Vector, b: Vector, t: float) -> Vector:
    """From one z to another along the shell, norms blended apart; straight where one of them has no direction."""
    a64, b64 = a.astype(np.float64), b.astype(np.float64)
    norms = length(a64), length(b64)
    if not (norms[0] > 0 and norms[1] > 0):
        return ((1 - t) * a64 + t * b64).astype(np.float32)
    radius = (1 - t) * norms[0] + t * norms[1]
    made: Vector = (radius * slerp(a64 / norms[0], b64 / norms[1], t)).astype(np.float32)
    return made
