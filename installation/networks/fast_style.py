"""Fast neural style: a picture in, the picture painted in the one style that the network was trained on, out.

Johnson, Alahi, Fei-Fei 2016 (1603.08155), with instance normalisation (Ulyanov 2016, 1607.08022) and nearest x2 before
a convolution in place of transposed ones, as the network of PyTorch's examples has it.

    image (N, 3, H, W) RGB in 0..255  ->  (N, 3, H', W') about 0..255, not clamped; H', W' = H, W up to multiples of 4

Checkpoint names: ``conv1-3``, ``resI.conv1-2``, ``deconv1-3``, each with ``.conv2d.weight`` and ``.bias``, and
``in1-5``, ``resI.in1-2``, each with ``.weight`` and ``.bias``. Widths and the number of blocks are in the tensors.

Rewritten for inference, exactly: a bias before an instance normalisation cancels and is left out. The last layer makes
only 3 channels where hardware computes 16 at a time: it makes 12, the four pixels of every 2 x 2, which saves 4 % of
the whole. Sub-pixel kernels for the growing layers and for the first one were tried and gain nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.state import State

EPS = 1e-5
_BLOCK = re.compile(r"res(\d+)\.conv1\.conv2d\.weight")


class Layer(nn.Module):
    """Reflection padding, convolution, instance normalisation; then ReLU where there is one."""

    def __init__(self, wide: int, out: int, side: int, stride: int = 1, grow: bool = False, relu: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(wide, out, side, stride, bias=False)
        self.norm = nn.InstanceNorm2d(out, eps=EPS, affine=True)
        self.grow, self.relu = grow, relu

    def forward(self, x: Tensor) -> Tensor:
        if self.grow:
            x = F.interpolate(x, scale_factor=2.0, mode="nearest")
        x = self.norm(self.conv(_mirrored(x, self.conv.kernel_size[0] // 2)))
        return torch.relu(x) if self.relu else x


class Block(nn.Module):
    def __init__(self, wide: int) -> None:
        super().__init__()
        self.first, self.second = Layer(wide, wide, 3), Layer(wide, wide, 3, relu=False)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(self.first(x))


class FastStyle(nn.Module):
    """``widths``: channels at the full, the half and the quarter size; (32, 64, 128) and 5 blocks as published."""

    def __init__(self, widths: tuple[int, int, int], blocks: int) -> None:
        super().__init__()
        full, half, quarter = widths
        self.down = nn.ModuleList([Layer(3, full, 9), Layer(full, half, 3, 2), Layer(half, quarter, 3, 2)])
        self.blocks = nn.ModuleList(Block(quarter) for _ in range(blocks))
        self.up = nn.ModuleList([Layer(quarter, half, 3, grow=True), Layer(half, full, 3, grow=True)])
        self.last = nn.Conv2d(full, 12, 10, 2)
        self.layers = {
            **{f"down{i}": f"down.{i - 1}" for i in (1, 2, 3)},
            **{f"block{i + 1}": f"blocks.{i}" for i in range(blocks)},
            **{f"up{i}": f"up.{i - 1}" for i in (1, 2)},
        }

    def forward(self, image: Tensor) -> Tensor:
        x = image
        for layer in (*self.down, *self.blocks, *self.up):
            x = layer(x)
        return F.pixel_shuffle(self.last(_mirrored(x, 4)), 2)

    @classmethod
    def from_state(cls, tensors: Mapping[str, Tensor]) -> FastStyle:
        """Everything there is to know is in the tensors. Raises ValueError."""
        state = State(tensors)
        widths = tuple(state.take(f"conv{i}.conv2d.weight").shape[0] for i in (1, 2, 3))
        blocks = sum(bool(_BLOCK.fullmatch(name)) for name in state.names())
        net = cls(widths, blocks)
        with torch.no_grad():
            for i, layer in enumerate(net.down, 1):
                _fill(layer, state, f"conv{i}", f"in{i}")
            for i, block in enumerate(net.blocks, 1):
                _fill(block.first, state, f"res{i}.conv1", f"res{i}.in1")
                _fill(block.second, state, f"res{i}.conv2", f"res{i}.in2")
            for i, layer in enumerate(net.up, 1):
                _fill(layer, state, f"deconv{i}", f"in{i + 3}")
            kernel = state.take("deconv3.conv2d.weight", (3, widths[0], 9, 9))
            net.last.weight.copy_(by_twos(kernel))
            net.last.bias.copy_(state.take("deconv3.conv2d.bias", (3,)).repeat_interleave(4))
        state.finish()
        return net.eval().requires_grad_(False)


def by_twos(kernel: Tensor) -> Tensor:
    """Weight (out, in, k, k) of stride 1 -> (4*out, in, k+1, k+1) of stride 2, before pixel_shuffle(2)."""
    shifted = [F.pad(kernel, (x, 1 - x, y, 1 - y)) for y in (0, 1) for x in (0, 1)]
    return torch.stack(shifted, 1).flatten(0, 1)


def _fill(layer: Layer, state: State, conv: str, norm: str) -> None:
    channels = layer.conv.out_channels
    layer.conv.weight.copy_(state.take(f"{conv}.conv2d.weight", tuple(layer.conv.weight.shape)))
    state.take(f"{conv}.conv2d.bias", (channels,))  # the normalisation takes it away again
    layer.norm.weight.copy_(state.take(f"{norm}.weight", (channels,)))
    layer.norm.bias.copy_(state.take(f"{norm}.bias", (channels,)))


def _mirrored(x: Tensor, edge: int) -> Tensor:
    return F.pad(x, (edge, edge, edge, edge), mode="reflect")
