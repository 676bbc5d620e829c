"""style_mix: some layers of w are another seed's (style mixing, Karras et al. 2019, section 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.latent import layers
from installation.latent.route import LAYERS, mixed
from installation.latent.seeds import MOST
from installation.latent.space import Space
from installation.latent.step import Step
from installation.latent.stroll import SeedsInW
from installation.params import Param

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector


class StyleMix(Step):
    """Some layers of w are those of another seed."""

    params: ClassVar[tuple[Param, ...]] = (
        Param("seed", "int", 0, 0, MOST, help="whose style it is"),
        LAYERS,
        Param("amount", "float", 1.0, 0.0, 1.0, help="0 these layers as they came, 1 all the seed's", live=True),
    )
    where = "w"

    def __init__(self, options: Mapping[str, Any], space: Space, address: str) -> None:
        super().__init__(options, space, address)
        self._layers = layers.parse(options["layers"], space.layers, f"{address}.layers")
        self._seed = SeedsInW((options["seed"],), space, address)
        self._amount = f"{address}.amount"

    def __call__(self, latent: Vector, params: Params, signals: Signals) -> Vector:
        style = self._seed.path().at(0.0).astype(np.float32)
        return mixed(latent, style, self._layers, params[self._amount])
