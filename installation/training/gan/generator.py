"""The StyleGAN2 that is trained: Karras et al. 2020 (1912.04958), the skip architecture, sizes for a CPU at a show.

    mapping     z (N, z_dim)                                 ->  w (N, w_dim)
    synthesis   ws (N, num_ws, w_dim), side, mix 0..1        ->  (N, 3, side, side) in about -1..1

Parameters bear the official names and the official scale, so its state dict is a checkpoint that ``models convert``
knows. ``networks/stylegan2.py`` is the same network with its gains folded in, for shows.

``side`` may be less than the whole: a training begins small. ``mix`` fades the last ``side`` in over the one before.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.training.gan.layers import EPS, GAIN, SLOPE, Convolution, Dense, ToRGB

WIDEST = 192  # channels
LR_MULTIPLIER = 0.01  # of the mapping network


def widths(resolution: int, capacity: int, widest: int) -> dict[int, int]:
    """Channels by side: capacity / side, 32 or more, in multiples of 32: those are what processors take whole."""
    sides = [2**n for n in range(2, resolution.bit_length())]
    return {side: max(32, min(widest, capacity // side) // 32 * 32) for side in sides}


def doubled(x: Tensor) -> Tensor:
    """To twice the side through [1, 3, 3, 1]; zeros beyond the border, as at a show."""
    framed = F.pad(x, (1, 1, 1, 1))
    return F.interpolate(framed, scale_factor=2.0, mode="bilinear", align_corners=False)[:, :, 2:-2, 2:-2]


def resized(image: Tensor, side: int) -> Tensor:
    """A picture's side doubled, so often as it takes."""
    while image.shape[2] < side:
        image = doubled(image)
    return image


class Mapping(nn.Module):
    w_avg: Tensor

    def __init__(self, z_dim: int, w_dim: int, layers: int) -> None:
        super().__init__()
        sizes = [z_dim, *[w_dim] * layers]
        self.count = layers
        for index, (wide, out) in enumerate(pairwise(sizes)):
            self.add_module(f"fc{index}", Dense(wide, out, rate=LR_MULTIPLIER))
        self.register_buffer("w_avg", torch.zeros(w_dim))

    def forward(self, z: Tensor) -> Tensor:
        x = z * torch.rsqrt(z.square().mean(1, keepdim=True) + EPS)
        for index in range(self.count):
            x = F.leaky_relu(self.get_submodule(f"fc{index}")(x), SLOPE) * GAIN
        return x


class Block(nn.Module):
    """One side of 4, 8, 16 ...; the first begins with a constant."""

    def __init__(self, side: int, wide: int, out: int, w_dim: int) -> None:
        super().__init__()
        self.at = max(0, 2 * side.bit_length() - 7)  # its first place in ws
        if side == 4:
            self.const = nn.Parameter(torch.randn(out, 4, 4))
        else:
            self.conv0 = Convolution(wide, out, w_dim, side, up=True)
        self.conv1 = Convolution(out, out, w_dim, side, up=False)
        self.torgb = ToRGB(out, w_dim)

    def forward(self, x: Tensor | None, ws: Tensor) -> tuple[Tensor, Tensor]:
        at = self.at
        if x is None:
            x = self.const[None].expand(len(ws), -1, -1, -1)
        else:
            x = self.conv0(x, ws[:, at])
            at += 1
        x = self.conv1(x, ws[:, at])
        return x, self.torgb(x, ws[:, at + 1])


class Synthesis(nn.Module):
    def __init__(self, channels: dict[int, int], w_dim: int) -> None:
        super().__init__()
        wide = 0
        for side, out in channels.items():
            self.add_module(f"b{side}", Block(side, wide, out, w_dim))
            wide = out

    def forward(self, ws: Tensor, side: int, mix: float = 1.0, before: int = 0) -> Tensor:
        """``before``: the side that ``mix`` fades from."""
        x = image = faded = None
        at = 4
        while at <= side:
            x, painted = self.get_submodule(f"b{at}")(x, ws)
            image = painted if image is None else doubled(image) + painted
            if at == before:
                faded = image
            at *= 2
        if mix >= 1 or faded is None:
            return image
        return torch.lerp(resized(faded, side), image, mix)


class Generator(nn.Module):
    def __init__(
        self, resolution: int, capacity: int = 6144, z_dim: int = 128, w_dim: int = 128, layers: int = 4
    ) -> None:
        super().__init__()
        self.resolution, self.z_dim, self.w_dim = resolution, z_dim, w_dim
        self.num_ws = 2 * resolution.bit_length() - 4
        self.mapping = Mapping(z_dim, w_dim, layers)
        self.synthesis = Synthesis(widths(resolution, capacity, WIDEST), w_dim)
