"""A picture seen anew by somebody who has only ever seen one kind of thing: anything becomes land and sea.

After Learning to See: Akten, Fiebrink, Grierson 2019 (2003.00902), with a network of our own.

    image (N, 1, H, W) grey in -1..1, sides multiples of 16  ->  (N, 3, H, W) in -1..1

It sees the picture soft and at a quarter of its size (soft_grey.py); nothing finer is in it, so the network begins
there: 64 channels at H/4, 128 at H/8, 192 at H/16, then 32 at H/2 and 16 at H. Residual, without norms, ways across
added. 3.2 M parameters, 2.4 GMAC at 256.

Its coasts must lie still when a picture moves by a pixel (Zhang 2019, 1904.11486; Karras et al. 2021, 2106.12423):
halving is the mean of 4x4 pixels, doubling is bilinear, activations are smooth, there is no noise and no lattice of
sub-pixels. ``margin``: pixels around the picture, mirrored, that are painted too and cut off: a network knows a border.

Checkpoint names are those of the modules; widths come from the tensors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.soft_grey import FEATURES, SoftGrey, waves
from installation.networks.state import State

WIDTHS = (16, 32, 64, 128, 192)  # channels at H, H/2, H/4, H/8, H/16
DEEP = 3  # blocks at H/16
BLUR = 6.0  # pixels
MARGIN = 16  # pixels
MULTIPLE = 16
CALM = 0.3  # a block's own part at the beginning


class Block(nn.Module):
    """x and what two convolutions have to add."""

    def __init__(self, wide: int) -> None:
        super().__init__()
        self.conv0 = nn.Conv2d(wide, wide, 3, padding=1)
        self.conv1 = nn.Conv2d(wide, wide, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.conv1(F.silu(self.conv0(F.silu(x))))
        return x + made


class Up(nn.Module):
    """To twice the size. The 1x1 convolution first: it costs a quarter there, and doubling leaves it what it is."""

    def __init__(self, wide: int, out: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(wide, out, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.interpolate(self.conv(x), scale_factor=2.0, mode="bilinear", align_corners=False)


class ReSight(nn.Module):
    """``paint`` takes what ``soften`` gives; a training steps in between. Convolutions begin random."""

    def __init__(
        self, widths: Sequence[int] = WIDTHS, deep: int = DEEP, blur: float = BLUR, margin: int = MARGIN
    ) -> None:
        super().__init__()
        if margin % MULTIPLE:
            raise ValueError(f"margin must be a multiple of {MULTIPLE}, not {margin}")
        whole, half, quarter, eighth, least = self.widths = tuple(widths)
        self.deep, self.blur, self.margin = deep, blur, margin
        self.soften = SoftGrey(blur, margin)
        self.stem = nn.Conv2d(FEATURES, quarter, 3, padding=1)
        self.enter4 = Block(quarter)
        self.down8 = nn.Conv2d(quarter, eighth, 3, padding=1)
        self.enter8 = Block(eighth)
        self.down16 = nn.Conv2d(eighth, least, 3, padding=1)
        self.middle = nn.Sequential(*(Block(least) for _ in range(deep)))
        self.up8, self.leave8 = Up(least, eighth), Block(eighth)
        self.up4, self.leave4 = Up(eighth, quarter), Block(quarter)
        self.up2, self.leave2 = Up(quarter, half), Block(half)
        self.up1 = Up(half, whole)
        self.leave1 = nn.Conv2d(whole, whole, 3, padding=1)
        self.out = nn.Conv2d(whole, 3, 3, padding=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                nn.init.zeros_(module.bias)
        for module in self.modules():
            if isinstance(module, Block):
                module.conv1.weight.data *= CALM
        self.layers = {name: name for name in ("enter4", "enter8", "leave8", "leave4", "leave2", "up1")}
        self.layers |= {f"deep{i + 1}": f"middle.{i}" for i in range(deep)}

    def forward(self, image: Tensor) -> Tensor:
        height, width = image.shape[2:]
        if height % MULTIPLE or width % MULTIPLE:
            raise ValueError(f"sides must be multiples of {MULTIPLE}, not {(height, width)}")
        made = self.paint(self.soften(image * 0.5 + 0.5))
        edge = self.margin
        return made[:, :, edge : edge + height, edge : edge + width] if edge else made

    def paint(self, soft: Tensor) -> Tensor:
        """(N, 1, h, w) in 0..1, sides multiples of 4 -> (N, 3, 4h, 4w), margins and all."""
        by4 = self.enter4(self.stem(waves(soft)))
        by8 = self.enter8(self.down8(_halved(F.silu(by4))))
        x = self.middle(self.down16(_halved(F.silu(by8))))
        x = self.leave8(by8 + self.up8(F.silu(x)))
        x = self.leave4(by4 + self.up4(F.silu(x)))
        x = self.leave2(self.up2(F.silu(x)))
        x = self.leave1(F.silu(self.up1(F.silu(x))))
        return torch.tanh(self.out(F.silu(x)))

    @classmethod
    def from_state(
        cls, tensors: Mapping[str, Tensor], in_channels: int = 1, blur: float = BLUR, margin: int = MARGIN
    ) -> ReSight:
        """Widths and depth come from the tensors; it sees grey. Raises ValueError."""
        if in_channels != 1:
            raise ValueError(f"it sees one channel, grey, not {in_channels}")
        state = State(tensors)
        names = ("leave1", "leave2.conv0", "stem", "enter8.conv0", "down16")
        widths = [state.take(f"{name}.weight", (None, None, 3, 3)).shape[0] for name in names]
        deep = sum(name.startswith("middle.") and name.endswith(".conv0.weight") for name in state.names())
        net = cls(widths, deep, blur, margin)
        with torch.no_grad():
            for name, own in net.state_dict().items():
                own.copy_(state.take(name, tuple(own.shape)))
        state.finish()
        return net.eval().requires_grad_(False)


def _halved(x: Tensor) -> Tensor:
    return F.avg_pool2d(x, 4, 2, 1, count_include_pad=False)
