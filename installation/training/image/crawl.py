"""How much moves by itself when a picture is panned: coasts should lie where they lie."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

PAN = 4  # pixels
SEEN = 30  # of 255 levels: a change that an eye catches
ROOM = 16  # pixels that a picture is wider and higher than what is painted of it
EDGE = 32  # pixels at the border, where a pan brings in something new

Render = Callable[[Tensor], Tensor]  # grey (N, 1, H, W) in -1..1 -> (N, 3, H, W) in -1..1


@torch.no_grad()
def crawl(render: Render, pictures: Tensor) -> float:
    """Share of the pixels, 0..1, that change by more than SEEN levels in some channel when what is painted from is
    moved by PAN pixels and what is painted is moved back. ``pictures`` (N, 1, H + ROOM, W + ROOM) grey in -1..1."""
    height, width = (side - ROOM for side in pictures.shape[2:])
    if min(height, width) <= 2 * EDGE:
        raise ValueError(f"pictures must be larger than {2 * EDGE + ROOM} pixels")
    still = render(pictures[:, :, :height, :width])
    shares = []
    for right, down in ((PAN, 0), (0, PAN)):
        moved = render(pictures[:, :, down : down + height, right : right + width])
        here = still[:, :, EDGE + down : height - EDGE, EDGE + right : width - EDGE].float()
        there = moved[:, :, EDGE : height - EDGE - down, EDGE : width - EDGE - right].float()
        shares.append(((here - there).abs().amax(1) > 2 * SEEN / 255).float().mean())
    return float(torch.stack(shares).mean())
