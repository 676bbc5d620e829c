"""Turning feature maps around their middle by a live angle, in float32 where the rest of the graph is not.

    turned(x (N, C, H, W), dial (any,), place) -> (N, C, H, W), turned anticlockwise by ``dial[place]`` turns

Bilinear, square pixels, mirrored at the edges. The places that pixels come from are linear in the cosine and the sine:

    across = cos * x - sin * y * H/W         down = (sin * x + cos * y * H/W) * W/H

OpenVINO in bf16 rounds every product, sum and copy to 8 bits, which moves pixels by up to W/512 and an angle by more
than a degree: arithmetic here made maps jitter. Sampling, it computes in float32 whatever it is told. So this is three
samplings of constant tables, each feeding the next with nothing in between; only their first places are arithmetic,
and those are made of numbers that 8 bits hold.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

STEPS = 32  # coarse steps a turn
FINE = 32  # rows from one coarse step to the next; linear between rows is right to 5e-6


def turned(x: Tensor, dial: Tensor, place: int) -> Tensor:
    grid = sources(x.shape[2], x.shape[3], dial, place)
    if x.shape[0] > 1:
        grid = grid.expand(x.shape[0], -1, -1, -1)
    return F.grid_sample(x.float(), grid, "bilinear", "reflection", align_corners=False).to(x.dtype)


def sources(height: int, width: int, dial: Tensor, place: int) -> Tensor:
    """Where each pixel of the turned map comes from: (1, H, W, 2) in -1..1, across then down."""
    # The whole dial, and sliced later: what meets a graph's input first still sees all its bits.
    coarse = torch.floor(dial * STEPS) / STEPS
    fine = (dial - coarse)[place] * STEPS
    whole = coarse[place] - torch.floor(coarse[place])
    one, none = torch.ones_like(fine), torch.zeros_like(fine)
    # Corners of what x is multiplied with and of what is added: (angle, nothing), (nothing, angle + a quarter).
    at = torch.stack([whole - 1, fine, one, none, one, none, whole - 0.75, fine]).reshape(1, 2, 2, 2)
    aspect = height / width
    most = max(1.0, 1 / aspect)  # the corners of a plane lie at +-most, so that nothing is asked for outside
    x = (torch.arange(width, dtype=torch.float32, device=dial.device) * 2 + 1) / width - 1
    y = (torch.arange(height, dtype=torch.float32, device=dial.device) * 2 + 1) / height - 1
    factors = _sample(_waves(aspect, dial.device) / most, at)  # (1, across and down, x and added, 2)
    columns = _sample(_planes(x, torch.ones_like(x)), factors)  # (1, W, across and down, 2)
    return _sample(_planes(torch.full_like(y, most), y * (most * aspect)), columns)


def _waves(aspect: float, device: torch.device) -> Tensor:
    """cos(a) and sin(a) / aspect: columns are coarse angles of 0..1.5 turns (then 0), rows -1..1 coarse step."""
    columns = torch.arange(2 * STEPS + 1, dtype=torch.float64, device=device) / STEPS
    rows = torch.arange(-FINE, FINE + 1, dtype=torch.float64, device=device) / (FINE * STEPS)
    angle = (rows[:, None] + columns) * (2 * math.pi)
    waves = torch.stack([torch.cos(angle), torch.sin(angle) / aspect])
    return (waves * (columns < 1.5)).to(torch.float32)[None]


def _planes(across: Tensor, down: Tensor) -> Tensor:
    """The planes p * across[i] + q * down[i] by their corners at p, q = +-1: (1, length, 2, 2)."""
    top = torch.stack([-across - down, across - down], -1)
    bottom = torch.stack([down - across, across + down], -1)
    return torch.stack([top, bottom], 1)[None]


def _sample(maps: Tensor, at: Tensor) -> Tensor:
    return F.grid_sample(maps, at, "bilinear", "border", align_corners=True)
