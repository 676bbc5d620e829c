"""StyleGAN2's synthesis in its papers' own arithmetic. Karras et al. 2020: 1912.04958, 2.2 and 4; 2006.06676 (ADA).

    ws (N, num_ws, w_dim), noise (num_noise)  ->  (N, channels, R, R) in about -1..1

A style scales the weights themselves, a kernel a sample; demodulation brings each kernel back to length 1; samples run
side by side as the groups of one convolution. Twice the side is a transposed convolution and the filter [1, 3, 3, 1],
every channel for itself. Noise is what was stored, times its strength. Pictures of all sides are summed (the
architecture "skip"). Modules are named as in a checkpoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

EPS = 1e-8
SLOPE = 0.2
GAIN = 2**0.5  # behind every leaky relu
TAPS = (1.0, 3.0, 3.0, 1.0)
PREFIX = "synthesis."


def filter_of(channels: int) -> Tensor:
    """One a channel, (C, 1, 4, 4), with the gain 4 that zeros between pixels ask for."""
    taps = torch.tensor(TAPS) / (sum(TAPS) / 2)
    return taps.outer(taps).repeat(channels, 1, 1, 1)


class Affine(nn.Linear):
    """w to one number a channel; the weight is scaled when it runs (Karras 2018, 1710.10196, section 4.1)."""

    def forward(self, w: Tensor) -> Tensor:
        return F.linear(w * self.in_features**-0.5, self.weight, self.bias)


class StyledConv(nn.Module):
    """3x3 convolution to ``side``, demodulated, noise, bias, leaky relu and its gain, clamped to +-``clamp``."""

    def __init__(self, wide: int, out: int, w_dim: int, side: int, up: bool, clamp: float | None) -> None:
        super().__init__()
        self.up, self.clamp = up, clamp
        self.affine = Affine(w_dim, wide)
        self.weight = nn.Parameter(torch.zeros(out, wide, 3, 3))
        self.bias = nn.Parameter(torch.zeros(out))
        self.noise_strength = nn.Parameter(torch.zeros(()))
        self.register_buffer("noise_const", torch.zeros(side, side))
        self.register_buffer("filter", filter_of(out) if up else None, persistent=False)

    def forward(self, x: Tensor, w: Tensor, noise: Tensor) -> Tensor:
        weight = self.weight * self.affine(w)[:, None, :, None, None]  # (N, out, in, 3, 3)
        weight = weight * torch.rsqrt(weight.square().sum((2, 3, 4), keepdim=True) + EPS)
        x = self.doubled(x, weight) if self.up else convolved(x, weight)
        x = x.add_(self.noise_const * (self.noise_strength * noise)).add_(self.bias[:, None, None])
        return clamped(F.leaky_relu(x, SLOPE, inplace=True).mul_(GAIN), self.clamp)

    def doubled(self, x: Tensor, weight: Tensor) -> Tensor:
        count, out, wide = weight.shape[:3]
        weight = weight.transpose(1, 2).reshape(count * wide, out, 3, 3)
        x = F.conv_transpose2d(x.reshape(1, count * wide, *x.shape[2:]), weight, stride=2, groups=count)
        return F.conv2d(x.reshape(count, out, *x.shape[2:]), self.filter, padding=1, groups=out)


class ToRGB(nn.Module):
    """1x1 convolution to the picture's channels, not demodulated."""

    def __init__(self, wide: int, channels: int, w_dim: int, clamp: float | None) -> None:
        super().__init__()
        self.clamp, self.gain = clamp, wide**-0.5
        self.affine = Affine(w_dim, wide)
        self.weight = nn.Parameter(torch.zeros(channels, wide, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        weight = self.weight * (self.affine(w) * self.gain)[:, None, :, None, None]
        return clamped(convolved(x, weight).add_(self.bias[:, None, None]), self.clamp)


class Block(nn.Module):
    """One side: ``conv0`` to it, ``conv1``, ``torgb``; 4x4 has ``const`` in place of conv0."""

    def __init__(self, wide: int, out: int, channels: int, w_dim: int, side: int, clamp: float | None) -> None:
        super().__init__()
        if side == 4:
            self.const = nn.Parameter(torch.zeros(out, 4, 4))
        else:
            self.conv0 = StyledConv(wide, out, w_dim, side, True, clamp)
        self.conv1 = StyledConv(out, out, w_dim, side, False, clamp)
        self.torgb = ToRGB(out, channels, w_dim, clamp)


class PlainSynthesis(nn.Module):
    """``widths``: channels at 4x4, 8x8 ..."""

    def __init__(self, widths: list[int], channels: int, w_dim: int, clamp: float | None) -> None:
        super().__init__()
        self.blocks = nn.ModuleDict()
        for level, out in enumerate(widths):
            side = 4 * 2**level
            self.blocks[f"b{side}"] = Block(widths[level - 1], out, channels, w_dim, side, clamp)
        self.register_buffer("filter", filter_of(channels), persistent=False)

    def forward(self, ws: Tensor, noise: Tensor) -> Tensor:
        first, *others = self.blocks.values()
        x = first.const.expand(len(ws), -1, -1, -1)
        x = first.conv1(x, ws[:, 0], noise[0])
        image = first.torgb(x, ws[:, 1])
        for level, block in enumerate(others):
            at = 2 * level + 1  # the w of a picture is also that of the next convolution
            x = block.conv0(x, ws[:, at], noise[at])
            x = block.conv1(x, ws[:, at + 1], noise[at + 1])
            image = F.conv_transpose2d(image, self.filter, stride=2, padding=1, groups=image.shape[1])
            image = image + block.torgb(x, ws[:, at + 2])
        return image

    @classmethod
    def from_state(cls, tensors: Mapping[str, Tensor], clamp: float | None = None) -> Self:
        """Of the whole network's tensors, the synthesis."""
        state = {name.removeprefix(PREFIX): tensor for name, tensor in tensors.items() if name.startswith(PREFIX)}
        sides = [4 * 2**level for level in range(len(state)) if f"b{4 * 2**level}.conv1.weight" in state]
        channels, w_dim = len(state["b4.torgb.bias"]), state["b4.conv1.affine.weight"].shape[1]
        net = cls([len(state[f"b{side}.conv1.bias"]) for side in sides], channels, w_dim, clamp)
        net.blocks.load_state_dict(state)
        return net.eval().requires_grad_(False)


def convolved(x: Tensor, weight: Tensor) -> Tensor:
    """x (N, in, S, S), a kernel a sample (N, out, in, k, k), k odd -> (N, out, S, S)."""
    count, out, wide, side = weight.shape[:4]
    joined = x.reshape(1, count * wide, *x.shape[2:])
    made = F.conv2d(joined, weight.reshape(count * out, wide, side, side), padding=side // 2, groups=count)
    return made.reshape(count, out, *x.shape[2:])


def clamped(x: Tensor, limit: float | None) -> Tensor:
    return x if limit is None else x.clamp_(-limit, limit)
