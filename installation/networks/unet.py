"""pix2pix's U-Net: a picture down to almost nothing and up again, every level also seeing its own way down.

Isola, Zhu, Zhou, Efros 2017 (1611.07004), after Ronneberger, Fischer, Brox 2015 (1505.04597).

    image (N, C, H, W) in -1..1, sides multiples of 2^downs  ->  (N, colours, H, W) in -1..1

Checkpoint names nest: ``model.model.0`` is the outermost level's 4x4 stride-2 convolution, ``model.model.3`` its
transposed one, and ``model.model.1`` the next level: there ``model.1`` leads down, ``model.2`` is its norm, ``model.3``
the next level, ``model.5`` and ``model.6`` the way up. The innermost has ``model.1``, ``model.3`` and the norm
``model.4``. Dropout has no tensors and is left out: a show must paint the same picture twice.

``look``: see convolution.py. Batch norm is folded in the look "eval"; transposed convolutions become ordinary ones
(subpixel.py), which makes the network four times as fast on a CPU with bf16.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from installation.networks.convolution import Layers, Norm, convolution
from installation.networks.state import State
from installation.networks.subpixel import phases, upsample

SLOPE = 0.2


class Up(nn.Module):
    """Twice the size. A folded norm leaves an activation that commutes with the shuffle and joins the convolution."""

    def __init__(self, conv: nn.Conv2d, norm: Norm) -> None:
        super().__init__()
        self.conv = nn.Sequential(conv, nn.ReLU()) if norm.folded else conv
        self.norm = nn.Identity() if norm.folded else nn.Sequential(norm.module, nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(upsample(self.conv, x))


class UNet(nn.Module):
    """``downs[0]`` and ``last`` are the picture's own level; ``ups[i]`` comes out at the size of ``downs[i]``."""

    def __init__(self, downs: list[nn.Sequential], ups: list[Up], last: nn.Conv2d) -> None:
        super().__init__()
        self.downs, self.ups, self.last = nn.ModuleList(downs), nn.ModuleList(ups), last
        self.multiple = 2 ** len(downs)
        self.channels_in = downs[0][0].in_channels
        self.channels_out = last.out_channels // 4
        self.layers = {f"down{i + 1}": f"downs.{i}" for i in range(len(downs))}
        self.layers |= {f"up{i + 1}": f"ups.{i}" for i in reversed(range(len(ups)))}

    def forward(self, image: Tensor) -> Tensor:
        if image.shape[2] % self.multiple or image.shape[3] % self.multiple:
            raise ValueError(f"sides must be multiples of {self.multiple}, not {tuple(image.shape[2:])}")
        x, ways = image, []
        for down in self.downs:
            x = down(x)
            ways.append(x)
        x = ways.pop()
        for up in reversed(self.ups):
            # The way down went through a leaky activation, whose positive half is what the plain one leaves.
            x = torch.cat([torch.relu(ways.pop()), up(x)], 1)
        return torch.tanh(upsample(self.last, x))

    @classmethod
    def from_state(cls, tensors: Mapping[str, Tensor], in_channels: int | None = None, look: str = "eval") -> UNet:
        """Depth, widths, norm and channels come from the tensors; ``in_channels`` is checked. Raises ValueError."""
        state = State(tensors)
        levels = ["model.model.", "model.model.1.model."]
        while f"{levels[-1]}3.model.1.weight" in state:
            levels.append(f"{levels[-1]}3.model.")
        # The bottom's way down has no norm in any file: its way up tells.
        layers = Layers(state, look, f"{levels[-1]}4", f"{levels[-1]}3")
        kernel = state.take("model.model.0.weight", (None, in_channels, 4, 4))
        widths = [kernel.shape[0]]
        first = convolution(kernel, layers.bias("model.model.0", widths[0]), None, 2, 1)
        downs, ups = [nn.Sequential(first, nn.LeakyReLU(SLOPE))], []
        for level in levels[1:]:
            bottom = level == levels[-1]
            downs.append(_down(layers, level, widths[-1], bottom))
            widths.append(downs[-1][0].out_channels)
            ups.append(_up(layers, level, widths[-1], widths[-2], bottom))
        kernel = state.take("model.model.3.weight", (2 * widths[0], None, 4, 4))
        last = _phased(kernel, state.take("model.model.3.bias", (kernel.shape[1],)))
        state.finish()
        return cls(downs, ups, last).eval().requires_grad_(False)


def _down(layers: Layers, level: str, wide: int, bottom: bool) -> nn.Sequential:
    kernel = layers.state.take(f"{level}1.weight", (None, wide, 4, 4))
    bias = layers.bias(f"{level}1", len(kernel))
    if bottom:  # a single pixel at the smallest size has no statistics
        return nn.Sequential(convolution(kernel, bias, None, 2, 1), nn.ReLU())
    norm = layers.norm(f"{level}2", len(kernel))
    return nn.Sequential(convolution(kernel, bias, norm, 2, 1), norm.module, nn.LeakyReLU(SLOPE))


def _up(layers: Layers, level: str, deep: int, wide: int, bottom: bool) -> Up:
    conv, norm_name, given = (f"{level}3", f"{level}4", deep) if bottom else (f"{level}5", f"{level}6", 2 * deep)
    kernel = layers.state.take(f"{conv}.weight", (given, wide, 4, 4))
    norm = layers.norm(norm_name, wide)
    return Up(_phased(kernel, layers.bias(conv, wide), norm), norm)


def _phased(kernel: Tensor, bias: Tensor, norm: Norm | None = None) -> nn.Conv2d:
    return convolution(phases(kernel), bias.repeat_interleave(4), norm, padding=1)
