"""Trains a U-Net on pairs, the first of a pair to become the second: pix2pix (Isola et al. 2017, 1611.07004).

    L = softplus(-judge) + 100 * L1        Adam 2e-4 (0.5, 0.999), the rate falls to nothing over the second half

The judge sees both pictures of a pair, 70 pixels at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import torch
from torch import Tensor
from torch.nn import functional as F

from installation.training.checkpoint import optimiser_state, restore_optimiser
from installation.training.device import Device
from installation.training.export import Words, export
from installation.training.image import showing
from installation.training.image.discriminator import Patches
from installation.training.image.unet import TrainedUNet, levels_for
from installation.training.trainer import Picture, State

DECAY_FROM = 0.5  # share of the budget
SHOWN = 8
DrawPairs = Callable[[int], tuple[Tensor, Tensor]]  # (N, 1 | 3, S, S) and (N, 3, S, S), -1..1, on the device


@dataclass(frozen=True, slots=True)
class Recipe:
    batch: int = 4
    rate: float = 2e-4
    exact: float = 100.0
    width: int = 64
    seed: int = 0


class PairsTrainer:
    """Fulfils ``Trainer``. ``facts``: what a card says of the pictures that are given, such as ``colour: lines``."""

    def __init__(
        self,
        draw: DrawPairs,
        recipe: Recipe,
        device: Device,
        words: Words,
        facts: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device, self.words, self.facts = recipe, device, words, facts
        self.seen = 0
        self._draw = draw
        self._shown = draw(SHOWN)
        channels, side = self._shown[0].shape[1:3]
        place = {"device": device.torch, "memory_format": torch.channels_last}
        self.network = TrainedUNet(channels, levels_for(side), recipe.width).to(**place)
        self.judge = Patches(channels).to(**place)
        options = {"lr": recipe.rate, "betas": (0.5, 0.999), "fused": device.name != "mps"}
        self._teach_g = torch.optim.Adam(self.network.parameters(), **options)
        self._teach_d = torch.optim.Adam(self.judge.parameters(), **options)

    def step(self, share: float) -> Mapping[str, Tensor]:
        for optimiser in (self._teach_g, self._teach_d):
            for group in optimiser.param_groups:
                group["lr"] = self.recipe.rate * max(0.01, min(1.0, (1 - share) / (1 - DECAY_FROM)))
        given, real = self._draw(self.recipe.batch)
        condition = given * 0.5 + 0.5
        self.network.train()
        with self.device.autocast():
            painted = self.network(given)
            of_real, _ = self.judge(real, condition)
            of_painted, _ = self.judge(painted.detach(), condition)
        painted = painted.float()
        told_apart = (F.softplus(-of_real).mean() + F.softplus(of_painted).mean()) / 2
        self._teach_d.zero_grad(set_to_none=True)
        told_apart.backward()
        self._teach_d.step()
        self.judge.requires_grad_(False)
        with self.device.autocast():
            verdict, _ = self.judge(painted, condition)
        self.judge.requires_grad_(True)
        believed, exact = F.softplus(-verdict).mean(), F.l1_loss(painted, real)
        self._teach_g.zero_grad(set_to_none=True)
        (believed + self.recipe.exact * exact).backward()
        self._teach_g.step()
        self.seen += len(real)
        return {"judge": told_apart.detach(), "painter": believed.detach(), "exact": exact.detach()}

    def state(self) -> State:
        return {
            "seen": self.seen,
            "network": self.network.state_dict(),
            "judge": self.judge.state_dict(),
            "teach_g": optimiser_state(self._teach_g),
            "teach_d": optimiser_state(self._teach_d),
        }

    def restore(self, state: State) -> None:
        self.seen = state["seen"]
        self.network.load_state_dict(state["network"])
        self.judge.load_state_dict(state["judge"])
        restore_optimiser(self._teach_g, state["teach_g"])
        restore_optimiser(self._teach_d, state["teach_d"])

    @torch.no_grad()
    def render(self, given: Tensor) -> Tensor:
        self.network.eval()
        with self.device.autocast():
            made: Tensor = self.network(given)
        return made.float()

    def sheet(self) -> Picture:
        given, real = self._shown
        return showing.rows(given, self.render(given), real)

    def frames(self) -> Iterator[Picture]:
        return showing.pan(self.render, self._shown[0][:1])

    def export(self, folder: Path, told: str) -> None:
        export(folder, self.network.state_dict(), self.facts, self.words.telling(told), self.sheet())
