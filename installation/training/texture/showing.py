"""What automata have become, for a person: sheets and films, always from the same chance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from installation.training.texture.automata import Automata, colours

if TYPE_CHECKING:
    from installation.training.device import Device
    from installation.training.trainer import Picture

AGES = (32, 128, 512, 1024)  # steps; then a wound, and the healing
FRESH, HEALED = 8, 128  # steps after the wound
FRAMES = 240
WOUND_AT = 120  # frame
PACE = 4  # steps a frame
ACROSS = 4  # pictures in a row of the film


@torch.no_grad()
def sheet(automata: Automata, targets: Tensor) -> Picture:
    """A row an automaton: its picture; its life at AGES; fresh and healed wound."""
    chance = _chance(targets)
    state = _seed(automata, targets)
    cells = [targets]
    age = 0
    for until in AGES:
        state = automata.grow(state, until - age, chance)
        age = until
        cells.append(colours(state))
    state = wounded(state)
    for steps in (FRESH, HEALED - FRESH):
        state = automata.grow(state, steps, chance)
        cells.append(colours(state))
    return np.concatenate([np.concatenate(list(_levels(row)), axis=1) for row in torch.stack(cells, 1)], axis=0)


@torch.no_grad()
def film(automata: Automata, targets: Tensor, device: Device) -> Iterator[Picture]:
    """Growth, a wound, healing: side by side."""
    chance = _chance(targets)
    state = _seed(automata, targets)
    across = min(ACROSS, automata.count)
    blank = -automata.count % across
    for frame in range(FRAMES):
        if frame == WOUND_AT:
            state = wounded(state)
        with device.autocast():
            state = automata.grow(state, PACE, chance)
        cells = list(_levels(colours(state))) + [np.zeros((*targets.shape[2:], 3), np.uint8)] * blank
        rows = [np.concatenate(cells[i : i + across], axis=1) for i in range(0, len(cells), across)]
        yield np.concatenate(rows, axis=0)


def wounded(state: Tensor, radius: float = 0.25) -> Tensor:
    """A disc in the middle is seed again; ``radius`` in sides."""
    side = state.shape[-1]
    place = (torch.arange(side, device=state.device) + 0.5) / side - 0.5
    return state * (place[:, None] ** 2 + place**2 > radius**2)


def _seed(automata: Automata, targets: Tensor) -> Tensor:
    return torch.zeros(automata.count, automata.channels, *targets.shape[2:], device=targets.device)


def _chance(targets: Tensor) -> torch.Generator:
    return torch.Generator(targets.device).manual_seed(0)


def _levels(pictures: Tensor) -> Picture:
    levels = pictures.float().clamp(0, 1).permute(0, 2, 3, 1) * 255 + 0.5
    made: Picture = levels.to(torch.uint8).cpu().numpy()
    return made
