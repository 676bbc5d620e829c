"""For small collections: what the discriminator sees is changed, real and painted alike; it learns nothing by heart.

DiffAugment: Zhao et al. 2020 (2006.10738). (N, 3, S, S) in -1..1, differentiable, each picture its own change:
brightness, saturation, contrast; a shift by up to an eighth; a square of half the side cut out.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

SHIFT = 0.125
CUT = 0.5


def augmented(image: Tensor) -> Tensor:
    return _cut(_shifted(_toned(image)))


def _each(image: Tensor, low: float, high: float) -> Tensor:
    return torch.empty(len(image), 1, 1, 1, device=image.device).uniform_(low, high)


def _toned(image: Tensor) -> Tensor:
    image = image + _each(image, -0.5, 0.5)
    grey = image.mean(1, keepdim=True)
    image = grey + (image - grey) * _each(image, 0.0, 2.0)
    mean = image.mean((1, 2, 3), keepdim=True)
    return mean + (image - mean) * _each(image, 0.5, 1.5)


def _shifted(image: Tensor) -> Tensor:
    """By whole pixels; what comes in is grey."""
    count, _, side, _ = image.shape
    most = max(1, round(side * SHIFT))
    by = torch.randint(-most, most + 1, (2, count, 1), device=image.device)
    places = torch.arange(side, device=image.device)
    rows, columns = (places + most + by[0], places + most + by[1])
    padded = F.pad(image, (most, most, most, most)).permute(0, 2, 3, 1)
    picked = padded[torch.arange(count, device=image.device)[:, None, None], rows[:, :, None], columns[:, None, :]]
    return picked.permute(0, 3, 1, 2)


def _cut(image: Tensor) -> Tensor:
    count, _, side, _ = image.shape
    size = round(side * CUT)
    centre = torch.randint(0, side + 1, (2, count, 1), device=image.device)
    places = torch.arange(side, device=image.device)
    inside = (places - centre + size // 2 >= 0) & (places - centre + size // 2 < size)
    hole = inside[0][:, :, None] & inside[1][:, None, :]
    return image * ~hole[:, None]
