"""The fast style network while it learns: as networks/fast_style.py has it, but for its last layer, which is rewritten
for inference there, and for its range: 0..1, which a default initialisation is near to.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.fast_style import FastStyle

SPREAD = 0.25  # of a picture's levels around their middle


class Painter(FastStyle):
    """image (N, 3, H, W) RGB 0..1 -> (N, 3, H, W) about 0..1; sides are multiples of 4."""

    def __init__(self, widths: tuple[int, int, int], blocks: int) -> None:
        super().__init__(widths, blocks)
        self.last = nn.Conv2d(widths[0], 3, 9)

    def forward(self, image: Tensor) -> Tensor:
        x = image
        for layer in (*self.down, *self.blocks, *self.up):
            x = layer(x)
        return self.last(F.pad(x, (4, 4, 4, 4), mode="reflect")).float() * SPREAD + 0.5

    def published(self) -> dict[str, Tensor]:
        """Tensors as the published network of 0..255 saves them. The first layer's scale is its normalisation's to
        undo; what an InstanceNorm takes away, biases, is zero."""
        tensors: dict[str, Tensor] = {}

        def put(conv: str, norm: str, layer: nn.Module) -> None:
            tensors[f"{conv}.conv2d.weight"] = layer.conv.weight
            tensors[f"{conv}.conv2d.bias"] = torch.zeros_like(layer.norm.bias)
            tensors[f"{norm}.weight"], tensors[f"{norm}.bias"] = layer.norm.weight, layer.norm.bias

        for i, layer in enumerate(self.down, 1):
            put(f"conv{i}", f"in{i}", layer)
        for i, block in enumerate(self.blocks, 1):
            put(f"res{i}.conv1", f"res{i}.in1", block.first)
            put(f"res{i}.conv2", f"res{i}.in2", block.second)
        for i, layer in enumerate(self.up, 1):
            put(f"deconv{i}", f"in{i + 3}", layer)
        tensors["deconv3.conv2d.weight"] = self.last.weight * (255 * SPREAD)
        tensors["deconv3.conv2d.bias"] = self.last.bias * (255 * SPREAD) + 127.5
        return {name: tensor.detach().clone() for name, tensor in tensors.items()}
