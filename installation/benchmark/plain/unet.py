"""pix2pix's U-Net in the layers of its paper. Isola, Zhu, Zhou, Efros 2017 (1611.07004), section 6.1.1.

    image (N, C, H, W) in -1..1, sides multiples of 2^downs  ->  (N, colours, H, W) in -1..1

4x4 convolutions of stride 2 down, transposed ones up, a norm behind each, what went down laid beside what comes up.
Levels are nested as in a checkpoint, so ``state_dict()`` has the names that it has. Activations write over what they
are given: a leaky one has then changed what is laid beside, and the plain one behind takes that part away again.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Self

import torch
from torch import Tensor, nn

SLOPE = 0.2
WIDEST = 8  # times the width of the first level


def norm_of(kind: str, channels: int) -> nn.Module:
    """``kind``: batch, instance (no gains), or affine: instance with gains."""
    return nn.BatchNorm2d(channels) if kind == "batch" else nn.InstanceNorm2d(channels, affine=kind == "affine")


class Level(nn.Module):
    """One level of a U-Net around the next. ``inner`` None: the bottom; ``outer``: the picture's own level.

    ``channels``: into this level, below it, out of it.
    """

    def __init__(self, channels: tuple[int, int, int], inner: nn.Module | None, norm: str, outer: bool = False) -> None:
        super().__init__()
        wide, deep, out = channels
        self.outer, biased = outer, norm == "instance"
        down = nn.Conv2d(wide, deep, 4, 2, 1, bias=biased)
        up = nn.ConvTranspose2d(deep if inner is None else 2 * deep, out, 4, 2, 1, bias=biased or outer)
        if outer:
            parts = [down, inner, nn.ReLU(inplace=True), up, nn.Tanh()]
        else:
            middle = [] if inner is None else [norm_of(norm, deep), inner]
            parts = [nn.LeakyReLU(SLOPE, inplace=True), down, *middle, nn.ReLU(inplace=True), up, norm_of(norm, out)]
        self.model = nn.Sequential(*parts)

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x) if self.outer else torch.cat([x, self.model(x)], 1)


class PlainUNet(nn.Module):
    """``wide``, ``out``: channels of the pictures; ``ngf``: of the first level, doubled a level to eight times that."""

    def __init__(self, wide: int, out: int, ngf: int, downs: int, norm: str = "batch") -> None:
        super().__init__()
        widths = [ngf * min(2**level, WIDEST) for level in range(downs)]
        inner = None
        for above, deep in reversed(list(pairwise(widths))):
            inner = Level((above, deep, above), inner, norm)
        self.model = Level((wide, ngf, out), inner, norm, outer=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x)

    @classmethod
    def from_state(cls, tensors: Mapping[str, Tensor]) -> Self:
        ngf, wide = tensors["model.model.0.weight"].shape[:2]
        level, downs = "model.model.1.model.", 2
        while f"{level}3.model.1.weight" in tensors:
            level, downs = f"{level}3.model.", downs + 1
        norm = "batch" if f"{level}4.running_mean" in tensors else "instance"
        net = cls(wide, tensors["model.model.3.weight"].shape[1], ngf, downs, norm)
        net.load_state_dict(tensors)
        return net.eval().requires_grad_(False)
