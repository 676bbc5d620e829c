"""Where crops are taken: a coarse table of places, each with how often it is drawn.

A place is a picture and a cell of it. Cells are counted in the range a crop's centre can have, so that the edge of a
picture is drawn as often as its middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.errors import InstallationError
from installation.training.data.globe import around
from installation.training.data.spec import CropSpec
from installation.training.data.tone import GREY

FLAT = 24  # cells along either side of a flat picture
COARSE = 96  # pixels of the shorter side of what its contrast is measured in: of means and of squares' means
GLOBE = 180, 360  # cells of a globe: a degree each


class Places:
    def __init__(self, pictures: Sequence[Tensor], spec: CropSpec, mask: Tensor | None, device: torch.device) -> None:
        rows = [_globe(p, spec, mask) if spec.projection == "equirectangular" else _flat(p, spec) for p in pictures]
        weights = torch.stack(rows).double()  # picture, row, column
        if float(weights.sum()) <= 0:
            raise InstallationError(
                "no place of these pictures has the contrast or the land that is asked for",
                "lower least_contrast and least_land of crops: in data.yaml",
            )
        self._shape = weights.shape
        self._until = (weights.flatten().cumsum(0) / weights.sum()).float().to(device)
        self.weights = weights

    def draw(self, count: int) -> tuple[Tensor, Tensor, Tensor]:
        """Which picture (count), and where from its left and its top in 0..1."""
        device = self._until.device
        chance, within = torch.rand(count, device=device), torch.rand(2, count, device=device)
        cell = torch.searchsorted(self._until, chance, right=True).clamp(max=self._until.numel() - 1)
        _, rows, columns = self._shape
        picture, cell = cell // (rows * columns), cell % (rows * columns)
        return picture, (cell % columns + within[0]) / columns, (cell // columns + within[1]) / rows


def grey(picture: Tensor) -> Tensor:
    """float32 (H, W) in 0..1."""
    red, green, blue = picture
    return (GREY[0] * red.float()).add_(green, alpha=GREY[1]).add_(blue, alpha=GREY[2]).div_(255)


def _flat(picture: Tensor, spec: CropSpec) -> Tensor:
    weight = torch.ones(FLAT, FLAT)
    if spec.weight == "even" and not spec.least_contrast:
        return weight
    tones = grey(picture)[None, None]
    share = min(1.0, COARSE / min(tones.shape[2:]))
    coarse = [max(1, round(full * share)) for full in tones.shape[2:]]
    side = max(1, round(min(coarse) * sum(spec.across) / 2))
    parts = (F.interpolate(part, coarse, mode="area") for part in (tones, tones**2))
    mean, square = (F.avg_pool2d(part, side, stride=1) for part in parts)
    contrast = (square - mean**2).clamp(min=0).sqrt()
    return _weighed(weight, F.interpolate(contrast, (FLAT, FLAT), mode="bilinear")[0, 0], spec)


def _globe(picture: Tensor, spec: CropSpec, mask: Tensor | None) -> Tensor:
    across = sum(spec.across) / 2
    latitude = 90 - 180 * (torch.arange(GLOBE[0]) + 0.5) / GLOBE[0]
    # Even on the sphere: rows are shorter towards the poles.
    weight = torch.where(latitude.abs() <= spec.latitudes, (latitude * pi / 180).cos(), 0.0)
    weight = weight.unsqueeze(1).repeat(1, GLOBE[1])
    if spec.weight == "contrast" or spec.least_contrast:
        tones = grey(picture)[None, None]
        mean, square = (around(F.adaptive_avg_pool2d(part, GLOBE)[0, 0], across) for part in (tones, tones**2))
        weight = _weighed(weight, (square - mean**2).clamp(min=0).sqrt(), spec)
    if spec.least_land and mask is not None:
        land = around(F.adaptive_avg_pool2d(mask.float()[None, None] / 255, GLOBE)[0, 0], across)
        weight = torch.where(land >= spec.least_land, weight, 0.0)
    return weight


def _weighed(weight: Tensor, contrast: Tensor, spec: CropSpec) -> Tensor:
    weight = torch.where(contrast >= spec.least_contrast, weight, 0.0)
    return weight * contrast if spec.weight == "contrast" else weight
