"""Trains two ResNets on two folders of pictures that have nothing to do with each other: one to turn the first kind
into the second, one to turn it back. CycleGAN: Zhu, Park, Isola, Efros 2017 (1703.10593).

    L = (judge - 1)^2 + 10 * |there and back - itself| + 5 * |second kind through the first - itself|, both ways

Adam 2e-4 (0.5, 0.999), the rate falls to nothing over the second half. Judges look at 70 pixels and are shown half of
the time what was painted long ago. The first network is exported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.training.checkpoint import optimiser_state, restore_optimiser
from installation.training.device import Device
from installation.training.export import Words, export
from installation.training.image import showing
from installation.training.image.discriminator import Patches
from installation.training.image.resnet import BLOCKS, TrainedResNet
from installation.training.trainer import Picture, State

DECAY_FROM = 0.5  # share of the budget
KEPT = 48  # painted pictures that judges are shown again
SHOWN = 8
Draw = Callable[[int], Tensor]  # how many -> (N, 3, S, S) in -1..1 on the device; S a multiple of 4
NETWORKS = ("there", "back", "judge_there", "judge_back")


@dataclass(frozen=True, slots=True)
class Recipe:
    batch: int = 1
    rate: float = 2e-4
    cycle: float = 10.0
    itself: float = 5.0
    width: int = 64
    blocks: int = BLOCKS
    seed: int = 0


class UnpairedTrainer:
    """Fulfils ``Trainer``. ``first`` and ``second`` give pictures of the two kinds, of the same size."""

    def __init__(self, first: Draw, second: Draw, recipe: Recipe, device: Device, words: Words) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device, self.words = recipe, device, words
        self.seen = 0
        self._first, self._second = first, second
        self._shown = first(SHOWN)
        place = {"device": device.torch, "memory_format": torch.channels_last}
        self.there, self.back = (TrainedResNet(3, recipe.width, recipe.blocks).to(**place) for _ in range(2))
        self.judge_there, self.judge_back = (Patches(0).to(**place) for _ in range(2))
        options = {"lr": recipe.rate, "betas": (0.5, 0.999), "fused": device.name != "mps"}
        painters = chain(self.there.parameters(), self.back.parameters())
        judges = chain(self.judge_there.parameters(), self.judge_back.parameters())
        self._teach_g, self._teach_d = torch.optim.Adam(painters, **options), torch.optim.Adam(judges, **options)
        # What was painted long ago; at first, nothing but real pictures of the other kind are to be had.
        self._old = torch.stack([second(KEPT), first(KEPT)])

    def step(self, share: float) -> Mapping[str, Tensor]:
        for optimiser in (self._teach_g, self._teach_d):
            for group in optimiser.param_groups:
                group["lr"] = self.recipe.rate * max(0.01, min(1.0, (1 - share) / (1 - DECAY_FROM)))
        first, second = self._first(self.recipe.batch), self._second(self.recipe.batch)
        told, made = self._teach_painters(first, second)
        told |= self._teach_judges((second, first), made)
        self.seen += len(first)
        return told

    def _teach_painters(self, first: Tensor, second: Tensor) -> tuple[dict[str, Tensor], tuple[Tensor, Tensor]]:
        for judge in (self.judge_there, self.judge_back):
            judge.requires_grad_(False)
        with self.device.autocast():
            to_second, to_first = self.there(first), self.back(second)
            again_first, again_second = self.back(to_second), self.there(to_first)
            still_second, still_first = self.there(second), self.back(first)
            verdicts = (_verdict(self.judge_there, to_second), _verdict(self.judge_back, to_first))
        believed = sum((verdict - 1).square().mean() for verdict in verdicts)
        cycle = F.l1_loss(again_first.float(), first) + F.l1_loss(again_second.float(), second)
        itself = F.l1_loss(still_first.float(), first) + F.l1_loss(still_second.float(), second)
        self._teach_g.zero_grad(set_to_none=True)
        (believed + self.recipe.cycle * cycle + self.recipe.itself * itself).backward()
        self._teach_g.step()
        for judge in (self.judge_there, self.judge_back):
            judge.requires_grad_(True)
        told = {"painters": believed, "cycle": cycle, "itself": itself}
        made = (to_second.detach().float(), to_first.detach().float())
        return {name: loss.detach() for name, loss in told.items()}, made

    def _teach_judges(self, real: tuple[Tensor, Tensor], made: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        loss = torch.zeros((), device=self.device.torch)
        for side, judge in enumerate((self.judge_there, self.judge_back)):
            shown = self._remembered(side, made[side])
            with self.device.autocast():
                of_real, of_made = _verdict(judge, real[side]), _verdict(judge, shown)
            loss = loss + ((of_real - 1).square().mean() + of_made.square().mean()) / 2
        self._teach_d.zero_grad(set_to_none=True)
        loss.backward()
        self._teach_d.step()
        return {"judges": loss.detach()}

    @torch.no_grad()
    def _remembered(self, side: int, made: Tensor) -> Tensor:
        """Half of them as they are; for the others, old ones whose places they take. Until the store has been filled,
        only new ones."""
        count = len(made)
        if self.seen < KEPT:
            at = torch.arange(self.seen, self.seen + count, device=made.device) % KEPT
            self._old[side, at] = made
            return made
        at = torch.randperm(KEPT, device=made.device)[:count]
        swap = (torch.rand(count, 1, 1, 1, device=made.device) < 0.5).float()
        old = self._old[side, at]
        self._old[side, at] = torch.lerp(old, made, swap)
        return torch.lerp(made, old, swap)

    def state(self) -> State:
        networks = {name: getattr(self, name).state_dict() for name in NETWORKS}
        moments = {"teach_g": optimiser_state(self._teach_g), "teach_d": optimiser_state(self._teach_d)}
        return {"seen": self.seen, "old": self._old, **networks, **moments}

    def restore(self, state: State) -> None:
        self.seen = state["seen"]
        self._old.copy_(state["old"])
        for name in NETWORKS:
            getattr(self, name).load_state_dict(state[name])
        restore_optimiser(self._teach_g, state["teach_g"])
        restore_optimiser(self._teach_d, state["teach_d"])

    @torch.no_grad()
    def render(self, picture: Tensor) -> Tensor:
        with self.device.autocast():
            made: Tensor = self.there(picture)
        return made.float()

    def sheet(self) -> Picture:
        with torch.no_grad(), self.device.autocast():
            made = self.there(self._shown)
            again = self.back(made)
        return showing.rows(self._shown, made.float(), again.float())

    def frames(self) -> Iterator[Picture]:
        return showing.pan(self.render, self._shown[:1])

    def export(self, folder: Path, told: str) -> None:
        export(folder, self.there.state_dict(), {}, self.words.telling(told), self.sheet())


def _verdict(judge: nn.Module, picture: Tensor) -> Tensor:
    """(N, 1, h, w); this judge has nothing to compare the picture with."""
    verdict: Tensor = judge(picture)[0]
    return verdict
