"""A GAN's training begins small. While pictures are 32 pixels wide a step costs a fiftieth, and what there is to learn
first, colours and masses, is all there: FastGAN (Liu et al. 2021, 2101.04775) and the progressive GAN (1710.10196) make
the same use of it. Then the side grows fourfold at a time, each new one faded in.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

FIRST = 32  # the side a training begins with
GROWTH = {32: 0.1, 128: 0.25}  # share of the budget after which that side is left behind
FADE = 0.03  # share of the budget for a new side to come in


def size(share: float, resolution: int) -> tuple[int, int, float]:
    """The side of now, the one before it, and how far 0..1 the new one has come in."""
    side = before = min(FIRST, resolution)
    since = 0.0
    for small, until in GROWTH.items():
        if share >= until and small < resolution:
            before, side, since = small, min(resolution, 4 * small), until
    return side, before, 1.0 if side == before else min(1.0, (share - since) / FADE)


def blurred(image: Tensor, side: int) -> Tensor:
    """(N, 3, S, S): what is seen of it at a lesser side."""
    whole = image.shape[2:]
    return F.interpolate(F.interpolate(image, size=(side, side), mode="area"), size=whole, mode="bilinear")
