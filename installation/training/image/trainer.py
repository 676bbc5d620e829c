"""Trains a ReSight on whatever ``draw`` gives: pictures of the one kind of thing it is to know. Each step: the judges,
the painter, the average.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from installation.networks.resight import MULTIPLE, ReSight
from installation.training.checkpoint import optimiser_state, restore_optimiser
from installation.training.device import Device
from installation.training.export import Words, export
from installation.training.image import crawl, losses, showing
from installation.training.image.chain import Chain
from installation.training.image.crawl import ROOM
from installation.training.image.judging import Features, Judging
from installation.training.trainer import Picture, State

SMALL = 128  # pixels: the side of the windows that a training begins with
SMALL_UNTIL = 0.5  # share of the budget
DECAY_FROM = 0.65  # share of the budget: from here the rates fall to nothing
LEAST = 0.02  # of the rates, at the end
EYE_EVERY = 3  # steps
EYED = 128  # pixels: the windows that VGG sees
PANNED = 4  # one picture of so many is painted again, panned
FURTHEST = 7  # pixels, either way
EDGE = 32  # pixels at a border that a pan is not judged by
EXAMPLES = 64  # pictures that the chain is made from
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Recipe:
    """Weights of what the painter is taught by. ``batch`` pictures, or twice as many windows of SMALL."""

    batch: int = 32
    rate: float = 1.5e-4
    judge_rate: float = 3e-4
    coarse: float = 8.0
    exact: float = 1.0
    features: float = 2.0
    steady: float = 10.0
    eye: float = 1.0
    keep: float = 0.998  # of the average, a step
    seed: int = 0


Draw = Callable[[int], Tensor]  # how many -> (N, 3, S, S) in -1..1 on the device; S a multiple of 16


class ImageTrainer:
    """Fulfils ``Trainer``. ``painter`` is the average: what is exported. ``eye``: VGG16, or None."""

    def __init__(self, draw: Draw, recipe: Recipe, device: Device, words: Words, eye: nn.Module | None = None) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device, self.words = recipe, device, words
        self.seen = self._steps = 0
        self._draw, self._eye = draw, eye
        place = {"device": device.torch, "memory_format": torch.channels_last}
        self.network = ReSight(margin=0).to(**place)
        self.judging = Judging(recipe.judge_rate, device)
        self.painter = copy.deepcopy(self.network).requires_grad_(False).eval()
        options = {"lr": recipe.rate, "betas": (0.5, 0.99), "fused": device.name != "mps"}
        self._teach = torch.optim.Adam(self.network.parameters(), **options)
        examples = draw(EXAMPLES)
        self.chain = Chain(examples, self.network.soften, self.network.blur)
        self._shown = examples[:SHOWN].clone()
        self._tables = showing.tables(self._shown.shape[2]).to(device.torch)

    def step(self, share: float) -> Mapping[str, Tensor]:
        falling = max(LEAST, min(1.0, (1 - share) / (1 - DECAY_FROM)))
        rates = ((self._teach, self.recipe.rate), (self.judging.optimiser, self.recipe.judge_rate))
        for optimiser, rate in rates:
            for group in optimiser.param_groups:
                group["lr"] = rate * falling
        real = self._pictures(share)
        with torch.no_grad():
            grey = self.chain.lit(self.chain.grey(real))
            softness = self.chain.softness(len(grey), grey.device)
            soft = self.chain.soft(grey, softness)
        with self.device.autocast():
            painted = self.network.paint(soft)
        painted = painted.float()
        told, seen = self.judging.learn(real, painted.detach(), soft)
        told |= self._teach_painter(real, painted, soft, grey, softness, seen)
        self._follow()
        self.seen += len(real)
        self._steps += 1
        return told

    def _pictures(self, share: float) -> Tensor:
        small = share < SMALL_UNTIL
        real = self._draw(self.recipe.batch * (2 if small else 1))
        if small:
            real = _window(real, SMALL, MULTIPLE)
        with torch.no_grad():
            return self.chain.laid(real).contiguous(memory_format=torch.channels_last)

    def _teach_painter(
        self, real: Tensor, painted: Tensor, soft: Tensor, grey: Tensor, softness: Tensor, seen: list[Features]
    ) -> dict[str, Tensor]:
        recipe = self.recipe
        believed, matched = self.judging.asked(painted, soft, seen)
        parts = {
            "painter": (1.0, believed),
            "features": (recipe.features, matched),
            "coarse": (recipe.coarse, losses.coarse(painted, real)),
            "exact": (recipe.exact, nn.functional.l1_loss(painted, real)),
            "unsteady": (recipe.steady, self._unsteady(painted, grey, softness)),
        }
        if self._eye is not None and recipe.eye and self._steps % EYE_EVERY == 0:
            windows = _window(torch.cat([painted, real], 1), min(EYED, real.shape[2]), 1)
            with self.device.autocast():
                parts["unlike"] = (recipe.eye, losses.unlike(self._eye, windows[:, :3], windows[:, 3:]))
        loss = sum(weight * part for weight, part in parts.values())
        self._teach.zero_grad(set_to_none=True)
        loss.backward()
        self._teach.step()
        return {name: part.detach() for name, (_, part) in parts.items()}

    def _unsteady(self, painted: Tensor, grey: Tensor, softness: Tensor) -> Tensor:
        count = max(1, len(grey) // PANNED)
        right, down = (int(by) for by in torch.randint(-FURTHEST, FURTHEST + 1, (2,)))  # on the CPU: nothing waits
        with torch.no_grad():
            soft = self.chain.soft(losses.panned(grey[-count:], right, down), softness[-count:])
        with self.device.autocast():
            moved = self.network.paint(soft).float()
        edge = min(EDGE, painted.shape[2] // 4)
        return losses.unsteady(painted[-count:], moved, right, down, edge)

    @torch.no_grad()
    def _follow(self) -> None:
        """The average lags less at first, when everything it remembers is wrong."""
        keep = min(self.recipe.keep, (1 + self._steps) / (10 + self._steps))
        torch._foreach_lerp_(list(self.painter.parameters()), list(self.network.parameters()), 1 - keep)

    def state(self) -> State:
        return {
            "seen": self.seen,
            "steps": self._steps,
            "palest": self.chain.palest,
            "darkest": self.chain.darkest,
            "greys": self.chain.greys,
            "network": self.network.state_dict(),
            "painter": self.painter.state_dict(),
            "teach_g": optimiser_state(self._teach),
            **self.judging.state(),
        }

    def restore(self, state: State) -> None:
        self.seen, self._steps = state["seen"], state["steps"]
        place = self.device.torch
        for name in ("palest", "darkest", "greys"):
            setattr(self.chain, name, state[name].to(place))
        for name in ("network", "painter"):
            getattr(self, name).load_state_dict(state[name])
        restore_optimiser(self._teach, state["teach_g"])
        self.judging.restore(state)

    @torch.no_grad()
    def render(self, grey: Tensor) -> Tensor:
        """The average painter's picture (N, 3, H, W) in -1..1 of a grey one in 0..1."""
        with self.device.autocast():
            made: Tensor = self.painter.paint(self.painter.soften(grey))
        return made.float()

    def sheet(self) -> Picture:
        return self._sheet(self._shown)

    def _sheet(self, *pictures: Tensor) -> Picture:
        return showing.sheet(self.render, self.painter.soften, self.chain.grey(self._shown), self._tables, *pictures)

    def frames(self) -> Iterator[Picture]:
        grey = self.chain.grey(self._shown[:1])
        return showing.film(self.render, self.painter.soften, grey, self._tables[:1])

    def crawling(self) -> float | None:
        """See crawl.py. None where the pictures are too small to say."""
        greys = self.chain.grey(self._shown)
        room = (greys.shape[2] - ROOM) // MULTIPLE * MULTIPLE + ROOM
        if room <= 2 * crawl.EDGE + ROOM:
            return None
        return crawl.crawl(lambda grey: self.render(grey * 0.5 + 0.5), greys[:, :, :room, :room] * 2 - 1)

    def export(self, folder: Path, told: str) -> None:
        words, share = self.words.telling(told), self.crawling()
        if share is not None:
            words = words.telling(
                f"A pan of {crawl.PAN} pixels changes {share:.1%} of the picture by over {crawl.SEEN} levels"
            )
        facts = {"greys": [round(float(grey) * 255) for grey in self.chain.greys], "blur": self.painter.blur}
        # Without the pictures themselves: a model may go where they may not.
        export(folder, self.painter.state_dict(), facts, words, self._sheet())


def _window(pictures: Tensor, side: int, step: int) -> Tensor:
    """The same window of all, somewhere."""
    room = (pictures.shape[2] - side) // step
    if room <= 0:
        return pictures
    top, left = (int(at) * step for at in torch.randint(0, room + 1, (2,)))
    return pictures[:, :, top : top + side, left : left + side]
