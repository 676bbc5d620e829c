"""What a GAN's training shows of itself. ``paint(w (N, w_dim), psi) -> (N, 3, S, S) in about -1..1``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor

from installation.training.trainer import Picture

CALM = 0.8  # truncation of a film
FRAMES = 240  # of a film
PART = 16  # of them painted in one go

Paint = Callable[[Tensor, float], Tensor]


def sheet(paint: Paint, w: Tensor, columns: int) -> Picture:
    """All of w, untruncated, in rows."""
    cells = levels(paint(w, 1.0))
    rows, side = len(cells) // columns, cells.shape[1]
    grid = cells.reshape(rows, columns, side, side, 3).swapaxes(1, 2)
    return np.ascontiguousarray(grid.reshape(rows * side, columns * side, 3))


def film(paint: Paint, stops: Tensor) -> Iterator[Picture]:
    """Straight from stop to stop (K, w_dim) and back to the first."""
    along = torch.arange(FRAMES, device=stops.device)[:, None] * (len(stops) / FRAMES)
    at = along[:, 0].long()
    for places in torch.lerp(stops[at], stops[(at + 1) % len(stops)], along.frac()).split(PART):
        yield from levels(paint(places, CALM))


def levels(image: Tensor) -> Picture:
    """uint8 (N, S, S, 3)."""
    made: Picture = (image.clamp(-1, 1) * 127.5 + 128).to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
    return made
