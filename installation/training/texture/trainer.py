"""Trains neural cellular automata on pictures, one each (Niklasson et al. 2021; networks/texture.py). Each step: a few
states out of a pool live for a while, are compared with their picture, and go back.

Out of the pool an automaton meets what it made thousands of steps ago, and learns to stay. Now and then a state is the
seed again, or has a wound, and it learns to begin and to heal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from installation.errors import ModelError
from installation.training.checkpoint import optimiser_state, restore_optimiser
from installation.training.device import Device
from installation.training.export import Words, export
from installation.training.texture import showing
from installation.training.texture.automata import Automata, colours
from installation.training.texture.likeness import Likeness
from installation.training.trainer import Picture, State

MULTIPLE = 8  # of a picture's side: the eye halves it three times
AGAIN = 8  # steps between two seeds, and between two wounds
WIDEST = 0.25  # radius of a wound, in sides
BOUND = 1.0  # numbers of a state beyond it are pushed back, or they grow for ever
ASTRAY = 8.0  # a state with a number beyond it does not go back: it would not come to its senses
SLOWER = 0.05  # the rate at the end, of the one at the beginning
DECAY_FROM = 0.3  # share of the budget
WARM = 100  # steps until the full rate: from a last layer of zeros the first ones go far


@dataclass(frozen=True, slots=True)
class Recipe:
    """``life``: fewest and most steps of an automaton in one step of the training."""

    batch: int = 4
    pool: int = 256
    life: tuple[int, int] = (32, 96)
    rate: float = 2e-3
    overflow: float = 10.0
    seed: int = 0


class TextureTrainer:
    """Fulfils ``Trainer``. ``pictures`` (K, 3, S, S) uint8, S a MULTIPLE: one automaton each. ``words`` of each."""

    def __init__(
        self, pictures: Tensor, recipe: Recipe, device: Device, words: Sequence[Words], eye: nn.Module
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device, self.words = recipe, device, tuple(words)
        self.seen = 0
        self._steps = 0
        self.targets = pictures.to(device.torch).float() / 255
        count, _, side, _ = pictures.shape
        self.automata = Automata(count).to(device.torch)
        self._likeness = Likeness(eye, self.targets, device.autocast)
        self._teach = torch.optim.Adam(self.automata.parameters(), lr=recipe.rate, fused=device.name != "mps")
        # Half precision: a pool is most of a checkpoint, and a state that is a thousandth off is another good state.
        shape = (count, recipe.pool, self.automata.channels, side, side)
        self._pool = torch.zeros(shape, dtype=torch.float16, device=device.torch)

    def step(self, share: float) -> Mapping[str, Tensor]:
        recipe = self.recipe
        falling = max(0.0, (share - DECAY_FROM) / (1 - DECAY_FROM))
        for group in self._teach.param_groups:
            group["lr"] = recipe.rate * SLOWER**falling * min(1.0, (self._steps + 1) / WARM)
        chosen = torch.randperm(recipe.pool, device=self.device.torch)[: recipe.batch]
        state = self._pool[:, chosen].float()
        if self._steps % AGAIN == 0:
            state[:, 0] = 0
        if self._steps % AGAIN == AGAIN // 2:
            state[:, -1] *= _wounds(len(state), state.shape[-1], state.device)
        low, high = recipe.life
        steps = int(torch.randint(low, high + 1, ()))  # on the CPU: nothing waits for the device
        with self.device.autocast():
            state = self.automata.grow(state.flatten(0, 1), steps)
        unlike = self._likeness(colours(state).clamp(-0.5, 1.5)).unflatten(0, (-1, recipe.batch)).mean(1)
        beyond = (state - state.clamp(-BOUND, BOUND)).abs().mean((1, 2, 3)).unflatten(0, (-1, recipe.batch)).mean(1)
        self._teach.zero_grad(set_to_none=True)
        (unlike + recipe.overflow * beyond).sum().backward()
        self._evened()
        self._teach.step()
        with torch.no_grad():
            astray = ~(state.abs().amax((1, 2, 3)) < ASTRAY)[:, None, None, None]
            kept = state.masked_fill(astray, 0).unflatten(0, (-1, recipe.batch))
            self._pool[:, chosen] = kept.to(self._pool.dtype)
        self.seen += len(state)
        self._steps += 1
        return {"unlike": unlike.detach().mean(), "worst": unlike.detach().max(), "overflow": beyond.detach().mean()}

    def _evened(self) -> None:
        """Every gradient of every automaton is one long: through a hundred steps they may explode. One that is not a
        number, of a life that went astray, is left out."""
        for parameter in self.automata.parameters():
            gradient = parameter.grad
            if gradient is not None:
                gradient /= gradient.flatten(1).norm(dim=1)[:, None, None] + 1e-8
                gradient.nan_to_num_(0.0, 0.0, 0.0)

    def state(self) -> State:
        return {
            "seen": self.seen,
            "steps": self._steps,
            "automata": self.automata.state_dict(),
            "teach": optimiser_state(self._teach),
            "pool": self._pool,
        }

    def restore(self, state: State) -> None:
        self.seen, self._steps = state["seen"], state["steps"]
        self.automata.load_state_dict(state["automata"])
        restore_optimiser(self._teach, state["teach"])
        self._pool.copy_(state["pool"])

    def sheet(self) -> Picture:
        with self.device.autocast():
            return showing.sheet(self.automata, self.targets)

    def frames(self) -> Iterator[Picture]:
        return showing.film(self.automata, self.targets, self.device)

    def export(self, folder: Path, told: str) -> None:
        """Each into a folder of its name. One that diverged does not keep the others back."""
        lost = []
        # Without the pictures themselves: a model may go where they may not.
        rows = np.split(self.sheet()[:, self.targets.shape[3] :], len(self.words))
        for k, words in enumerate(self.words):
            try:
                export(folder / words.name, self.automata.one(k), {}, words.telling(told), rows[k])
            except ModelError as error:
                lost.append(f"{words.name}: {error.message}")
        if lost:
            raise ModelError("; ".join(lost), "train these anew with another seed")


def _wounds(count: int, side: int, device: torch.device) -> Tensor:
    """(count, 1, S, S): 0 in a disc somewhere, 1 around it. The canvas has no borders, so nor has the disc."""
    at = torch.rand(count, 3, device=device)
    place = torch.arange(side, device=device) / side
    away = [((place[None] - at[:, axis, None] + 0.5) % 1 - 0.5) ** 2 for axis in (0, 1)]
    distance = away[0][:, :, None] + away[1][:, None]
    return (distance > (at[:, 2, None, None] * WIDEST) ** 2)[:, None].float()
