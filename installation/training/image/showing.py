"""What a painter has become, for a person: a sheet and a film, always from the same inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

if TYPE_CHECKING:
    from installation.training.trainer import Picture

FRAMES = 240
PACE = 1  # pixels a frame
TABLES = 8

Render = Callable[[Tensor], Tensor]  # (N, C, H, W) -> (N, 3, H, W) in -1..1
Soft = Callable[[Tensor], Tensor]  # grey -> (N, 1, H/4, W/4)


def sheet(render: Render, soft: Soft, greys: Tensor, tables: Tensor, *pictures: Tensor) -> Picture:
    """Rows: what it sees, what it makes of it, the ``pictures`` that were there; then tables, seen and made."""
    side = greys.shape[2]
    return rows(_seen(soft(greys), side), render(greys), *pictures, _seen(soft(tables), side), render(tables))


def rows(*pictures: Tensor) -> Picture:
    """(N, 1 | 3, S, S) each, a row each."""
    return np.concatenate([np.concatenate(list(_levels(row)), axis=1) for row in pictures], axis=0)


def film(render: Render, soft: Soft, grey: Tensor, table: Tensor) -> Iterator[Picture]:
    """A picture and a table top panned a pixel a frame, seen and made: coasts should move, not crawl."""
    side = grey.shape[2]
    for view, other in zip(_panned(grey), _panned(table), strict=True):
        views = torch.cat([view, other])
        made, seen = _levels(render(views)), _levels(_seen(soft(views), side))
        yield np.concatenate([np.concatenate([seen[k], made[k]], axis=1) for k in range(2)], axis=0)


def pan(render: Render, picture: Tensor) -> Iterator[Picture]:
    """The same of any picture in -1..1 and what is made of it."""
    for view in _panned(picture):
        yield np.concatenate([_levels(view)[0], _levels(render(view))[0]], axis=1)


def _panned(picture: Tensor) -> Iterator[Tensor]:
    """(1, C, S, S), mirrored over its borders and so without end."""
    side = picture.shape[2]
    wide = torch.cat([picture, picture.flip(3)], 3)
    endless = torch.cat([wide, wide.flip(2)], 2)
    for frame in range(FRAMES):
        by = frame * PACE
        yield torch.roll(endless, (-(by // 2), -by), (2, 3))[:, :, :side, :side]


def tables(side: int) -> Tensor:
    """(TABLES, 1, side, side) in 0..1: table tops under a lamp, with a hand's worth of fingers, cups and paper."""
    chance = torch.Generator().manual_seed(5)

    def rand(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=chance)

    place = (torch.arange(side) + 0.5) / side
    x, y = place[None, None, :], place[None, :, None]
    lamp = rand(2, TABLES, 1, 1)
    light = 1 - 0.35 * ((x - lamp[0]) ** 2 + (y - lamp[1]) ** 2)
    made = (0.25 + 0.5 * rand(TABLES, 1, 1)) * light
    for thing in range(7):
        at, turn, level = rand(2, TABLES, 1, 1), rand(TABLES, 1, 1) * 3.14159, rand(TABLES, 1, 1)
        length, radius = rand(TABLES, 1, 1) * 0.25, 0.02 + 0.12 * rand(TABLES, 1, 1) ** 2
        along = (x - at[0]) * turn.cos() + (y - at[1]) * turn.sin()
        aside = (y - at[1]) * turn.cos() - (x - at[0]) * turn.sin()
        distance = ((along.abs() - length).clamp(min=0) ** 2 + aside**2).sqrt()
        cover = ((radius - distance) * 80 + 0.5).clamp(0, 1)
        # Round things are lit from a side.
        shade = light * level * (1 + 0.5 * (aside / radius).clamp(-1, 1) * (thing % 2))
        made = torch.lerp(made, shade, cover)
    grain = F.interpolate(torch.randn(TABLES, 1, side // 4, side // 4, generator=chance), (side, side), mode="bilinear")
    return (made[:, None] + 0.015 * grain).clamp(0, 1)


def _seen(soft: Tensor, side: int) -> Tensor:
    return F.interpolate(soft, (side, side), mode="bilinear") * 2 - 1


def _levels(pictures: Tensor) -> Picture:
    pictures = pictures.expand(-1, 3, -1, -1)
    levels = (pictures.float().clamp(-1, 1) * 127.5 + 128).clamp(0, 255).to(torch.uint8)
    made: Picture = levels.permute(0, 2, 3, 1).cpu().numpy()
    return made
