"""StyleGAN3's first layer: a picture of plane waves that can be moved, turned and scaled exactly.

Karras et al. 2021 (2106.12423), section 3.1 and appendix F.1.

    w (N, w_dim), transform (3, 3)  ->  (N, C, size, size)

``transform`` takes a point of the picture, in its sides from the middle, y downwards, to where the waves are looked up:
it is the inverse of the picture's own movement, and its last row is 0 0 1. w adds a turn and a shift of its own. A
wave that a zoom pushes out of the layer's band is faded out.

A plane wave over a grid is made of waves along its axes, sin(a + b) = sin a cos b + cos a sin b: a frame takes sines of
4 C size numbers and not of C size^2.

Angles want float32: rounded to bf16 or half, the picture moves in jumps of a pixel. Backends find what leads to a sine
and leave it as it is, but know it again only in operations that they do not rewrite. So up to the angles there are
products, sums, reshapes and one power here, and neither slices nor divisions nor matrix products.
"""

from __future__ import annotations

from math import pi
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.filtered_layer import filled
from installation.networks.modulated import Affine
from installation.networks.state import State


class FourierInput(nn.Module):
    """``weight`` (C, C). ``rate`` in samples a picture's side, ``bandwidth`` in waves a side. C is filled up."""

    turns: Tensor
    phases: Tensor
    places: Tensor
    pick_turn: Tensor
    pick_shift: Tensor
    pick_offset: Tensor
    pick_linear: Tensor
    pick_x: Tensor

    def __init__(
        self, affine: Affine, freqs: Tensor, phases: Tensor, weight: Tensor, size: int, rate: float, bandwidth: float
    ) -> None:
        super().__init__()
        self.affine = affine
        self.rate, self.bandwidth, self.size = rate, bandwidth, size
        self.wide = len(weight)
        self.weight = nn.Parameter(F.pad(weight, (0, 0, 0, filled(self.wide) - self.wide))[:, :, None, None])
        # What w's cosine and what its sine multiply in the turned frequencies, as (4, 2 C): its shift multiplies none.
        across = torch.stack([freqs[:, 1], -freqs[:, 0]], 1)
        self.register_buffer("turns", F.pad(torch.stack([freqs.flatten(), across.flatten()]), (0, 0, 0, 2)))
        self.register_buffer("phases", phases.clone())
        along = ((torch.arange(size) + 0.5) / size * 2 - 1) * (size / (2 * rate))
        self.register_buffer("places", 2 * pi * along)
        eye = torch.eye(9)
        self.register_buffer("pick_turn", eye[:4, :2].sum(1, keepdim=True))
        self.register_buffer("pick_shift", -eye[:4, 2:4].clone())
        self.register_buffer("pick_offset", eye[:, [2, 5]])
        self.register_buffer("pick_linear", eye[:, [0, 1, 3, 4]])
        self.register_buffer("pick_x", 2 * pi * eye[:2, :1])

    def forward(self, w: Tensor, transform: Tensor) -> Tensor:
        freqs, angles = self._angles(w, transform)
        height = freqs.square().sum(2).sqrt()
        loud = (1 - (height - self.bandwidth) / (self.rate / 2 - self.bandwidth)).clamp(0, 1)[:, :, None]
        sines, cosines = torch.sin(angles), torch.cos(angles)
        waves = (sines[:, :, 0] * loud)[:, :, None] * cosines[:, :, 1, :, None]
        waves = waves + (cosines[:, :, 0] * loud)[:, :, None] * sines[:, :, 1, :, None]
        return F.conv2d(waves, self.weight)

    def _angles(self, w: Tensor, transform: Tensor) -> tuple[Tensor, Tensor]:
        """Frequencies (N, C, 2), and angles along x and y, (N, C, 2, size)."""
        count, channels = w.shape[0], self.wide
        # What is added to a sum is spread over its terms: OpenVINO (2026.4) fuses it with the sum, and for more than
        # one picture it then adds the wrong numbers.
        bias = self.affine.bias.reshape(4, 1) / self.affine.in_features
        t = (w.reshape(count, 1, -1) * self.affine.weight.reshape(1, 4, -1) + bias).sum(2).reshape(count, 4, 1)
        t = t * (t.square() * self.pick_turn).sum(1, keepdim=True).pow(-0.5)
        matrix = transform.reshape(9, 1)
        shift = (matrix * self.pick_offset).sum(0).reshape(1, 1, 2) + (t * self.pick_shift).sum(1).reshape(count, 1, 2)
        freqs = (t * self.turns).sum(1).reshape(count, channels, 2)
        phases = (freqs * shift + self.phases.reshape(channels, 1) / 2).sum(2).reshape(count, channels, 1, 1)
        linear = (matrix * self.pick_linear).sum(0).reshape(1, 1, 2, 2)
        freqs = (freqs.reshape(count, channels, 2, 1) * linear).sum(2)
        angles = freqs.reshape(count, channels, 2, 1) * self.places
        return freqs, angles + phases * self.pick_x

    @classmethod
    def from_state(cls, state: State, prefix: str, *, w_dim: int, size: int, rate: float, bandwidth: float) -> Self:
        weight = state.take(f"{prefix}.weight", (None, None))
        channels = weight.shape[0]
        if weight.shape[1] != channels:
            raise ValueError(f"{prefix}.weight is {tuple(weight.shape)}, wanted a square")
        freqs = state.take(f"{prefix}.freqs", (channels, 2))
        phases = state.take(f"{prefix}.phases", (channels,))
        affine = Affine.from_state(state, prefix, w_dim, 4)
        return cls(affine, freqs, phases, weight / channels**0.5, size, rate, bandwidth)
