"""The layers of StyleGAN3: a convolution steered by a style, and the filtered leaky relu behind it.

Karras et al. 2021 (2106.12423).

    FilteredLayer   x (N, in, S, S), w (N, w_dim)  ->  (N, out, T, T)
    FilteredToRGB   x (N, in, R, R), w (N, w_dim)  ->  (N, channels, R, R)

As in ``modulated.py``: input and output are scaled in place of the weight, and constant gains, linear in what was
trained, are folded in. The weight's own normalisation is left out, for demodulation takes it out again, and the style's
is over its own length: the official one, over the batch, cancels the same way and would make pictures depend on
their neighbours.

Channels are filled up with zeros to a multiple of 16, the width of a vector: 91 channels take twice the time of 96.
"""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.filtered_lrelu import FilteredLrelu, Resampling
from installation.networks.modulated import EPS, Affine
from installation.networks.state import State

VECTOR = 16


class FilteredLayer(nn.Module):
    """``weight`` (out, in, k, k) as stored; ``wide`` and ``out`` are the channels before they are filled up."""

    floor: Tensor

    def __init__(self, affine: Affine, weight: Tensor, bias: Tensor, gain: Tensor, size: int, active: FilteredLrelu):
        super().__init__()
        self.out, self.wide, self.kernel, _ = weight.shape
        fan_in = self.wide * self.kernel**2
        out, wide = filled(self.out), filled(self.wide)
        self.affine, self.active = affine, active
        # A factor on the whole weight goes out again with the demodulation; it keeps half precision in range.
        self.weight = nn.Parameter(_fill(weight / fan_in**0.5, out, wide))
        self.bias = nn.Parameter(_fill(bias, out))
        self.gain = nn.Parameter(gain.clone())
        floor = torch.ones(out)  # filled channels have no energy: without a floor of 1, half precision divides by 0
        floor[: self.out] = EPS / fan_in
        self.register_buffer("floor", floor)
        # Of the convolution's size + kernel - 1 rows, those that the activation reads.
        self.before = self.kernel - 1 - active.start
        self.after = active.stop - size

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        style = self.affine(w)
        style = style * torch.rsqrt(style.square().sum(1, keepdim=True) / self.wide)
        energy = F.linear(style.square(), self.weight.square().sum((2, 3)))
        demodulation = self.gain * torch.rsqrt(energy + self.floor)
        x = self._convolved(x * style[:, :, None, None])
        return self.active(x * demodulation[:, :, None, None] + self.bias[None, :, None, None])

    def _convolved(self, x: Tensor) -> Tensor:
        if self.before == self.after >= 0:
            return F.conv2d(x, self.weight, padding=self.before)
        return F.conv2d(F.pad(x, (self.before, self.after) * 2), self.weight)

    @classmethod
    def from_state(
        cls,
        state: State,
        prefix: str,
        *,
        wide: int,
        w_dim: int,
        kernel: int,
        sides: tuple[int, int],
        rates: tuple[int, int],
        taps: int,
        oversampling: int,
        radial: bool,
        clamp: float | None,
    ) -> Self:
        weight = state.take(f"{prefix}.weight", (None, wide, kernel, kernel))
        out = weight.shape[0]
        if rates[1] % rates[0]:
            raise ValueError(f"{prefix} leads from a rate of {rates[0]} to {rates[1]}, wanted a multiple")
        inside = rates[1] * oversampling
        up, down = inside // rates[0], inside // rates[1]
        up_filter = _filter(state, f"{prefix}.up_filter", up, taps, False)
        down_filter = _filter(state, f"{prefix}.down_filter", down, taps, radial)
        size = sides[0] + kernel - 1
        zeros = (sides[1] - 1) * down + 1 - size * up + len(up_filter) + len(down_filter) - 2
        how = Resampling(size, sides[1], up, down, (zeros + up) // 2)
        return cls(
            _affine(state, prefix, w_dim, wide),
            weight,
            state.take(f"{prefix}.bias", (out,)),
            torch.rsqrt(state.take(f"{prefix}.magnitude_ema", ())),
            sides[0],
            FilteredLrelu(filled(out), how, up_filter, down_filter, clamp),
        )


class FilteredToRGB(nn.Module):
    """1x1 convolution to the picture's channels, neither demodulated nor filtered."""

    def __init__(self, affine: Affine, weight: Tensor, bias: Tensor, clamp: float | None, scale: float) -> None:
        super().__init__()
        self.affine, self.clamp, self.scale = affine, clamp, scale
        self.weight = nn.Parameter(_fill(weight, weight.shape[0], filled(weight.shape[1])))
        self.bias = nn.Parameter(bias.clone())

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        x = F.conv2d(x * self.affine(w)[:, :, None, None], self.weight, self.bias)
        return (x if self.clamp is None else x.clamp(-self.clamp, self.clamp)) * self.scale

    @classmethod
    def from_state(
        cls, state: State, prefix: str, wide: int, w_dim: int, channels: int, clamp: float | None, scale: float
    ) -> Self:
        weight = state.take(f"{prefix}.weight", (channels, wide, 1, 1))
        gain = float(torch.rsqrt(state.take(f"{prefix}.magnitude_ema", ()) * wide))
        bias = state.take(f"{prefix}.bias", (channels,))
        return cls(_affine(state, prefix, w_dim, wide, gain), weight, bias, clamp, scale)


def filled(channels: int) -> int:
    return -(-channels // VECTOR) * VECTOR


def _fill(x: Tensor, *lengths: int) -> Tensor:
    """Zeros behind the first axes, up to ``lengths``."""
    made = x.new_zeros(*lengths, *x.shape[len(lengths) :])
    made[tuple(slice(n) for n in x.shape)] = x
    return made


def _affine(state: State, prefix: str, w_dim: int, wide: int, gain: float = 1.0) -> Affine:
    trained = Affine.from_state(state, prefix, w_dim, wide, gain)
    made = Affine(w_dim, filled(wide))
    made.weight.copy_(_fill(trained.weight, filled(wide)))
    made.bias.copy_(_fill(trained.bias, filled(wide)))
    return made


def _filter(state: State, name: str, factor: int, taps: int, radial: bool) -> Tensor:
    """The stored filter; none is stored where the rate stays."""
    if factor == 1:
        return torch.ones(1)
    return state.take(name, (taps * factor,) * (2 if radial else 1))
