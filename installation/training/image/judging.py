"""The two judges while they learn, and what they ask of the painter.

They are kept in balance with it: of its own a judge is too weak for the first quarter of a training and too strong at
the end. The weight of its R1 penalty follows how well it can tell apart, so that it always finds something, never
everything.
"""

from __future__ import annotations

import torch
from torch import Tensor

from installation.training.checkpoint import optimiser_state, restore_optimiser
from installation.training.device import Device
from installation.training.image import losses
from installation.training.image.discriminator import SCALES, Discriminator
from installation.training.trainer import State

PENALTY_EVERY = 8
AIM = 1.0  # hinge loss of a judge in balance: 2 knows nothing, 0 knows all
LEASH = (1e-3, 100.0)  # weights that R1 can have
FIRST_LEASH = 0.1
FOLLOW = 0.01  # how fast it changes, a step

Features = list[Tensor]


class Judging:
    """Pictures (N, 3, S, S) in -1..1 beside what they are painted from, ``soft`` (N, 1, S/4, S/4)."""

    def __init__(self, rate: float, device: Device) -> None:
        self._device = device
        self.judges = Discriminator().to(device.torch, memory_format=torch.channels_last)
        options = {"lr": rate, "betas": (0.5, 0.99), "fused": device.name != "mps"}
        self.optimiser = torch.optim.Adam(self.judges.parameters(), **options)
        self.leash = torch.full((len(SCALES),), FIRST_LEASH, device=device.torch)
        self._steps = 0

    def learn(self, real: Tensor, painted: Tensor, soft: Tensor) -> tuple[dict[str, Tensor], list[Features]]:
        """Also what they saw of the real pictures on their way, before they learnt: once more would cost a tenth of a
        step."""
        with self._device.autocast():
            both = self.judges(torch.cat([real, painted]), torch.cat([soft, soft]))
        apart = torch.stack([losses.told_apart(*verdicts.chunk(2)) for verdicts, _ in both])
        loss = sum(apart[i] * scale for i, scale in enumerate(SCALES))
        told = {"judge near": apart[0].detach(), "judge far": apart[1].detach()}
        with torch.no_grad():
            self.leash.mul_(((AIM - apart).clamp(-1, 1) * FOLLOW).exp()).clamp_(*LEASH)
        if self._steps % PENALTY_EVERY == 0:
            # A quarter of the pictures is enough: it is a mean, and the dearest part of the step.
            few = real[: max(1, len(real) // 4)].detach().requires_grad_()
            with self._device.autocast():
                verdicts = self.judges(few, soft[: len(few)])
            steep = torch.stack([losses.steepness(each, few) for each, _ in verdicts])
            told["steepness"] = steep.detach()[0]
            loss = loss + (steep * self.leash).sum() * PENALTY_EVERY
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self._steps += 1
        seen = [[layer.detach().chunk(2)[0] for layer in features] for _, features in both]
        return told | {"leash": self.leash[0].clone()}, seen

    def asked(self, painted: Tensor, soft: Tensor, seen: list[Features]) -> tuple[Tensor, Tensor]:
        """Of the painter: that they take its pictures for real; and that they see in them what they ``seen`` in the
        real ones."""
        self.judges.requires_grad_(False)
        with self._device.autocast():
            of_painted = self.judges(painted, soft)
        self.judges.requires_grad_(True)
        believed = [-verdicts.mean() * scale for (verdicts, _), scale in zip(of_painted, SCALES, strict=True)]
        pairs = zip(seen, of_painted, SCALES, strict=True)
        matched = [losses.matched(real, features) * scale for real, (_, features), scale in pairs]
        return torch.stack(believed).sum(), torch.stack(matched).sum()

    def state(self) -> State:
        return {"leash": self.leash, "judges": self.judges.state_dict(), "teach_d": optimiser_state(self.optimiser)}

    def restore(self, state: State) -> None:
        self._steps = state["steps"]
        self.leash = state["leash"].to(self._device.torch)
        self.judges.load_state_dict(state["judges"])
        restore_optimiser(self.optimiser, state["teach_d"])
