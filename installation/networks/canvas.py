"""A canvas that is wider or higher than a StyleGAN2 was trained on, after the practice of widening its constant.

    const (C, 4, 4), noise (S, S)  ->  (C, rows, columns), (S * rows / 4, S * columns / 4)

All that follows the constant is convolutions, which take any size. The constant is stretched: what is large in the
picture grows with the canvas, while every detail keeps its size in pixels, so more of them fit. Noise, which has no
shape to stretch, is continued by its mirror image. A w stays a w: walks and directions mean what they mean.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

OWN = (4, 4)  # columns, rows of the constant
MOST = 32


def stretched(const: Tensor, canvas: tuple[int, int]) -> Tensor:
    columns, rows = canvas
    if canvas == OWN:
        return const
    if not (OWN[0] <= columns <= MOST and OWN[1] <= rows <= MOST):
        raise ValueError(f"the canvas is {columns}x{rows}, wanted {OWN[0]}..{MOST} each")
    return F.interpolate(const[None], size=(rows, columns), mode="bicubic", align_corners=True)[0]


def continued(noise: Tensor, canvas: tuple[int, int]) -> Tensor:
    columns, rows = canvas
    side = len(noise)
    return noise[_mirrored(side * rows // OWN[1], side)][:, _mirrored(side * columns // OWN[0], side)]


def _mirrored(length: int, side: int) -> Tensor:
    """0 1 2 2 1 0 0 1 ..."""
    at = torch.arange(length) % (2 * side)
    return torch.minimum(at, 2 * side - 1 - at)
