"""Convolutions steered by a style, the layers of StyleGAN 2. Karras et al. 2020 (1912.04958).

    StyleLayer, UpStyleLayer   x (N, in, S, S), w (N, w_dim), noise (scalar)  ->  (N, out, S or 2S, S or 2S)
    ToRGB                      x (N, in, S, S), w (N, w_dim)                  ->  (N, channels, S, S)
    Skip                       x (N, in, S, S)                                ->  (N, out, 2S, 2S)

The paper scales the weights by the style, a kernel a sample. Scaling the input and, after an ordinary convolution, the
output is the same to rounding, and the only form with one constant kernel, which is what backends are fast at.

Constant gains are folded in, each linear in what was trained, and the demodulation is made from the weight in every
run: blending two networks' parameters so blends the two checkpoints. Backends fold that part into a constant.
"""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.canvas import continued
from installation.networks.state import State
from installation.networks.upsample import doubling, upsampled

EPS = 1e-8
LARGEST = 4e4  # with a gain, what half precision holds
SLOPE = 0.2
GAIN = 2**0.5  # behind every leaky relu


class Affine(nn.Linear):
    """w to one number a channel; the resting style, 1, is already in the trained bias."""

    @classmethod
    def from_state(cls, state: State, prefix: str, w_dim: int, out: int, gain: float = 1.0) -> Self:
        net = cls(w_dim, out)
        net.weight.copy_(state.take(f"{prefix}.affine.weight", (out, w_dim)) * (gain / w_dim**0.5))
        net.bias.copy_(state.take(f"{prefix}.affine.bias", (out,)) * gain)
        return net


class StyleLayer(nn.Module):
    """3x3 convolution, demodulation, stored noise, bias, leaky relu and its ``gain``, ``clamp`` to +-."""

    noise_const: Tensor

    def __init__(
        self, affine: Affine, weight: Tensor, size: int, gain: float = GAIN, clamp: float | None = None
    ) -> None:
        super().__init__()
        out, wide = weight.shape[:2]
        self.affine = affine
        self.gain, self.clamp = gain, None if clamp is None else clamp * gain / GAIN
        # A factor on the whole weight goes out again with the demodulation; it keeps half precision in range.
        self.fan_in = wide * 9
        self.weight = nn.Parameter(self.stored(weight / self.fan_in**0.5))
        self.bias = nn.Parameter(torch.zeros(out))
        self.noise_strength = nn.Parameter(torch.zeros(()))
        self.register_buffer("noise_const", torch.zeros(size, size))

    def forward(self, x: Tensor, w: Tensor, noise: Tensor) -> Tensor:
        style = self.affine(w)
        x = self.convolved(x * style[:, :, None, None]) * self.demodulation(style)[:, :, None, None]
        # All of rank 4: with one operand of another rank OpenVINO leaves its layout, and spends a third on going back.
        grain = self.noise_const[None, None] * (self.noise_strength * noise).reshape(1, 1, 1, 1)
        return clamped(F.leaky_relu(x + grain + self.bias[None, :, None, None], SLOPE), self.clamp)

    def demodulation(self, style: Tensor) -> Tensor:
        """What brings each output channel back to a standard deviation of 1, times the gain.

        The smallest number goes in as a bias: an exporter takes away an addition that small. A dead channel would be
        divided by 0 in half precision, where that number is 0; LARGEST keeps it 0.
        """
        smallest = torch.full_like(self.bias, EPS / self.fan_in)
        energy = F.linear(style.square(), self.energy(), smallest)
        return self.gain * torch.rsqrt(energy).clamp(max=LARGEST)

    def stored(self, weight: Tensor) -> Tensor:
        """As the weight is kept, from (out, in, 3, 3)."""
        return weight

    def energy(self) -> Tensor:
        """(out, in): the sum over a kernel's squares."""
        return self.weight.square().sum((2, 3))

    def convolved(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.weight, padding=1)

    @classmethod
    def from_state(
        cls,
        state: State,
        prefix: str,
        *,
        wide: int,
        w_dim: int,
        size: int,
        canvas: tuple[int, int],
        gain: float,
        clamp: float | None,
    ) -> Self:
        weight = state.take(f"{prefix}.weight", (None, wide, 3, 3))
        net = cls(Affine.from_state(state, prefix, w_dim, wide), weight, size, gain, clamp)
        net.bias.copy_(state.take(f"{prefix}.bias", (weight.shape[0],)) * gain)
        net.noise_strength.copy_(state.take(f"{prefix}.noise_strength", ()) * gain)
        net.noise_const = continued(state.take(f"{prefix}.noise_const", (size, size)), canvas).clone()
        return net


class UpStyleLayer(StyleLayer):
    """The same to twice the side: a stride-2 transposed convolution, then the filter."""

    filter: Tensor

    def __init__(
        self, affine: Affine, weight: Tensor, size: int, gain: float = GAIN, clamp: float | None = None
    ) -> None:
        super().__init__(affine, weight, size, gain, clamp)
        self.register_buffer("filter", doubling(weight.shape[0]), persistent=False)

    def stored(self, weight: Tensor) -> Tensor:
        return weight.transpose(0, 1).contiguous()

    def energy(self) -> Tensor:
        return self.weight.square().sum((2, 3)).T

    def convolved(self, x: Tensor) -> Tensor:
        x = F.conv_transpose2d(x, self.weight, stride=2)
        return F.conv2d(x, self.filter, padding=1, groups=x.shape[1])


class ToRGB(nn.Module):
    """1x1 convolution to the picture's channels, not demodulated."""

    def __init__(self, affine: Affine, weight: Tensor, clamp: float | None) -> None:
        super().__init__()
        self.affine, self.clamp = affine, clamp
        self.weight = nn.Parameter(weight.clone())
        self.bias = nn.Parameter(torch.zeros(weight.shape[0]))

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        x = F.conv2d(x * self.affine(w)[:, :, None, None], self.weight, self.bias)
        return clamped(x, self.clamp)

    @classmethod
    def from_state(
        cls, state: State, prefix: str, *, wide: int, w_dim: int, channels: int, clamp: float | None
    ) -> Self:
        weight = state.take(f"{prefix}.weight", (channels, wide, 1, 1))
        net = cls(Affine.from_state(state, prefix, w_dim, wide, wide**-0.5), weight, clamp)
        net.bias.copy_(state.take(f"{prefix}.bias", (channels,)))
        return net


class Skip(nn.Module):
    """The way around a resnet's block: 1x1 convolution without a style, and upsampled."""

    def __init__(self, weight: Tensor, clamp: float | None) -> None:
        super().__init__()
        self.clamp = clamp
        self.weight = nn.Parameter(weight)

    def forward(self, x: Tensor) -> Tensor:
        return clamped(upsampled(F.conv2d(x, self.weight)), self.clamp)

    @classmethod
    def from_state(cls, state: State, prefix: str, wide: int, out: int, *, gain: float, clamp: float | None) -> Self:
        weight = state.take(f"{prefix}.weight", (out, wide, 1, 1))
        return cls(weight * (gain / wide**0.5), None if clamp is None else clamp * gain)


def clamped(x: Tensor, limit: float | None) -> Tensor:
    return x if limit is None else x.clamp(-limit, limit)
