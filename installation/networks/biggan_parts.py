"""What a BigGAN-deep is built of: blocks of four convolutions behind normalisations, and an attention.

    Block, Attention   x (N, C, H, W), affines: the gains and biases (N, C) of the normalisations still to come
        ->  (N, C or C/2, H or 2H, W or 2W)

``from_state`` takes a part's tensors by name, with the spectral norm folded in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.standing_norms import Norms, spectral
from installation.networks.state import State

CONVS = 4  # of a block, each behind a normalisation
Affines = Iterator[tuple[Tensor, Tensor]]


class Block(nn.Module):
    """1x1 down to a quarter, two 3x3, 1x1 up again, beside a skip that drops the upper half of the channels."""

    def __init__(self, weights: Sequence[Tensor], biases: Sequence[Tensor], up: bool) -> None:
        super().__init__()
        self.up, self.out = up, weights[-1].shape[0]
        self.weights, self.biases = nn.ParameterList(weights), nn.ParameterList(biases)

    def forward(self, x: Tensor, affines: Affines) -> Tensor:
        skip = x[:, : self.out]
        for index, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = normalised(x, *next(affines))
            if self.up and index == 1:
                x = F.interpolate(x, scale_factor=2.0, mode="nearest")
            x = F.conv2d(x, weight, bias, padding=weight.shape[-1] // 2)
        return x + (F.interpolate(skip, scale_factor=2.0, mode="nearest") if self.up else skip)

    @classmethod
    def from_state(cls, tensors: State, prefix: str, wide: int, norms: Norms, up: bool) -> Self:
        weights, biases, channels = [], [], wide
        for index in range(CONVS):
            norms.take(f"{prefix}.bn_{index}", channels)
            side = 1 if index in (0, CONVS - 1) else 3
            weights.append(spectral(tensors, f"{prefix}.conv_{index}", (None, channels, side, side)))
            channels = weights[-1].shape[0]
            biases.append(tensors.take(f"{prefix}.conv_{index}.bias", (channels,)))
        if channels not in (wide, wide // 2):
            raise ValueError(f"{prefix} makes {channels} channels of {wide}; its skip keeps all of them or half")
        return cls(weights, biases, up)


class Attention(nn.Module):
    """Every place asks all places of half the resolution. gamma is in ``answer``.

    With a head's axis of length 1, as backends know attention and fuse it: never the whole (H*W, H*W/4) in memory.
    """

    def __init__(self, theta: Tensor, phi: Tensor, g: Tensor, answer: Tensor) -> None:
        super().__init__()
        self.theta, self.phi = nn.Parameter(theta), nn.Parameter(phi)
        self.g, self.answer = nn.Parameter(g), nn.Parameter(answer)

    def forward(self, x: Tensor, affines: Affines) -> Tensor:
        asked = F.conv2d(x, self.theta)
        keys, values = (F.max_pool2d(F.conv2d(x, weight), 2) for weight in (self.phi, self.g))
        query, key, value = (part.flatten(2).transpose(1, 2)[:, None] for part in (asked, keys, values))
        seen = F.scaled_dot_product_attention(query, key, value, scale=1.0)
        seen = seen[:, 0].transpose(1, 2).reshape(x.shape[0], -1, x.shape[2], x.shape[3])
        return x + F.conv2d(seen, self.answer)

    @classmethod
    def from_state(cls, tensors: State, prefix: str, wide: int) -> Self:
        theta = spectral(tensors, f"{prefix}.snconv1x1_theta", (None, wide, 1, 1))
        phi = spectral(tensors, f"{prefix}.snconv1x1_phi", tuple(theta.shape))
        g = spectral(tensors, f"{prefix}.snconv1x1_g", (None, wide, 1, 1))
        answer = spectral(tensors, f"{prefix}.snconv1x1_o_conv", (wide, g.shape[0], 1, 1))
        return cls(theta, phi, g, answer * tensors.take(f"{prefix}.gamma", (1,)))


def normalised(x: Tensor, gain: Tensor, bias: Tensor) -> Tensor:
    return torch.relu(x * gain[:, :, None, None] + bias[:, :, None, None])
