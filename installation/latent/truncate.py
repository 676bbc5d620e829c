"""truncate: ``psi * z``, for models that paint from z itself (DCGAN, BigGAN).

Below 1 nearer to the mean of what was learnt: calmer, more alike; above 1 stranger and less sure. Brock, Donahue and
Simonyan (2018) resample a truncated normal; a scaled latent has the same effect on a moving one and is continuous in
psi. It does nothing to a network that normalises z first (StyleGAN), which truncates in w instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.latent.step import Step
from installation.params import Param

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector


class Truncate(Step):
    """Towards the mean picture (calmer) or away from it (stranger)."""

    params: ClassVar[tuple[Param, ...]] = (
        Param("psi", "float", 0.7, 0.0, 1.5, help="1 as learnt, less is calmer, more is stranger", live=True),
    )

    def __init__(self, options: Mapping[str, Any], size: int, address: str) -> None:
        super().__init__(options, size, address)
        self._psi = f"{address}.psi"

    def __call__(self, z: Vector, params: Params, signals: Signals) -> Vector:
        return z * np.float32(params[self._psi])
