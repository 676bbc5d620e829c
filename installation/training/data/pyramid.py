"""Pictures of any sizes as one row of pixels: every picture at full size and at every half octave below.

A place is read off the level whose pixels are nearest in size to the drawn ones (never more than a fourth root of two
apart), so a small crop of a large area is neither aliased nor soft, and crops of different pictures and levels are read
in one go. Three bytes of a pixel lie in one whole number: a read is one access.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, log2

import torch
import torch.nn.functional as F
from torch import Tensor

SMALLEST = 4  # pixels of the shorter side of the last level
STEP = 2**0.5


class Pyramid:
    """``pictures`` are uint8 (3, H, W) on the CPU. ``round``: left and right edge are neighbours."""

    def __init__(self, pictures: Sequence[Tensor], round: bool, device: torch.device) -> None:
        rows: list[Tensor] = []
        table: list[list[tuple[int, int, int]]] = []
        start = 0
        for picture in pictures:
            mine = []
            for level in levels(picture, round):
                mine.append((start, level.shape[1], level.shape[2]))
                rows.append(_packed(level).to(device))
                start += rows[-1].numel()
            table.append(mine)
        deepest = max(map(len, table))
        full = [[*mine, *[mine[-1]] * (deepest - len(mine))] for mine in table]
        self._pixels = torch.cat(rows)
        self._table = torch.tensor(full, device=device)  # picture, level -> start, height, width
        self._depth = torch.tensor([len(mine) for mine in table], device=device)
        self._shifts = torch.tensor([0, 8, 16], dtype=torch.int32, device=device).view(1, 3, 1, 1)
        self._round = round
        self.sizes = self._table[:, 0, 1:].float()  # picture -> height, width

    def read(self, picture: Tensor, x: Tensor, y: Tensor, shrink: Tensor) -> Tensor:
        """float32 (n, 3, h, w) in 0..255, bilinear. ``picture`` (n) says which; ``x`` and ``y`` (n, h, w) are places in
        0..1 of its width and height; ``shrink`` (n) is how many of its pixels one of the drawn is high."""
        level = (shrink.log2() / log2(STEP)).round().long().clamp(min=0)
        level = torch.minimum(level, self._depth[picture] - 1)
        start, height, width = (part.view(-1, 1, 1) for part in self._table[picture, level].unbind(1))
        x, y = x * width - 0.5, y * height - 0.5
        left, top = x.floor(), y.floor()
        along, down = (x - left).unsqueeze(1), (y - top).unsqueeze(1)
        left, top = left.long(), top.long()
        right, bottom = left + 1, top + 1
        if self._round:
            left, right = left % width, right % width
        else:
            left, right = left.clamp(min=0).minimum(width - 1), right.clamp(min=0).minimum(width - 1)
        above = start + top.clamp(min=0).minimum(height - 1) * width
        below = start + bottom.clamp(min=0).minimum(height - 1) * width
        upper = torch.lerp(self._at(above + left), self._at(above + right), along)
        lower = torch.lerp(self._at(below + left), self._at(below + right), along)
        return torch.lerp(upper, lower, down)

    def _at(self, place: Tensor) -> Tensor:
        return ((self._pixels[place].unsqueeze(1) >> self._shifts) & 255).float()


def levels(picture: Tensor, round: bool) -> list[Tensor]:
    """The picture, and it again at 1 / sqrt 2, 1 / 2 ... of its size."""
    _, height, width = picture.shape
    out = [picture]
    while min(out[-1].shape[1:]) > SMALLEST:
        factor = STEP ** len(out)
        size = max(1, int(height / factor + 0.5)), max(1, int(width / factor + 0.5))
        if round and width % 8 == 0 and size[1] > 8:  # so that a short piece of either edge can be joined to the other
            size = size[0], 8 * max(1, int(width / factor / 8 + 0.5))
        out.append(resized(out[max(0, len(out) - 2)], size, round))  # of the one an octave above
    return out


def resized(picture: Tensor, size: tuple[int, int], round: bool = False) -> Tensor:
    """uint8 (C, H, W), each new pixel the mean of what it covers, cubic; nothing is invented at a globe's seam."""
    width = picture.shape[2]
    extra = 0
    if round:
        common = gcd(width, size[1])
        pad, extra = width // common, size[1] // common
        picture = torch.cat((picture[:, :, -pad:], picture, picture[:, :, :pad]), dim=2)
    wanted = size[0], size[1] + 2 * extra
    new: Tensor = F.interpolate(picture.unsqueeze(0), wanted, mode="bicubic", antialias=True)[0]
    return new[:, :, extra : extra + size[1]]


def _packed(picture: Tensor) -> Tensor:
    red, green, blue = picture.int()
    return (red + (green << 8) + (blue << 16)).flatten()
