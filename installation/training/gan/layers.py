"""What the two networks of a StyleGAN2 are made of while they learn. Karras et al. 2020 (1912.04958).

    Dense        (N, in) -> (N, out)
    Convolution  x (N, in, S, S), w (N, w_dim) -> (N, out, S or 2S, S or 2S)
    ToRGB        x (N, in, S, S), w (N, w_dim) -> (N, 3, S, S)

A layer's rate of learning does not hang on its width (Karras et al. 2018, 1710.10196): weights are kept normal and
scaled where they are used. The stored noise is the one it will be shown with: a picture holds still while its w does.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SLOPE = 0.2
GAIN = 2**0.5  # behind every leaky relu
EPS = 1e-8


class Dense(nn.Module):
    """``weight`` is normal; ``rate`` scales what it learns (and so its values, up)."""

    def __init__(self, wide: int, out: int, bias: float = 0.0, rate: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out, wide) / rate)
        self.bias = nn.Parameter(torch.full((out,), bias))
        self.gain, self.rate = rate / wide**0.5, rate

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight * self.gain, self.bias * self.rate)


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
