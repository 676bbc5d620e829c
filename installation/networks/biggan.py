"""BigGAN-deep: a truncated normal vector and class weights to a picture, through class-conditional batch norms.

Brock, Donahue, Simonyan 2019 (1809.11096). The spectral norm of Miyato et al. 2018 (1802.05957) is folded in, with the
singular vectors as they are stored; the attention is that of Zhang et al. 2019 (1805.08318).

    z (N, z_dim) truncated to +-2 times the truncation, classes (N, K) summing to 1, stats (S)
        ->  (N, 3, R, R) in -1..1, R = 4 * 2^(number of upsamplings)

A checkpoint holds the batch statistics for S truncations. ``stats`` weighs them (``latent/batch_statistics.py``), so
that truncation moves live in one graph. Blended classes are blended embeddings.

Everything that steers a normalisation comes from two products at the start: all means and variances from ``stats``,
all gains and offsets from (z, embedding).

Checkpoint names are those of pytorch-pretrained-BigGAN: ``embeddings.weight``, ``generator.gen_z.weight_orig``,
``generator.layers.J.bn_0.running_means`` ... An attention has an index J of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.biggan_parts import Attention, Block, normalised
from installation.networks.standing_norms import Norms, spectral
from installation.networks.state import State

EPS = 1e-4


class BigGAN(nn.Module):
    """``body``: blocks and attentions in order; ``widths``: the channels of every normalisation."""

    def __init__(
        self, body: Sequence[nn.Module], widths: Sequence[int], numbers: Mapping[str, Tensor], eps: float
    ) -> None:
        super().__init__()
        self.eps = eps
        self.body = nn.ModuleList(body)
        self.widths = list(widths)
        for name, tensor in numbers.items():
            self.register_parameter(name, nn.Parameter(tensor))
        embed, self.classes = numbers["embeddings"].shape
        self.z_dim = numbers["first"].shape[1] - embed
        self.n_stats = numbers["means"].shape[0]
        self.resolution = 4 * 2 ** sum(part.up for part in body if isinstance(part, Block))
        names = ["block" if isinstance(part, Block) else "attention" for part in body]
        self.layers = {f"{name}{index}": f"body.{index}" for index, name in enumerate(names)}

    def forward(self, z: Tensor, classes: Tensor, stats: Tensor) -> Tensor:
        cond = torch.cat([z, F.linear(classes, self.embeddings)], 1)
        scales, offsets = F.linear(cond, self.conditions, self.resting).chunk(2, 1)
        gains = scales * torch.rsqrt(stats[None] @ self.variances + self.eps)
        biases = offsets - stats[None] @ self.means * gains
        affines = zip(gains.split(self.widths, 1), biases.split(self.widths, 1), strict=True)
        x = F.linear(cond, self.first, self.first_bias).reshape(z.shape[0], -1, 4, 4)
        for part in self.body:
            x = part(x, affines)
        x = normalised(x, *next(affines))
        return torch.tanh(F.conv2d(x, self.rgb, self.rgb_bias, padding=1))

    @classmethod
    def from_state(cls, state: Mapping[str, Tensor], *, ups: Sequence[int], n_stats: int, eps: float = EPS) -> Self:
        """``ups``: the indices J of the blocks that double the side. No shape tells them: they are in config.json."""
        tensors = State(state)
        embeddings = tensors.take("embeddings.weight", (None, None))
        first = spectral(tensors, "generator.gen_z", (None, None))
        cond = first.shape[1]  # z, then the embedding
        if first.shape[0] % 16 or cond <= embeddings.shape[0]:
            raise ValueError(f"generator.gen_z.weight_orig is {tuple(first.shape)}, wanted 16 rows a channel of 4x4")
        norms = Norms(tensors, cond, n_stats)
        bias = tensors.take("generator.gen_z.bias", (first.shape[0],))
        # The rows are height, width, channel; ours are channel, height, width.
        numbers = {
            "embeddings": embeddings,
            "first": first.reshape(16, -1, cond).transpose(0, 1).reshape(first.shape),
            "first_bias": bias.reshape(16, -1).T.reshape(-1),
        }
        channels = first.shape[0] // 16
        body: list[nn.Module] = []
        while (prefix := f"generator.layers.{len(body)}") and any(name.startswith(f"{prefix}.") for name in state):
            if f"{prefix}.gamma" in tensors:
                body.append(Attention.from_state(tensors, prefix, channels))
                continue
            block = Block.from_state(tensors, prefix, channels, norms, len(body) in ups)
            body.append(block)
            channels = block.out
        if beyond := [index for index in ups if not (0 <= index < len(body) and isinstance(body[index], Block))]:
            raise ValueError(f"layer {beyond[0]} is said to double the side, and there is no such block")
        norms.take_last("generator.bn", channels)
        # Its norm is that of all rows it was trained with, of which three are colours.
        rgb = spectral(tensors, "generator.conv_to_rgb", (None, channels, 3, 3))
        numbers["rgb"] = rgb[:3]
        numbers["rgb_bias"] = tensors.take("generator.conv_to_rgb.bias", (rgb.shape[0],))[:3]
        tensors.finish()
        return cls(body, norms.widths, numbers | norms.numbers(), eps).eval().requires_grad_(False)

    def style_matrix(self) -> Tensor:
        """(rows, z_dim): what z goes through first, to the 4x4 picture and to every normalisation."""
        return torch.cat([self.first, self.conditions])[:, : self.z_dim].detach()
