"""direction: the latent is moved along something that was found in it: ``sefa.3``, ``ganspace.0``, one of your own.

It adds ``amount * sigma * vector``. In W models that is w, on the chosen layers; in models that paint from z it is z.
``installation models directions NAME`` finds them, ``models sheet NAME --direction ganspace.0-5`` shows what they do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.errors import InstallationError, did_you_mean
from installation.latent import layers
from installation.latent.space import Space
from installation.latent.step import Step
from installation.params import REQUIRED, Param

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector


class Along(Step):
    """Moves along a named direction of the model: SeFa, GANSpace, or your own."""

    params: ClassVar[tuple[Param, ...]] = (
        Param("name", "text", REQUIRED, help="sefa.0, ganspace.3, or what the model's directions file has"),
        Param("layers", "text", layers.ALL, help="StyleGAN: only these, such as 0-3 or 8-"),
        Param("amount", "float", 0.0, -10.0, 10.0, unit="sigma", help="how far; past 3 pictures are rare", live=True),
    )

    def __init__(self, options: Mapping[str, Any], space: Space, address: str) -> None:
        super().__init__(options, space, address)
        self.where = "w" if space.has_w else "z"
        name = options["name"]
        if name not in space.directions:
            near = did_you_mean(name, space.directions) or f"it has {', '.join(list(space.directions)[:4])} ..."
            hint = near if space.directions else f"find some: installation models directions {space.model}"
            raise InstallationError(f"{address}.name: {space.model} has no direction '{name}'", hint)
        chosen = layers.of_space(options["layers"], space, f"{address}.layers")
        found = space.directions[name]
        if not space.fits(found.vector):
            raise InstallationError(
                f"{address}.name: '{name}' is {found.vector.shape}, the latent of {space.model} {space.centre.shape}",
                f"find it again: installation models directions {space.model}",
            )
        push = np.float32(found.sigma) * found.vector
        if space.has_w:
            mask = np.isin(np.arange(space.layers), chosen)[:, None]
            self._push = space.rows(push) * mask.astype(np.float32)
        else:
            self._push = push.reshape(-1)
        self._amount = f"{address}.amount"

    def __call__(self, latent: Vector, params: Params, signals: Signals) -> Vector:
        return latent + np.float32(params[self._amount]) * self._push
