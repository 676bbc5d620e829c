"""truncate: nearer to the mean picture, or away from it. ``psi`` 1 is as learnt, 0 the mean.

In W models (StyleGAN): ``mean + psi (w - mean)``, on the first ``cutoff`` layers (Karras et al. 2019); above 1 it
exaggerates. In models that paint from z (DCGAN, BigGAN): ``psi * z``. Brock, Donahue and Simonyan (2018) resample a
truncated normal; a scaled latent has the same effect on a moving one and is continuous in psi.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.errors import InstallationError
from installation.latent.space import Space
from installation.latent.step import Step
from installation.params import Param

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector

MOST_LAYERS = 64  # more than any model has: all of them


class Truncate(Step):
    """Towards the mean picture (calmer) or away from it (stranger)."""

    params: ClassVar[tuple[Param, ...]] = (
        Param("psi", "float", 0.7, 0.0, 2.0, help="1 as learnt, less is calmer, more is stranger", live=True),
        Param("cutoff", "int", MOST_LAYERS, 1, MOST_LAYERS, help="StyleGAN: only the first layers, as many as this"),
    )

    def __init__(self, options: Mapping[str, Any], space: Space, address: str) -> None:
        super().__init__(options, space, address)
        self.where = "w" if space.has_w else "z"
        self._cutoff: int = options["cutoff"]
        if self._cutoff < MOST_LAYERS and not space.has_w:
            raise InstallationError(
                f"{address}.cutoff is for models with layers of w, which {space.model} has not", "leave it out"
            )
        self._psi = f"{address}.psi"

    def __call__(self, latent: Vector, params: Params, signals: Signals) -> Vector:
        psi = np.float32(params[self._psi])
        if not self.space.has_w:
            return latent * psi
        made = latent.copy()
        mean = self.space.centre[: self._cutoff]
        made[: self._cutoff] = mean + psi * (latent[: self._cutoff] - mean)
        return made
