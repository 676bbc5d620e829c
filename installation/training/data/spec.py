"""How random crops are made: the ``crops`` table of a ``data.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Projection = Literal["flat", "equirectangular"]
Weight = Literal["even", "contrast"]

ACROSS: Mapping[Projection, tuple[float, float]] = {"flat": (0.5, 1.0), "equirectangular": (12.0, 24.0)}


@dataclass(frozen=True, slots=True)
class CropSpec:
    """What a crop shows does not depend on how many pixels it is drawn with."""

    projection: Projection = "flat"  # equirectangular: the whole globe, twice as wide as high
    across: tuple[float, float] = ACROSS[
        "flat"
    ]  # side of a crop: of the picture's shorter side; of a globe, in degrees
    turn: float = 180.0  # degrees it may be turned, either way
    flip: bool = True
    latitudes: float = 68.0  # a globe's crops are centred within so many degrees of its equator
    weight: Weight = "even"  # contrast: a place with twice the contrast is drawn twice as often
    least_contrast: float = 0.0  # deviation of its grey, 0..0.5: a place with less is not drawn
    least_land: float = 0.0  # share of the mask's white, 0..1: a place with less is not drawn
    mask: str = ""  # a picture beside the map, white where land is
    white: float = 255.0  # the level of a dim picture that becomes white
    gamma: float = 1.0  # below 1 opens the shadows
    saturation: float = 1.0
