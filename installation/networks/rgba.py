"""What is exported for a show: a network with the conversion to and from bytes inside, so that every backend gives the
same bytes.

    PaintsRGBA     the network's own inputs                                       -> uint8 (N, H, W, 4)
    RepaintsRGBA   image (N, H, W, C) uint8, its other inputs, strength (1,)      -> uint8 (N, H, W, 4)
    RepaintsLabels image (N, H, W, 1) uint8 labels, strength (1,)                 -> uint8 (N, H, W, 4)

Grey pictures become RGB; a picture that has an alpha keeps it. Layout change, clamp and rounding cost nothing
measurable inside the graph and a copy of the picture outside it. They are done in float32 whatever the network
computes in: half has no room between two of 255 levels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class PaintsRGBA(nn.Module):
    """``net(*inputs) -> (N, 1 | 3 | 4, H, W)`` in low..high."""

    def __init__(self, net: nn.Module, low: float, high: float) -> None:
        super().__init__()
        self.net = net
        self.low, self.high = low, high

    def forward(self, *inputs: Tensor) -> Tensor:
        return to_rgba((self.net(*inputs).float() - self.low) / (self.high - self.low))


class RepaintsRGBA(nn.Module):
    """``net(image, *others) -> picture``, both in low..high. ``strength`` 0 shows the picture itself."""

    def __init__(self, net: nn.Module, low: float, high: float) -> None:
        super().__init__()
        self.net = net
        self.low, self.high = low, high

    def forward(self, image: Tensor, *others_and_strength: Tensor) -> Tensor:
        *others, strength = others_and_strength
        plain = image.permute(0, 3, 1, 2).to(torch.float32) / 255
        made = self.net(plain * (self.high - self.low) + self.low, *others).float()
        return to_rgba(torch.lerp(plain, (made - self.low) / (self.high - self.low), strength))


class RepaintsLabels(nn.Module):
    """``net(one channel a label) -> picture in -1..1``. A label that the network does not know is none of them, and the
    channel of edges between instances stays empty. ``strength`` 0 shows the map, its labels as greys.
    """

    def __init__(self, net: nn.Module, channels: int, labels: int) -> None:
        super().__init__()
        self.net, self.labels = net, labels
        self.register_buffer("known", torch.arange(channels, dtype=torch.float32).reshape(1, -1, 1, 1))

    def forward(self, image: Tensor, strength: Tensor) -> Tensor:
        numbers = image.permute(0, 3, 1, 2).to(torch.float32)
        known = (numbers < self.labels).to(torch.float32)
        made = self.net((numbers == self.known).to(torch.float32) * known).float()
        return to_rgba(torch.lerp(numbers / max(1, self.labels - 1), made * 0.5 + 0.5, strength))


def to_rgba(picture: Tensor) -> Tensor:
    """(N, 1 | 3 | 4, H, W) in 0..1 -> uint8 (N, H, W, 4). The cast truncates, so a half is added first."""
    levels = torch.clamp(picture, 0, 1) * 255 + 0.5
    if levels.shape[1] == 1:
        levels = levels.expand(-1, 3, -1, -1)
    if levels.shape[1] == 3:
        levels = torch.cat([levels, torch.full_like(levels[:, :1], 255)], 1)
    return levels.permute(0, 2, 3, 1).to(torch.uint8)
