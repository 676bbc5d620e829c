"""The mapping network of StyleGAN 2 and 3: a normal vector, and labels where there are any, to a style vector w.

Karras et al. 2019 (1812.04948), 2020 (1912.04958, 2006.06676).

    z (N, z_dim) ~ normal [, c (N, c_dim) weights over classes]  ->  w (N, w_dim)

Checkpoint names: ``PREFIX.fcI.weight`` (out, in) and ``.bias``, ``PREFIX.w_avg``, with labels ``PREFIX.embed.*``, as
they are trained. Their gains, lr_multiplier / sqrt(in), are folded in; that is linear, so blending two of these
networks blends the two checkpoints. The root of 2 behind every activation is not: in the published order w comes out
the same to the last digits, and a StyleGAN3 makes thirty times as much of a difference in w.

``w_avg`` (w_dim) is kept for truncation, which is done outside: w_avg + psi (w - w_avg).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.state import State

EPS = 1e-8
SLOPE = 0.2
GAIN = 2**0.5  # behind every leaky relu


class MappingNetwork(nn.Module):
    """``embed``: length of the embedded label, ``hidden``: of the layers between; both are w_dim unless said."""

    w_avg: Tensor

    def __init__(
        self,
        z_dim: int,
        c_dim: int,
        w_dim: int,
        layers: int,
        lr_multiplier: float = 0.01,
        embed: int | None = None,
        hidden: int | None = None,
    ) -> None:
        super().__init__()
        self.z_dim, self.c_dim, self.w_dim, self.lr_multiplier = z_dim, c_dim, w_dim, lr_multiplier
        embed = (w_dim if embed is None else embed) if c_dim else 0
        hidden = w_dim if hidden is None else hidden
        sizes = [z_dim + embed, *([hidden] * (layers - 1)), w_dim]
        self.embed = nn.Linear(c_dim, embed) if c_dim else None
        self.layers = nn.ModuleList(nn.Linear(wide, out) for wide, out in pairwise(sizes))
        self.register_buffer("w_avg", torch.zeros(w_dim))

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        x = _normalised(z)
        if self.embed is not None:
            x = torch.cat([x, _normalised(self.embed(c))], 1)
        for layer in self.layers:
            x = F.leaky_relu(layer(x), SLOPE) * GAIN
        return x

    @classmethod
    def from_state(
        cls,
        state: State,
        prefix: str = "mapping",
        *,
        z_dim: int,
        c_dim: int,
        w_dim: int,
        layers: int,
        lr_multiplier: float = 0.01,
    ) -> Self:
        """Takes its tensors from ``state``, and leaves ``finish`` to the whole network."""
        if min(z_dim, w_dim, layers) < 1 or c_dim < 0:
            raise ValueError(f"no mapping network has z_dim {z_dim}, c_dim {c_dim}, w_dim {w_dim}, {layers} layers")
        embed = state.take(f"{prefix}.embed.weight", (None, c_dim)) if c_dim else None
        sizes = [z_dim + (0 if embed is None else embed.shape[0])]
        weights = []
        for i in range(layers):
            weights.append(state.take(f"{prefix}.fc{i}.weight", (w_dim if i == layers - 1 else None, sizes[-1])))
            sizes.append(weights[-1].shape[0])
        if len(set(sizes[1:-1])) > 1:
            raise ValueError(f"{prefix}: layers of lengths {sizes[1:]}, wanted one length between")
        net = cls(z_dim, c_dim, w_dim, layers, lr_multiplier, sizes[0] - z_dim, sizes[1])
        with torch.no_grad():
            if net.embed is not None and embed is not None:
                net.embed.weight.copy_(embed / c_dim**0.5)
                net.embed.bias.copy_(state.take(f"{prefix}.embed.bias", (embed.shape[0],)))
            for i, (layer, weight) in enumerate(zip(net.layers, weights, strict=True)):
                layer.weight.copy_(weight * (lr_multiplier / weight.shape[1] ** 0.5))
                layer.bias.copy_(state.take(f"{prefix}.fc{i}.bias", (weight.shape[0],)) * lr_multiplier)
            net.w_avg.copy_(state.take(f"{prefix}.w_avg", (w_dim,)))
        return net.eval().requires_grad_(False)


def _normalised(x: Tensor) -> Tensor:
    """To a root mean square of 1 along the vector.

    Written with the sum, for the sake of EPS: an exporter takes away what adds 1e-8, and z = 0 would be divided by 0.
    """
    size = x.shape[1]
    return x * (size**0.5 * torch.rsqrt(x.square().sum(1, keepdim=True) + size * EPS))
