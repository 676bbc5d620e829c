"""pix2pix's U-Net to be trained: Isola, Zhu, Zhou, Efros 2017 (1611.07004), section 6.1.1; networks/unet.py plays it.

    picture (N, C, S, S) in -1..1, S a multiple of 2^levels  ->  (N, 3, S, S) in -1..1

Nested as in the files of the paper's repository, so that ``state_dict()`` has the names that every program knows.
Instance norm: a picture then has one look, and a batch of one is as good as any. Dropout in the three widest levels is
the noise of the paper; a show leaves it out.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

SLOPE = 0.2
WIDEST = 8  # times the width of the first level
DROPPED = 3  # levels above the bottom that drop half of what they know
DEVIATION = 0.02  # of the weights at the beginning


class Level(nn.Module):
    """Half the size, what is inside, the whole size again; what came in is laid beside."""

    def __init__(self, wide: int, deep: int, inner: nn.Module | None, dropped: bool) -> None:
        super().__init__()
        middle = [] if inner is None else [nn.InstanceNorm2d(deep), inner]
        self.model = nn.Sequential(
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(wide, deep, 4, 2, 1),
            *middle,
            nn.ReLU(),
            nn.ConvTranspose2d(deep if inner is None else 2 * deep, wide, 4, 2, 1),
            nn.InstanceNorm2d(wide),
            *([nn.Dropout(0.5)] if dropped else []),
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.model(x)], 1)


class Outer(nn.Module):
    """The picture's own level: nothing is laid beside it."""

    def __init__(self, channels: int, width: int, inner: nn.Module) -> None:
        super().__init__()
        down, up = nn.Conv2d(channels, width, 4, 2, 1), nn.ConvTranspose2d(2 * width, 3, 4, 2, 1)
        self.model = nn.Sequential(down, inner, nn.ReLU(), up, nn.Tanh())

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.model(x)
        return made


class TrainedUNet(nn.Module):
    """``levels``: 8 brings 256 pixels down to one."""

    def __init__(self, channels: int, levels: int, width: int = 64) -> None:
        super().__init__()
        widths = [width * min(2**level, WIDEST) for level in range(levels)]
        inner: nn.Module | None = None
        for level in range(levels - 1, 0, -1):
            dropped = inner is not None and levels - 1 - DROPPED <= level < levels - 1
            inner = Level(widths[level - 1], widths[level], inner, dropped)
        if inner is None:
            raise ValueError("a U-Net has two levels or more")
        self.model = Outer(channels, width, inner)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.normal_(module.weight, std=DEVIATION)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, picture: Tensor) -> Tensor:
        made: Tensor = self.model(picture)
        return made


def levels_for(side: int) -> int:
    """Down to one pixel, or as far as halves go, at most eight levels."""
    levels = 0
    while side % 2 == 0 and levels < 8:
        side, levels = side // 2, levels + 1
    return levels
