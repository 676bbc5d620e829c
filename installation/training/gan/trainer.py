"""Trains a StyleGAN2 on whatever ``draw`` gives. Each step: the discriminator, the generator, the average."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from installation.training.checkpoint import optimiser_state, restore_optimiser
from installation.training.device import Device
from installation.training.export import Words, export
from installation.training.gan import losses, showing
from installation.training.gan.augment import augmented
from installation.training.gan.discriminator import Discriminator
from installation.training.gan.generator import Generator
from installation.training.gan.growth import blurred, size
from installation.training.replayed import Replayed
from installation.training.trainer import Picture, State

PENALTY_EVERY = 8  # steps; the penalties are the dearest part of one
PATH_EVERY = 4
MIXED = 0.25  # share of pictures made from two w
W_DECAY = 0.005
LEAST_RATE = 0.02  # of the whole
DECAY_FROM = 0.8  # share of the budget: from here the rate falls to nothing
SHEET = (4, 8)  # rows, columns
AT_ONCE = 16  # pictures painted in one go
STOPS = 5  # seeds that a film walks by


@dataclass(frozen=True, slots=True)
class Recipe:
    """``capacity``: channels times side, at most; 2048 is a third of the work. ``penalty``: gamma at 128 pixels; it
    follows the side, up and down. ``augment``: for small collections. ``average``: pictures after which the average has
    half forgotten."""

    resolution: int
    batch: int = 32
    rate: float = 0.0025
    penalty: float = 3.0
    path: float = 0.0
    augment: bool = False
    average: float = 10_000.0
    capacity: int = 6144
    seed: int = 0


FACTS: dict[str, Any] = {"network": {"init_kwargs": {"synthesis_kwargs": {}}}}  # that nothing is clamped
Draw = Callable[[int, int], Tensor]  # how many, of which side -> (N, 3, S, S) in -1..1 on the device


class GanTrainer:
    """Fulfils ``Trainer``. ``painter`` is the average generator: what is exported."""

    def __init__(self, draw: Draw, recipe: Recipe, device: Device, words: Words) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device, self.words = recipe, device, words
        self.seen = self._steps = 0
        self._share = 0.0
        self._draw = draw
        place = {"device": device.torch, "memory_format": torch.channels_last}
        self.generator = Generator(recipe.resolution, recipe.capacity).to(**place)
        self.discriminator = Discriminator(recipe.resolution, recipe.capacity).to(**place)
        self.painter = copy.deepcopy(self.generator).requires_grad_(False).eval()
        options = {"betas": (0.0, 0.99), "eps": 1e-8, "fused": device.name != "mps"}
        if device.name == "cuda":  # read by captured steps
            options |= {"lr": torch.tensor(recipe.rate, device=device.torch), "capturable": True}
        else:
            options |= {"lr": recipe.rate}
        self._teach_g = torch.optim.Adam(self.generator.parameters(), **options)
        self._teach_d = torch.optim.Adam(self.discriminator.parameters(), **options)
        self._usual_length = torch.zeros((), device=device.torch)
        self._replayed, self._side = Replayed(device.torch), 0
        fixed = torch.Generator().manual_seed(recipe.seed + 1)
        self._shown = torch.randn(SHEET[0] * SHEET[1], self.generator.z_dim, generator=fixed).to(device.torch)

    def step(self, share: float) -> Mapping[str, Tensor]:
        self._share = share
        side, before, mix = size(share, self.recipe.resolution)
        self._set_rate(self.recipe.rate * min(1.0, max(LEAST_RATE, (1 - share) / (1 - DECAY_FROM))))
        real = self._draw(self.recipe.batch, side)
        if mix < 1:
            real = torch.lerp(blurred(real, before), real, mix)
        punish = self._steps % PENALTY_EVERY == 0
        lengths = bool(self.recipe.path) and self._steps % PATH_EVERY == 0

        def step(real: Tensor) -> Mapping[str, Tensor]:
            told = self._teach_discriminator(real, side, before, mix, punish)
            return told | self._teach_generator(real, side, before, mix, lengths)

        if self._side != side:
            self._replayed.forget()
            self._side = side
        told = step(real) if mix < 1 else self._replayed((punish, lengths), step, real)
        self._follow()
        self.seen += self.recipe.batch
        self._steps += 1
        return told

    def _set_rate(self, rate: float) -> None:
        for optimiser in (self._teach_g, self._teach_d):
            for group in optimiser.param_groups:
                if isinstance(group["lr"], Tensor):
                    group["lr"].fill_(rate)
                else:
                    group["lr"] = rate

    def _teach_discriminator(self, real: Tensor, side: int, before: int, mix: float, punish: bool) -> dict[str, Tensor]:
        with torch.no_grad():
            painted, _ = self._painted(side, before, mix)
        with self.device.autocast():
            of_real, of_painted = (self.discriminator(self._seen(x), mix, before) for x in (real, painted))
        loss = losses.told_apart(of_real, of_painted)
        told = {"discriminator": loss.detach(), "apart": (of_real - of_painted).detach().mean()}
        if punish:
            few = max(1, len(real) // 2)  # a mean, and the dearest part of a step
            penalty = sum(self._steepness(image[:few], mix, before) for image in (real, painted))
            told["steepness"] = penalty.detach()
            loss = loss + penalty * (self.recipe.penalty * side / 128 / 2 * PENALTY_EVERY)
        self._teach_d.zero_grad(set_to_none=True)
        loss.backward()
        self._teach_d.step()
        return told

    def _steepness(self, image: Tensor, mix: float, before: int) -> Tensor:
        image = image.detach().requires_grad_()
        with self.device.autocast():
            return losses.steepness(self.discriminator(self._seen(image), mix, before), image)

    def _teach_generator(self, real: Tensor, side: int, before: int, mix: float, lengths: bool) -> dict[str, Tensor]:
        self.discriminator.requires_grad_(False)
        painted, ws = self._painted(side, before, mix)
        with self.device.autocast():
            with torch.no_grad():
                of_real = self.discriminator(self._seen(real), mix, before)
            of_painted = self.discriminator(self._seen(painted), mix, before)
        loss = losses.believed(of_real, of_painted)
        told = {"generator": loss.detach()}
        if lengths:
            uneven, usual = losses.path_length(painted, ws, self._usual_length)
            self._usual_length.copy_(usual)
            told["path"] = uneven.detach()
            loss = loss + uneven * (self.recipe.path * PATH_EVERY)
        self._teach_g.zero_grad(set_to_none=True)
        loss.backward()
        self._teach_g.step()
        self.discriminator.requires_grad_(True)
        return told

    def _painted(self, side: int, before: int, mix: float) -> tuple[Tensor, Tensor]:
        """Pictures, and the ws they were made from: (N, num_ws, w_dim)."""
        net, count = self.generator, self.recipe.batch
        z = torch.randn(2 * count, net.z_dim, device=self.device.torch)
        both = net.mapping(z)
        net.mapping.w_avg.lerp_(both.detach().mean(0), W_DECAY)
        one, other = both[:count, None].expand(-1, net.num_ws, -1), both[count:, None].expand(-1, net.num_ws, -1)
        at = torch.randint(1, net.num_ws, (count, 1), device=z.device)
        at = torch.where(torch.rand(count, 1, device=z.device) < MIXED, at, net.num_ws)
        ws = torch.where((torch.arange(net.num_ws, device=z.device) < at)[:, :, None], one, other)
        with self.device.autocast():
            return net.synthesis(ws, side, mix, before), ws

    def _seen(self, image: Tensor) -> Tensor:
        return augmented(image) if self.recipe.augment else image

    @torch.no_grad()
    def _follow(self) -> None:
        """The average lags less at first, when everything it remembers is wrong."""
        half_life = min(self.recipe.average, 0.05 * self.seen + 1)
        keep = 0.5 ** (self.recipe.batch / half_life)
        own, new = list(self.painter.parameters()), list(self.generator.parameters())
        torch._foreach_lerp_(own, new, 1 - keep)
        self.painter.mapping.w_avg.copy_(self.generator.mapping.w_avg)

    def state(self) -> State:
        return {
            "seen": self.seen,
            "steps": self._steps,
            "share": self._share,
            "usual_length": self._usual_length,
            "generator": self.generator.state_dict(),
            "discriminator": self.discriminator.state_dict(),
            "painter": self.painter.state_dict(),
            "teach_g": optimiser_state(self._teach_g),
            "teach_d": optimiser_state(self._teach_d),
        }

    def restore(self, state: State) -> None:
        self.seen, self._steps, self._share = state["seen"], state["steps"], state["share"]
        self._usual_length = state["usual_length"].to(self.device.torch)
        for name in ("generator", "discriminator", "painter"):
            getattr(self, name).load_state_dict(state[name])
        restore_optimiser(self._teach_g, state["teach_g"])
        restore_optimiser(self._teach_d, state["teach_d"])
        self._replayed.forget()

    @torch.no_grad()
    def paint(self, w: Tensor, psi: float = 1.0) -> Tensor:
        """(N, 3, side, side) in about -1..1 of (N, w_dim), as far as the training has come."""
        side, before, mix = size(self._share, self.recipe.resolution)
        average = self.painter.mapping.w_avg
        ws = (average + psi * (w - average))[:, None].expand(-1, self.painter.num_ws, -1)
        with self.device.autocast():
            return torch.cat([self.painter.synthesis(part, side, mix, before) for part in ws.split(AT_ONCE)])

    @torch.no_grad()
    def painted(self, count: int) -> Tensor:
        """The same of new seeds."""
        return self.paint(self.painter.mapping(torch.randn(count, self.painter.z_dim, device=self.device.torch)))

    def sheet(self) -> Picture:
        return showing.sheet(self.paint, self.painter.mapping(self._shown), SHEET[1])

    def frames(self) -> Iterator[Picture]:
        return showing.film(self.paint, self.painter.mapping(self._shown[:STOPS]))

    def export(self, folder: Path, told: str) -> None:
        export(folder, self.painter.state_dict(), FACTS, self.words.telling(told), self.sheet())
