"""What is exported: a network with the conversion to and from bytes inside, so that every backend gives the same bytes.

    LatentToRGBA   z (1, Z) float32, classes (1, K) float32                              -> uint8 (1, H, W, 4)
    ImageToRGBA    image (1, H, W, 3) uint8, styles (1, S) float32, strength (1,) float32 -> uint8 (1, H, W, 4)

Layout change, clamp and rounding cost nothing measurable inside the graph and a copy of the picture outside it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LatentToRGBA(nn.Module):
    """``net(z, classes) -> (1, 3, H, W)`` in -1..1."""

    inputs = ("z", "classes")

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, z: Tensor, classes: Tensor) -> Tensor:
        return to_rgba(self.net(z, classes) * 0.5 + 0.5)


class ImageToRGBA(nn.Module):
    """``net(image, styles) -> (1, 3, H, W)``, both pictures in 0..1. ``strength`` 0 shows the picture itself."""

    inputs = ("image", "styles", "strength")

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor, styles: Tensor, strength: Tensor) -> Tensor:
        plain = image.permute(0, 3, 1, 2).to(torch.float32) / 255
        return to_rgba(torch.lerp(plain, self.net(plain, styles), strength))


def to_rgba(picture: Tensor) -> Tensor:
    """(N, 3, H, W) in 0..1 -> uint8 (N, H, W, 4), opaque. The cast truncates, so a half is added first."""
    levels = torch.clamp(picture, 0, 1) * 255 + 0.5
    opaque = torch.full_like(levels[:, :1], 255)
    return torch.cat([levels, opaque], 1).permute(0, 2, 3, 1).to(torch.uint8)
