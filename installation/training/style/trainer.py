"""Trains a fast style network on one painting (Johnson et al. 2016, with instance normalisation: Ulyanov et al. 2016,
1607.08022), whatever pictures ``draw`` gives to be painted. It holds still while a camera moves: losses.py.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.training.checkpoint import optimiser_state, restore_optimiser
from installation.training.device import Device
from installation.training.export import Words, export
from installation.training.style import losses
from installation.training.style.painter import Painter
from installation.training.trainer import Picture, State

DECAY_FROM = 0.5  # share of the budget
SLOWER = 0.05  # the rate at the end, of the one at the beginning
SHEET = (3, 4)  # rows, columns of pairs
FRAMES = 120
PAN = 1.5  # pixels a frame
KEEP = 0.999  # of the average, a step

Draw = Callable[[int], Tensor]  # how many -> (N, 3, S, S) in -1..1 on the device


@dataclass(frozen=True, slots=True)
class Recipe:
    """Weights of the losses; ``style`` 1 paints lightly, 10 lets little of the picture be."""

    widths: tuple[int, int, int] = (16, 32, 64)
    blocks: int = 5
    batch: int = 8
    rate: float = 2e-3
    style: float = 3.0
    steady: float = 40.0
    rough: float = 1.0
    seed: int = 0


class StyleTrainer:
    """Fulfils ``Trainer``. ``painting`` (3, H, W) uint8: its strokes are learnt at the size they have in it.
    ``painter`` is the average over the last steps: what is exported."""

    def __init__(
        self, draw: Draw, painting: Tensor, recipe: Recipe, device: Device, words: Words, eye: nn.Module
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device, self.words = recipe, device, words
        self.seen = self._steps = 0
        self._draw = draw
        self._eye = losses.Eye(eye, painting.to(device.torch)[None].float() / 255, device.autocast)
        self.learner = Painter(recipe.widths, recipe.blocks).to(device.torch, memory_format=torch.channels_last)
        self.painter = copy.deepcopy(self.learner).requires_grad_(False).eval()
        self._teach = torch.optim.Adam(self.learner.parameters(), lr=recipe.rate, fused=device.name != "mps")
        self._shown = _pictures(draw(SHEET[0] * SHEET[1]))

    def step(self, share: float) -> Mapping[str, Tensor]:
        recipe = self.recipe
        falling = max(0.0, (share - DECAY_FROM) / (1 - DECAY_FROM))
        for group in self._teach.param_groups:
            group["lr"] = recipe.rate * SLOWER**falling
        pictures = _pictures(self._draw(recipe.batch))
        with torch.no_grad():
            wanted = self._eye.see(pictures, losses.CONTENT)
        half = max(1, recipe.batch // 2)
        after, by = losses.moved(pictures[:half])
        with self.device.autocast():
            both = self.learner(torch.cat([pictures, after]))
        painted, painted_after = both[: recipe.batch], both[recipe.batch :]
        found = self._eye.see(painted)
        told = {
            "content": self._eye.content(found, wanted),
            "style": self._eye.style(found),
            "unsteady": losses.unsteady(painted[:half], painted_after, by),
            "rough": losses.rough(painted),
        }
        weights = {"content": 1.0, "style": recipe.style, "unsteady": recipe.steady, "rough": recipe.rough}
        self._teach.zero_grad(set_to_none=True)
        torch.stack([told[name] * weight for name, weight in weights.items()]).sum().backward()
        torch.nn.utils.clip_grad_norm_(self.learner.parameters(), 1.0)
        self._teach.step()
        self._follow()
        self.seen += recipe.batch
        self._steps += 1
        return {name: loss.detach() for name, loss in told.items()}

    @torch.no_grad()
    def _follow(self) -> None:
        keep = min(KEEP, self._steps / (self._steps + 10))
        torch._foreach_lerp_(list(self.painter.parameters()), list(self.learner.parameters()), 1 - keep)

    def state(self) -> State:
        return {
            "seen": self.seen,
            "steps": self._steps,
            "learner": self.learner.state_dict(),
            "painter": self.painter.state_dict(),
            "teach": optimiser_state(self._teach),
            "shown": self._shown,
        }

    def restore(self, state: State) -> None:
        self.seen, self._steps = state["seen"], state["steps"]
        self.learner.load_state_dict(state["learner"])
        self.painter.load_state_dict(state["painter"])
        restore_optimiser(self._teach, state["teach"])
        self._shown = state["shown"].to(self.device.torch)

    @torch.no_grad()
    def paint(self, pictures: Tensor) -> Tensor:
        """(N, 3, H, W) in 0..1 -> uint8 (N, H, W, 3) on the CPU."""
        with self.device.autocast():
            made = self.painter(pictures)
        return _levels(made)

    def sheet(self) -> Picture:
        """Pairs: a picture, and painted."""
        pairs = torch.cat([_levels(self._shown), self.paint(self._shown)], 2).numpy()
        rows, columns = SHEET
        return np.concatenate(
            [np.concatenate(list(pairs[row * columns : (row + 1) * columns]), axis=1) for row in range(rows)], axis=0
        )

    def frames(self) -> Iterator[Picture]:
        """Pictures panned, between pixels too: what crawls shows."""
        side = self._shown.shape[2]
        for frame in range(FRAMES):
            which = self._shown[frame * 3 // FRAMES][None]
            yield self.paint(_panned(which, PAN * (frame % (FRAMES // 3)) / side))[0].numpy()

    def export(self, folder: Path, told: str) -> None:
        export(folder, self.painter.published(), {}, self.words.telling(told), self.sheet())


def _panned(picture: Tensor, by: float) -> Tensor:
    """Moved left by so many sides, mirrored beyond the border, and a little larger."""
    theta = torch.tensor([[[0.9, 0, 2 * by], [0, 0.9, 0]]], device=picture.device)
    grid = F.affine_grid(theta, list(picture.shape), align_corners=False)
    return F.grid_sample(picture, grid, padding_mode="reflection", align_corners=False)


def _pictures(drawn: Tensor) -> Tensor:
    return drawn * 0.5 + 0.5


def _levels(pictures: Tensor) -> Tensor:
    return (pictures.float().clamp(0, 1) * 255 + 0.5).to(torch.uint8).permute(0, 2, 3, 1).cpu()
