"""``bend:``: layers of a network whose activations are thinned out, turned or made louder while it paints.

bend: [b16_conv1, {b64_conv0: {scale: 1.4, rotate: 0.1}}]        the layers' names are in the model's card

A bent layer costs a sampling of its maps a frame, whatever its sliders say, so a show names those that it bends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from installation.checkpoints.card import Card
from installation.errors import InstallationError, did_you_mean
from installation.models.altered import dial
from installation.params import Param
from installation.tables import Table
from installation.types import Params, Unit

if TYPE_CHECKING:
    from installation.types import Vector

PREFIX = "generator.bend"


class BentLayer:
    """A layer that is bent."""

    params: ClassVar[tuple[Param, ...]] = (
        Param("scale", "float", 1.0, -4.0, 4.0, help="activations times this; 0 silences the layer", live=True),
        Param("rotate", "float", 0.0, -1.0, 1.0, unit="turns", help="its maps turned around their middle", live=True),
        Param("threshold", "float", 0.0, 0.0, 4.0, help="smaller activations are silenced", live=True),
    )


class Layers(Table):
    """A table whose kinds are whatever layers a model has: which they are, only its card knows."""

    def __init__(self) -> None:
        super().__init__("layer", "installation.layers", {})

    def load(self, kind: str) -> type[BentLayer]:
        return BentLayer


LAYERS = Layers()


def bent(units: Sequence[Unit], card: Card) -> tuple[str, ...]:
    """Names of the layers a show bends. Raises InstallationError for one that is not there, or is there twice."""
    names = tuple(unit.kind for unit in units)
    if names and not card.layers:
        raise InstallationError(f"{PREFIX}: the card of '{card.name}' names no layers that can be bent", "leave it out")
    for name in names:
        if name not in card.layers:
            hint = did_you_mean(name, card.layers) or f"it has {', '.join(card.layers)}"
            raise InstallationError(f"{PREFIX}.{name}: the model '{card.name}' has no such layer", hint)
        if names.count(name) > 1:
            raise InstallationError(f"{PREFIX}.{name} is bent twice", "write its sliders in one place")
    return names


def dials(names: Sequence[str], params: Params) -> dict[str, Vector]:
    return {
        dial(name): np.array([params[f"{PREFIX}.{name}.{p.name}"] for p in BentLayer.params], np.float32)
        for name in names
    }
