"""What the two networks of a StyleGAN2 are made of while they learn. Karras et al. 2020 (1912.04958).

    Dense        (N, in) -> (N, out)
    Convolution  x (N, in, S, S), w (N, w_dim) -> (N, out, S or 2S, S or 2S)
    ToRGB        x (N, in, S, S), w (N, w_dim) -> (N, 3, S, S)

A layer's rate of learning does not hang on its width (Karras et al. 2018, 1710.10196): weights are kept normal and
scaled where they are used. The stored noise is the one it will be shown with: a picture holds still while its w does.
"""

from __future__ import annotations

from typing import Any

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
        scale = torch.rsqrt(energy + EPS) * GAIN
        made: Tensor = Activation.apply(x, scale, self.bias * GAIN, self.noise_strength * GAIN, self.noise_const)
        return made

    def _phases(self, weight: Tensor) -> Tensor:
        """(2 x 2 x out, in, 3, 3): the transposed convolution of stride 2 and the filter behind it are one of 6x6, and
        of those each pixel of a block of 2 x 2 meets its own 3 x 3. More products, but no pass of a filter over every
        channel for itself, which GPUs are slow at, most of all on the way back.
        """
        out, wide = weight.shape[:2]
        phases = (weight.reshape(-1, 9) @ self.spread).reshape(out, wide, 2, 3, 2, 3)
        return phases.permute(2, 4, 0, 1, 3, 5).reshape(4 * out, wide, 3, 3)


class Activation(torch.autograd.Function):
    """leaky_relu(x * scale + bias + strength * noise): x (N, C, H, W), scale (N, C), bias (C,), noise (H, W).

    Most of a step's time goes on passes over pictures, not on products. This is two of them forward and three back, in
    the memory order of the convolutions, with the sums of the small gradients as products; left to autograd it is
    twice as many, half of them across the memory order. Differentiable twice, for the path length.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, scale: Tensor, bias: Tensor, strength: Tensor, noise: Tensor) -> Tensor:
        pixels = x.permute(0, 2, 3, 1)
        shift = (noise[:, :, None] * strength + bias).to(x.dtype)
        made = F.leaky_relu_(torch.addcmul(shift, pixels, scale[:, None, None, :].to(x.dtype)), SLOPE)
        ctx.save_for_backward(x, scale, noise, made)
        return made.permute(0, 3, 1, 2)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        x, scale, noise, made = ctx.saved_tensors
        before = torch.ops.aten.leaky_relu_backward(gradients[0].permute(0, 2, 3, 1), made, SLOPE, True)
        of_x = before * scale[:, None, None, :].to(x.dtype)
        flat, pixels = before.flatten(1, 2), x.permute(0, 2, 3, 1).flatten(1, 2)
        even = torch.ones_like(noise)
        of_scale = torch.matmul(even.reshape(1, 1, -1).to(x.dtype), flat * pixels)[:, 0]
        sums = torch.matmul(torch.stack([even, noise]).flatten(1).to(x.dtype), flat).to(scale.dtype).sum(0)
        return of_x.permute(0, 3, 1, 2), of_scale.to(scale.dtype), sums[0], sums[1].sum(), None


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
