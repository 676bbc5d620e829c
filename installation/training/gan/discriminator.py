"""Says of a picture how real it looks: a residual network (Karras et al. 2020, 1912.04958), one colour reader a side.

    (N, 3, side, side) -> (N, 1)

``side`` may be less than the whole, as in the generator. What is told apart at the end also knows how alike the
pictures of a batch are (Karras et al. 2018, 1710.10196): a generator that paints one picture is found out.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.training.gan.generator import WIDEST, widths
from installation.training.gan.layers import GAIN, SLOPE, Dense

GROUP = 4  # pictures whose likeness is taken together
HALF = 0.5**0.5


class Conv(nn.Module):
    """``size`` 4 halves the side: each pixel below it is met by as many taps, so no lattice comes back up. ``share`` is
    the weight of this way where two are added."""

    def __init__(self, wide: int, out: int, size: int, active: bool = True, share: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out, wide, size, size))
        self.bias = nn.Parameter(torch.zeros(out)) if active else None
        self.gain, self.stride = (wide * size * size) ** -0.5 * share, 2 if size == 4 else 1
        self.loud = GAIN * share  # behind a leaky relu, and so as well before it

    def forward(self, x: Tensor) -> Tensor:
        padding = (self.weight.shape[2] - 1) // 2
        if self.bias is None:
            return F.conv2d(x, self.weight * self.gain, None, self.stride, padding)
        weight, bias = self.weight * (self.gain * GAIN), self.bias * self.loud
        return F.leaky_relu(F.conv2d(x, weight, bias, self.stride, padding), SLOPE)


class Block(nn.Module):
    """To half the side."""

    def __init__(self, wide: int, out: int) -> None:
        super().__init__()
        self.fromrgb = Conv(3, wide, 1)
        self.conv0 = Conv(wide, wide, 3)
        self.conv1 = Conv(wide, out, 4, share=HALF)
        self.skip = Conv(wide, out, 1, active=False, share=HALF)

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.conv1(self.conv0(x)) + self.skip(F.avg_pool2d(x, 2))
        return made


class Discriminator(nn.Module):
    def __init__(self, resolution: int, capacity: int = 6144) -> None:
        """A third wider than its generator of the same capacity."""
        super().__init__()
        self.channels = widths(resolution, capacity * 4 // 3, WIDEST * 4 // 3)
        for side, wide in self.channels.items():
            if side > 4:
                self.add_module(f"b{side}", Block(wide, self.channels[side // 2]))
        wide = self.channels[4]
        self.last = Conv(wide + 1, wide, 3)
        self.dense = Dense(wide * 16, wide)
        self.out = Dense(wide, 1)

    def forward(self, image: Tensor, mix: float = 1.0, before: int = 0) -> Tensor:
        """``before``: the side that ``mix`` fades from, as in the generator."""
        side, image = image.shape[2], image.contiguous(memory_format=torch.channels_last)
        x = self.get_submodule(f"b{side}").fromrgb(image)
        while side > 4:
            x = self.get_submodule(f"b{side}")(x)
            side //= 2
            if side == before and mix < 1:
                small = F.interpolate(image, size=(side, side), mode="area")
                x = torch.lerp(self.get_submodule(f"b{side}").fromrgb(small).to(x.dtype), x, mix)
        x = torch.cat([x, _likeness(x)], 1)
        x = F.leaky_relu(self.dense(self.last(x).flatten(1)), SLOPE) * GAIN
        return self.out(x).float()


def _likeness(x: Tensor) -> Tensor:
    """(N, 1, H, W): the mean deviation over groups of pictures, the same number everywhere."""
    count, _, height, width = x.shape
    group = GROUP if count % GROUP == 0 else count
    parts = x.float().reshape(group, count // group, -1)
    deviation = (parts.var(0, unbiased=False) + 1e-8).sqrt().mean(1)
    return deviation.reshape(-1, 1, 1, 1).repeat(group, 1, height, width).to(x.dtype)
