"""Convolutions in another arrangement: exactly the same picture, several times as fast on a CPU.

A transposed convolution of 4x4, stride 2, padding 1 leaves the fast path of CPU backends, while its four output phases
(even and odd rows and columns) are each a 2x2 convolution of the same input. ``phases`` makes it Conv2d 2x2, padding 1,
to 4*out channels, then pixel_shuffle and a crop of 1. One of 3x3 is fast as it is, and its phases no faster.

A convolution to three channels uses 3 of the 16 that a CPU computes at once. ``squares`` makes it one of stride 2 to
the four pixels of every square, then pixel_shuffle: 12 of 16, and nearly a quarter of the work.

A bias is repeated for the four phases; a gain a channel commutes with the shuffle, and so does an activation.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def phases(kernel: Tensor) -> Tensor:
    """ConvTranspose2d weight (in, out, 4, 4) of stride 2, padding 1 -> Conv2d weight (4*out, in, 2, 2).

    Along one axis y[2m] = w[3] x[m-1] + w[1] x[m] and y[2m+1] = w[2] x[m] + w[0] x[m+1]. After the crop the odd phase
    of pixel_shuffle is y[2m], so the phases take taps (2, 0) and (3, 1).
    """
    taps = torch.tensor([[2, 0], [3, 1]])
    wide, out = kernel.shape[:2]
    split = kernel[:, :, taps[:, None, :, None], taps[None, :, None, :]]  # (in, out, phase y, phase x, 2, 2)
    return split.permute(1, 2, 3, 0, 4, 5).reshape(4 * out, wide, 2, 2)


def squares(kernel: Tensor) -> Tensor:
    """Conv2d weight (out, in, k, k) of stride 1 -> weight (4*out, in, k+1, k+1) of stride 2, the same padding."""
    moved = [F.pad(kernel, (x, 1 - x, y, 1 - y)) for y in (0, 1) for x in (0, 1)]
    return torch.stack(moved, 1).flatten(0, 1)


def upsample(conv: nn.Module, x: Tensor) -> Tensor:
    """``conv`` holds ``phases`` and pads by 1."""
    return F.pixel_shuffle(conv(x), 2)[:, :, 1:-1, 1:-1]
