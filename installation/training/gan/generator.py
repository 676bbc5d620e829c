"""The StyleGAN2 that is trained: Karras et al. 2020 (1912.04958), the skip architecture, sizes for a CPU at a show.

    mapping     z (N, z_dim)                                 ->  w (N, w_dim)
    synthesis   ws (N, num_ws, w_dim), side, mix 0..1        ->  (N, 3, side, side) in about -1..1

Parameters bear the official names and the official scale (a layer's rate of learning does not hang on its width: Karras
et al. 2018, 1710.10196), so its state dict is a checkpoint that ``models convert`` knows. ``networks/stylegan2.py`` is
the same network with its gains folded in, for shows.

``side`` may be less than the whole: a training begins small. ``mix`` fades the last ``side`` in over the one before.
The stored noise is the one it will be shown with: a picture of a show holds still while its latent does.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SLOPE = 0.2
GAIN = 2**0.5
EPS = 1e-8
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


class Dense(nn.Module):
    """``weight`` is normal; ``rate`` scales what it learns (and so its values, up)."""

    def __init__(self, wide: int, out: int, bias: float = 0.0, rate: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out, wide) / rate)
        self.bias = nn.Parameter(torch.full((out,), bias))
        self.gain, self.rate = rate / wide**0.5, rate

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight * self.gain, self.bias * self.rate)


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


class Convolution(nn.Module):
    """3x3, steered by a style and demodulated; ``up``: to twice the side."""

    noise_const: Tensor

    def __init__(self, wide: int, out: int, w_dim: int, side: int, up: bool) -> None:
        super().__init__()
        self.up = up
        self.affine = Dense(w_dim, wide, bias=1.0)
        self.weight = nn.Parameter(torch.randn(out, wide, 3, 3))
        self.bias = nn.Parameter(torch.zeros(out))
        self.noise_strength = nn.Parameter(torch.zeros(()))
        self.register_buffer("noise_const", torch.randn(side, side))
        self.register_buffer("spread", spread(), persistent=False)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        weight = self.weight * (self.weight[0].numel() ** -0.5)
        with torch.autocast(x.device.type, enabled=False):
            style = self.affine(w)
            energy = F.linear(style.square(), weight.square().sum((2, 3)))
            if self.up:
                weight = self._phases(weight)
        x = F.conv2d(x * style[:, :, None, None].to(x.dtype), weight, padding=1)
        if self.up:
            x = _shuffled(x)
        # Few passes over the picture, which is what a step's time goes on: what is small is put together first.
        scale = (torch.rsqrt(energy + EPS) * GAIN)[:, :, None, None]
        shift = (self.noise_const * self.noise_strength + self.bias[:, None, None])[None] * GAIN
        return F.leaky_relu(torch.addcmul(shift.to(x.dtype), x, scale.to(x.dtype)), SLOPE)

    def _phases(self, weight: Tensor) -> Tensor:
        """(2 x 2 x out, in, 3, 3): the transposed convolution of stride 2 and the filter behind it are one of 6x6, and
        of those each pixel of a block of 2 x 2 meets its own 3 x 3. More products, but no pass of a filter over every
        channel for itself, which GPUs are slow at, most of all on the way back.
        """
        out, wide = weight.shape[:2]
        phases = (weight.reshape(-1, 9) @ self.spread).reshape(out, wide, 2, 3, 2, 3)
        return phases.permute(2, 4, 0, 1, 3, 5).reshape(4 * out, wide, 3, 3)


def spread() -> Tensor:
    """(9, 36): the taps of a 3 x 3 kernel to those of its phases, (row's phase, row, column's phase, column).

    Along one side: tap t of phase q is at 4 + q - 2 t of the six that the three make with the filter's four.
    """
    taps = torch.tensor((1.0, 3.0, 3.0, 1.0)) / 4
    six = torch.zeros(6, 3)
    for own in range(3):
        six[own : own + 4, own] = taps
    line = six[torch.tensor([[4, 2, 0], [5, 3, 1]])]  # phase, tap, own tap
    return torch.einsum("qti,rsj->ijqtrs", line, line).reshape(9, 36)


def _shuffled(x: Tensor) -> Tensor:
    """(N, 2 x 2 x C, H, W) -> (N, C, 2H, 2W), in the memory order that convolutions want: pixel_shuffle leaves it."""
    count, wide, height, width = x.shape
    x = x.permute(0, 2, 3, 1).reshape(count, height, width, 2, 2, wide // 4).permute(0, 1, 3, 2, 4, 5)
    return x.reshape(count, 2 * height, 2 * width, wide // 4).permute(0, 3, 1, 2)


class ToRGB(nn.Module):
    def __init__(self, wide: int, w_dim: int) -> None:
        super().__init__()
        self.affine = Dense(w_dim, wide, bias=1.0)
        self.weight = nn.Parameter(torch.randn(3, wide, 1, 1))
        self.bias = nn.Parameter(torch.zeros(3))

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        style = self.affine(w) * self.weight.shape[1] ** -0.5
        made = F.conv2d(x * style[:, :, None, None].to(x.dtype), self.weight)
        return made.float() + self.bias[None, :, None, None]


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
