"""A map of the whole globe in plate carrée, looked at from straight above: the gnomonic projection.

Snyder, Map Projections: A Working Manual (1987), chapter 22. Around its centre it is true in shape and size at any
latitude, so a crop near a pole is not drawn out.
"""

from __future__ import annotations

from math import cos, pi, radians

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.training.data.pyramid import resized


def gnomonic(x: Tensor, y: Tensor, longitude: Tensor, latitude: Tensor) -> tuple[Tensor, Tensor]:
    """Where in 0..1 of the map's width and height the points of tangent planes lie.

    ``x`` (east) and ``y`` (south) are in radii of the globe, (n, h, w); the planes touch it at ``longitude`` and
    ``latitude`` (n), in radians.
    """
    latitude = latitude.view(-1, 1, 1)
    # The point as a vector: the centre, and from there east and south; the globe's axis is up.
    out = latitude.cos() + y * latitude.sin()
    up = latitude.sin() - y * latitude.cos()
    east = torch.atan2(x, out) + longitude.view(-1, 1, 1)
    north = torch.atan2(up, torch.hypot(x, out))
    return east / (2 * pi) + 0.5, 0.5 - north / pi


def evened(picture: Tensor) -> Tensor:
    """A map, uint8 (C, H, W), without what it shows finer from west to east than from north to south.

    A row's pixels cover less ground the nearer it is to a pole; read at the distance that is right for north and south
    they would be aliased. So a row is brought down to the pixels that its length deserves, and back.
    """
    height, width = picture.shape[1:]
    band = max(1, height // 180)
    out = picture.clone()
    pad = min(width, 64)
    for top in range(0, height, band):
        row = picture[:, top : top + band]
        share = cos(radians(90 - 180 * (top + row.shape[1] / 2) / height))
        whole = width + 2 * pad
        narrow = max(2, int(whole * share + 0.5))
        if narrow >= whole:
            continue
        row = torch.cat((row[:, :, -pad:], row, row[:, :, :pad]), dim=2)
        row = resized(resized(row, (row.shape[1], narrow)), (row.shape[1], whole))
        out[:, top : top + band] = row[:, :, pad : pad + width]
    return out


def around(table: Tensor, across: float) -> Tensor:
    """The mean of every cell's surroundings, ``across`` degrees wide and high. ``table`` (rows, columns) is a map."""
    rows, columns = table.shape
    reach = int(across / 2 / 180 * rows)
    padded = F.pad(table[None, None], (0, 0, reach, reach), mode="replicate")
    table = F.avg_pool2d(padded, (2 * reach + 1, 1), stride=1)[0, 0]
    out = torch.empty_like(table)
    for row in range(rows):
        share = max(0.05, cos(radians(90 - 180 * (row + 0.5) / rows)))
        sideways = min(columns // 2 - 1, int(across / 2 / 360 * columns / share))
        line = F.pad(table[row][None, None], (sideways, sideways), mode="circular")
        out[row] = F.avg_pool1d(line, 2 * sideways + 1, stride=1)[0, 0]
    return out
