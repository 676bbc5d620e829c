"""To twice the side through the filter [1, 3, 3, 1]: Karras et al. 2020 (1912.04958), after Zhang 2019 (1904.11486).

    Upsample        (N, C, S, S) -> (N, C, 2S, 2S), fast for the few channels of a picture
    upsampled       the same, fast for many channels
    doubling(C)     (C, 1, 4, 4), one filter a channel, with the gain 4 of a picture with zeros between its pixels

Zeros between the pixels, then the filter: together a transposed convolution, exact at the borders. Bilinear doubling
has the same weights, but repeats the outermost pixels; with a frame of zeros, cut off again, it is the same there too.

Which is fast depends on the backend. OpenVINO, bf16, ways around the blocks of a 256 x 256 resnet: transposed 73 ms a
frame, bilinear 3; a picture of three channels: transposed the faster.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

TAPS = (1.0, 3.0, 3.0, 1.0)


def doubling(channels: int) -> Tensor:
    taps = torch.tensor(TAPS) / (sum(TAPS) / 2)
    return torch.outer(taps, taps).repeat(channels, 1, 1, 1)


class Upsample(nn.Module):
    filter: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("filter", doubling(channels), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv_transpose2d(x, self.filter, stride=2, padding=1, groups=x.shape[1])


def upsampled(x: Tensor) -> Tensor:
    framed = F.pad(x, (1, 1, 1, 1))
    return F.interpolate(framed, scale_factor=2.0, mode="bilinear", align_corners=False)[:, :, 2:-2, 2:-2]
