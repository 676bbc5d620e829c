"""Pictures beside drawings of them: what a network that makes pictures out of drawings is taught with, where nobody has
drawn any (edges2cats; Isola et al. 2017, 1611.07004).

Each picture is drawn once with every pen. A hand's drawing is thinner here, thicker there and never complete, so the
pen is another each time, and here and there a piece is rubbed out.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from installation.models.lines import FAINTEST, lines
from installation.training.data.about import About
from installation.training.data.pairs import ROOM, Pairs

PENS = ((1.0, FAINTEST), (0.7, 1.5 * FAINTEST), (1.6, 2 * FAINTEST))  # width, the faintest edge that is drawn
RUBBED = 3  # pieces at most, in half of the drawings
LARGEST = 0.25  # of the side

Progress = Callable[[int, int], None]


class Lined:
    """``pictures`` uint8 (N, 3, S, S), S as ``held(size)`` says."""

    def __init__(
        self, pictures: Tensor, about: About, size: int, device: torch.device | str, progress: Progress
    ) -> None:
        drawn = torch.empty(len(pictures), len(PENS), *pictures.shape[2:], dtype=torch.uint8)
        for number, picture in enumerate(pictures.permute(0, 2, 3, 1).contiguous().numpy()):
            for place, (width, faintest) in enumerate(PENS):
                drawn[number, place] = torch.from_numpy(lines(picture, width, faintest)[..., 0])
            progress(number + 1, len(pictures))
        self._pairs = Pairs(drawn, pictures, about, size, device)

    @staticmethod
    def held(size: int) -> int:
        return int(size * ROOM)

    def draw(self, count: int) -> tuple[Tensor, Tensor]:
        """Lines (count, 1, size, size) and pictures (count, 3, size, size) in -1..1, on the device."""
        drawn, pictures = self._pairs.draw(count)
        pen = torch.randint(len(PENS), (count,), device=drawn.device)
        chosen = drawn[torch.arange(count, device=drawn.device), pen][:, None]
        return rubbed(chosen), pictures


def rubbed(drawings: Tensor) -> Tensor:
    """Half of them with up to RUBBED pieces of bare paper."""
    count, _, side, _ = drawings.shape
    chance = torch.rand(4, count, RUBBED, 1, device=drawings.device)
    place = (torch.arange(side, device=drawings.device) + 0.5) / side
    across = (place - chance[0]).abs() < chance[1] * LARGEST / 2
    down = (place - chance[2]).abs() < chance[3] * LARGEST / 2
    pieces = (down[..., None] & across[..., None, :]).any(1, keepdim=True)
    untouched = torch.rand(count, 1, 1, 1, device=drawings.device) < 0.5
    return torch.where(pieces & ~untouched, 1.0, drawings)
