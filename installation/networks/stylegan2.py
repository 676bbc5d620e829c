"""StyleGAN2 and StyleGAN2-ADA: a normal vector, and labels where there are any, to a square picture.

Karras et al. 2020: 1912.04958, 2006.06676 (ADA).

    mapping     z (N, z_dim) [, c (N, c_dim)]             ->  w (N, w_dim)
    synthesis   ws (N, num_ws, w_dim), noise (num_noise)  ->  (N, channels, R, R) in about -1..1

``noise`` multiplies the stored noise of each convolution: 1 as stored, 0 none. A w goes to all ``num_ws`` places unless
styles are mixed; truncation is done outside, with ``mapping.w_avg``. float32 throughout: the official code may be told
to compute the upper resolutions in float16, which differs by some thousandths.

Three architectures: ``skip`` sums a small picture of every resolution, ``resnet`` adds a way around every block, and
``orig`` has neither; the last two paint at the end alone. Checkpoint names are the official ones (``mapping.fc0.bias``,
``synthesis.b8.conv0.affine.bias``) without the resample filters; channel counts come from the shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import torch
from torch import Tensor, nn

from installation.networks.state import State
from installation.networks.style_block import Block, Design
from installation.networks.style_mapping import MappingNetwork
from installation.networks.upsample import Upsample


class Synthesis(nn.Module):
    """``blocks``: side -> block, the smallest first."""

    def __init__(self, blocks: Mapping[int, Block], channels: int) -> None:
        super().__init__()
        self.upsample = Upsample(channels)
        for side, block in blocks.items():
            self.add_module(f"b{side}", block)
        self._names = [f"b{side}" for side in blocks]
        self.layers = {
            f"{name}_{part}": f"{name}.{part}"
            for name in self._names
            for part in ("conv0", "conv1", "torgb")
            if getattr(self.get_submodule(name), part) is not None
        }

    def forward(self, ws: Tensor, noise: Tensor) -> Tensor:
        x = image = None
        for name in self._names:
            x, painted = self.get_submodule(name)(x, ws, noise)
            image = painted if image is None else self.upsample(image) + painted
        return image

    @classmethod
    def from_state(cls, state: State, design: Design) -> Self:
        blocks: dict[int, Block] = {}
        wide, side = 0, 4
        while side <= design.resolution:
            paints = design.architecture == "skip" or side == design.resolution
            blocks[side] = Block.from_state(state, side, wide, design, paints=paints)
            wide, side = len(blocks[side].conv1.bias), side * 2
        return cls(blocks, design.channels)


class StyleGAN2(nn.Module):
    def __init__(self, mapping: MappingNetwork, synthesis: Synthesis, design: Design) -> None:
        super().__init__()
        self.mapping, self.synthesis = mapping, synthesis
        self.resolution, self.channels = design.resolution, design.channels
        self.z_dim, self.c_dim, self.w_dim = mapping.z_dim, mapping.c_dim, mapping.w_dim
        self.num_ws = 2 * design.resolution.bit_length() - 4
        self.num_noise = self.num_ws - 1
        self.layers = {name: f"synthesis.{path}" for name, path in synthesis.layers.items()}

    def forward(self, ws: Tensor, noise: Tensor) -> Tensor:
        """The synthesis."""
        return self.synthesis(ws, noise)

    def style_matrix(self) -> Tensor:
        """(rows, w_dim): what makes styles out of w in every convolution (SeFa: Shen, Zhou 2021, 2007.06600).

        Not in the layers that paint: they turn w into colours, not into shapes.
        """
        layers = [self.get_submodule(path) for name, path in self.layers.items() if not name.endswith("torgb")]
        return torch.cat([layer.affine.weight.detach() for layer in layers])

    @classmethod
    def from_state(
        cls,
        state: Mapping[str, Tensor],
        *,
        z_dim: int,
        c_dim: int,
        w_dim: int,
        mapping_layers: int,
        lr_multiplier: float = 0.01,
        **design: Any,
    ) -> Self:
        """``design``: the fields of Design."""
        wanted = Design(w_dim=w_dim, **design)
        tensors = State(state)
        mapping = MappingNetwork.from_state(
            tensors, z_dim=z_dim, c_dim=c_dim, w_dim=w_dim, layers=mapping_layers, lr_multiplier=lr_multiplier
        )
        with torch.no_grad():
            synthesis = Synthesis.from_state(tensors, wanted)
        tensors.finish()
        return cls(mapping, synthesis, wanted).eval().requires_grad_(False)
