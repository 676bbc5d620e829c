"""Says of places in a picture how real they look there: a PatchGAN (Isola et al. 2017, 1611.07004) that also sees what
the picture was painted from.

    picture (N, 3, H, W), soft (N, 1, H, W)  ->  verdicts (N, 1, h, w), features of every layer

Two of them look: one at the picture, one at a quarter of its size. Group norm (Wu, He 2018, 1803.08494): with spectral
norm or without any it learns nothing here. What is fine in a picture is faint beside what is coarse, and a norm keeps
it so: in sixty steps a judge did not learn to tell sharp from blurred. Given the fine alone, made strong, it did.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.soft_grey import QUARTER

SLOPE = 0.2
STRONG = 8.0  # times: what is finer than four pixels
PICTURE = 6  # channels: the picture, and what is fine in it
GROUPS = 16
WIDTHS = (64, 128, 256, 256)


class Norm(nn.GroupNorm):
    """In the precision of what comes in: autocast would take it all through float32."""

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, enabled=False):
            return F.group_norm(x, self.num_groups, self.weight.to(x.dtype), self.bias.to(x.dtype), self.eps)


class Patches(nn.Module):
    """Each verdict is about 70 pixels; with three widths about 34. ``condition``: channels of what the picture was
    painted from, in 0..1; none where there is nothing to compare with."""

    def __init__(self, condition: int = 1, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.parts = nn.ModuleList()
        wide = PICTURE + condition
        for i, out in enumerate(widths):
            stride = 1 if i == len(widths) - 1 else 2
            conv = nn.Conv2d(wide, out, 4, stride, 1)
            norm = Norm(min(GROUPS, out), out) if i else nn.Identity()
            self.parts.append(nn.Sequential(conv, norm, nn.LeakyReLU(SLOPE)))
            wide = out
        self.verdict = nn.Conv2d(wide, 1, 4, 1, 1)

    def forward(self, picture: Tensor, condition: Tensor | None = None) -> tuple[Tensor, list[Tensor]]:
        rough = F.interpolate(F.avg_pool2d(picture, 4), scale_factor=4.0, mode="bilinear", align_corners=False)
        x = torch.cat([picture, (picture - rough) * STRONG, *([] if condition is None else [condition * 2 - 1])], 1)
        features = []
        for part in self.parts:
            x = part(x)
            features.append(x)
        return self.verdict(x).float(), features


class Discriminator(nn.Module):
    """``near`` and ``far``; far counts half."""

    def __init__(self, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        # A layer less: a window of 128 is 32 pixels there.
        self.near, self.far = Patches(widths=widths), Patches(widths=widths[:-1])

    def forward(self, picture: Tensor, soft: Tensor) -> list[tuple[Tensor, list[Tensor]]]:
        """``soft`` at a quarter of the picture's size, as the network sees it."""
        large = F.interpolate(soft, scale_factor=float(QUARTER), mode="bilinear", align_corners=False)
        return [self.near(picture, large), self.far(F.avg_pool2d(picture, QUARTER), soft)]


SCALES = (1.0, 0.5)  # how much near and far count
