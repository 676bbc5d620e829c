"""What a picture is when it is hardly seen: grey, soft, a quarter of the size; and that as numbers a network can use.

    SoftGrey   (N, 1, H, W) in 0..1  ->  (N, 1, H/4, W/4) in 0..1
    waves      (N, 1, h, w) in 0..1  ->  (N, 1 + 2 * len(WAVES), h, w)

Soft by a Gaussian and not by a coarse grid (Akten, Fiebrink, Grierson 2019, 2003.00902, scale down and up again): what
moves under a grid flickers, what moves under a Gaussian moves. The mean of 4x4 pixels comes first; it is blind to just
those frequencies that sampling every fourth would turn into slow beats.

Waves take the place of noise. An even table top is one number everywhere, and of one number a network paints one
colour; noise would bring detail, but stick to the screen while the picture moves. Sines of the grey itself (Tancik et
al. 2020, 2006.10739) bring it and move along. Where the grey runs so steeply that a wave is finer than the pixels, its
mean over a pixel is nothing: each is damped so (Barron et al. 2021, 2103.13415).
"""

from __future__ import annotations

from math import ceil, pi

import torch
from torch import Tensor, nn
from torch.nn import functional as F

QUARTER = 4
WAVES = (1, 2, 4, 8)  # periods from black to white
FEATURES = 1 + 2 * len(WAVES)
BOX = (QUARTER**2 - 1) / (12 * QUARTER**2)  # variance of the mean of 4, in quarter pixels squared
FOOTPRINT = 0.35  # deviation of what a pixel sees, in pixels


class SoftGrey(nn.Module):
    """``blur``: deviation in pixels of the whole picture. ``margin``: pixels that are added around, mirrored."""

    def __init__(self, blur: float, margin: int) -> None:
        super().__init__()
        self.margin = margin
        taps = gaussian((max(0.1, (blur / QUARTER) ** 2 - BOX)) ** 0.5)
        self.reach = len(taps) // 2
        self.register_buffer("across", taps.reshape(1, 1, 1, -1), persistent=False)
        self.register_buffer("down", taps.reshape(1, 1, -1, 1), persistent=False)

    def forward(self, grey: Tensor) -> Tensor:
        small = F.avg_pool2d(grey, QUARTER)
        edge = self.reach + self.margin // QUARTER
        small = F.pad(small, (edge, edge, edge, edge), mode="reflect")
        return F.conv2d(F.conv2d(small, self.across), self.down)


def gaussian(deviation: float) -> Tensor:
    """1-D, odd, sums to 1."""
    reach = max(1, ceil(3 * deviation))
    at = torch.arange(-reach, reach + 1, dtype=torch.float32)
    taps = torch.exp(-0.5 * (at / deviation) ** 2)
    return taps / taps.sum()


def waves(soft: Tensor) -> Tensor:
    padded = F.pad(soft, (1, 1, 1, 1), mode="replicate")
    right = (padded[:, :, 1:-1, 2:] - padded[:, :, 1:-1, :-2]) / 2
    down = (padded[:, :, 2:, 1:-1] - padded[:, :, :-2, 1:-1]) / 2
    steep = (right * right + down * down) * FOOTPRINT**2
    parts = [soft * 2 - 1]
    for count in WAVES:
        pace = 2 * pi * count
        damped = torch.exp(steep * (-0.5 * pace * pace))
        parts += [torch.sin(soft * pace) * damped, torch.cos(soft * pace) * damped]
    return torch.cat(parts, 1)
