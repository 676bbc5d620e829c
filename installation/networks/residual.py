"""What CycleGAN's and pix2pixHD's generators are made of, and how to take it out of a checkpoint.

After Johnson, Alahi, Fei-Fei 2016 (1603.08155): a way down, residual blocks of the same size, a way up. The modules of
a chain are numbered; a norm follows its convolution by one, and a convolution the one before it by three:

    I+1   7x7 in (reflected border 3)     I+4, I+7 ...   3x3 stride 2, one a level
    J.conv_block.1, J.conv_block.5        3x3 (reflected border 1); .6 where dropout was trained, which has no tensors
                                          and is left out: a show must paint the same picture twice
    K, K+3 ...                            3x3 transposed, stride 2, padding 1, output_padding 1
    L                                     7x7 out (reflected border 3), without a norm, then tanh
"""

from __future__ import annotations

import re

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.convolution import Layers, convolution, transposed
from installation.networks.subpixel import squares

INSIDE = ("conv_block", "block")  # what different hands call the inside of a block


class Block(nn.Module):
    def __init__(self, inside: nn.Sequential) -> None:
        super().__init__()
        self.inside = inside

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inside(x)


class Leave(nn.Module):
    """The 7x7 convolution out, the four pixels of a square at once."""

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        self.conv = conv
        self.channels = conv.out_channels // 4

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(F.pixel_shuffle(self.conv(F.pad(x, (3, 3, 3, 3), mode="reflect")), 2))


class Chain(nn.Module):
    """``entry``, ``blocks`` and ``rises``: lists whose every part gives a tensor that a show can bend."""

    def __init__(self, entry: list[nn.Module], blocks: list[nn.Module], rises: list[nn.Module]) -> None:
        super().__init__()
        self.entry, self.blocks, self.rises = nn.ModuleList(entry), nn.ModuleList(blocks), nn.ModuleList(rises)

    @property
    def channels(self) -> int:
        return int(self.entry[0][1].in_channels)

    def forward(self, x: Tensor, below: Tensor | None = None) -> Tensor:
        """``below``: what a coarser chain made, joined after the way down."""
        for part in self.entry:
            x = part(x)
        x = x if below is None else x + below
        for part in (*self.blocks, *self.rises):
            x = part(x)
        return x

    def layers(self, path: str, mark: str = "") -> dict[str, str]:
        """Public name -> module path, for a chain that lies at ``path``."""
        rows = (("down", "entry", self.entry), ("block", "blocks", self.blocks), ("up", "rises", self.rises))
        return {f"{mark}{word}{i}": f"{path}.{part}.{i}" for word, part, list_ in rows for i in range(len(list_))}


def take_chain(layers: Layers, prefix: str, channels: int | None) -> tuple[Chain, int, int]:
    """A whole chain but for the 7x7 out, the channels it comes out with, and the number after its last level."""
    block = re.compile(rf"{re.escape(prefix)}(\d{{1,6}})\.(?:{'|'.join(INSIDE)})\.1\.weight")
    first = min((int(found[1]) for name in layers.state.names() if (found := block.fullmatch(name))), default=0)
    downs, odd = divmod(first - 4, 3)
    if downs < 1 or odd:
        raise ValueError(
            f"the first residual block is {prefix}{first}, wanted 7, 10, 13, ... after 1, 2, 3, ... levels"
        )
    entry = take_entry(layers, prefix, downs, channels)
    blocks = take_blocks(layers, prefix, first, entry[-1][0].out_channels)
    after = first + len(blocks)
    rises, wide = take_rises(layers, prefix, after, downs, entry[-1][0].out_channels)
    return Chain(entry, blocks, rises), wide, after + 3 * downs


def take_entry(layers: Layers, prefix: str, downs: int, channels: int | None) -> list[nn.Module]:
    kernel = layers.state.take(f"{prefix}1.weight", (None, channels, 7, 7))
    parts: list[nn.Module] = [nn.Sequential(nn.ReflectionPad2d(3), *_normed(layers, prefix, 1, kernel), nn.ReLU())]
    for place in range(4, 4 + 3 * downs, 3):
        kernel = layers.state.take(f"{prefix}{place}.weight", (None, len(kernel), 3, 3))
        parts.append(nn.Sequential(*_normed(layers, prefix, place, kernel, stride=2, padding=1), nn.ReLU()))
    return parts


def take_blocks(layers: Layers, prefix: str, first: int, wide: int) -> list[nn.Module]:
    """As many as there are in a row."""
    blocks: list[nn.Module] = []
    while inside := _inside(layers, f"{prefix}{first + len(blocks)}."):
        parts: list[nn.Module] = []
        for place in (1, 5 if f"{inside}5.weight" in layers.state else 6):
            kernel = layers.state.take(f"{inside}{place}.weight", (wide, wide, 3, 3))
            parts += [nn.ReflectionPad2d(1), *_normed(layers, inside, place, kernel), nn.ReLU()]
        blocks.append(Block(nn.Sequential(*parts[:-1])))
    return blocks


def _inside(layers: Layers, block: str) -> str:
    """What the names inside a block begin with; empty where there is none."""
    return next((f"{block}{word}." for word in INSIDE if f"{block}{word}.1.weight" in layers.state), "")


def take_rises(layers: Layers, prefix: str, first: int, count: int, wide: int) -> tuple[list[nn.Module], int]:
    """With the channels they come out with."""
    rises: list[nn.Module] = []
    for place in range(first, first + 3 * count, 3):
        kernel = layers.state.take(f"{prefix}{place}.weight", (wide, None, 3, 3))
        wide = kernel.shape[1]
        norm = layers.norm(f"{prefix}{place + 1}", wide)
        conv = transposed(kernel, layers.bias(f"{prefix}{place}", wide), norm)
        rises.append(nn.Sequential(conv, norm.module, nn.ReLU()))
    return rises, wide


def take_leave(layers: Layers, name: str, wide: int) -> Leave:
    kernel = layers.state.take(f"{name}.weight", (None, wide, 7, 7))
    bias = layers.state.take(f"{name}.bias", (len(kernel),))
    return Leave(convolution(squares(kernel), bias.repeat_interleave(4), stride=2))


def check_sides(image: Tensor, multiple: int) -> None:
    """The smallest level needs two pixels a side to reflect at its border."""
    if any(side % multiple or side < 2 * multiple for side in image.shape[2:]):
        raise ValueError(f"sides must be multiples of {multiple}, two at least, not {tuple(image.shape[2:])}")


def _normed(
    layers: Layers, prefix: str, place: int, kernel: Tensor, stride: int = 1, padding: int = 0
) -> nn.Sequential:
    norm = layers.norm(f"{prefix}{place + 1}", len(kernel))
    bias = layers.bias(f"{prefix}{place}", len(kernel))
    return nn.Sequential(convolution(kernel, bias, norm, stride, padding), norm.module)
