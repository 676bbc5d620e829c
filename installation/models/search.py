"""The search for a latent whose picture is most like a given one, by optimisation (with torch; on CUDA where it is).

The schedule is that of the projector in Karras et al. 2020 (1912.04958, appendix D): Adam, whose rate rises over the
first 5 % of the steps and falls as a cosine over the last 25 %; noise on w that dies away over the first 75 %, so that
the search begins broad; the start is the mean w. Models that paint from z have no middle to begin at: the best of some
seeded z is the start there.

What is compared: the mean absolute difference of the two pictures' Laplacian pyramids (Bojanowski et al. 2018), all
levels alike, so that light and shape count as much as detail, and no third network's weights are needed. What the
paper optimises besides, the noise maps, stays as stored: a show has those and no others. A weak pull towards the mean
(or the shell of z) keeps the result steerable.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from installation.checkpoints.card import Card
from installation.errors import ModelError
from installation.models import latents, recipes
from installation.models.families import has_w, style_layers, value_range

if TYPE_CHECKING:
    from torch import Tensor, nn

    from installation.types import Pixels

Array = NDArray[np.float32]
Progress = Callable[[int, int], None]

SAMPLES = 1000  # z that say where the mean of w is and how wide W is
STARTS = 64  # z that are tried first
RATE, RISE, FALL = 0.1, 0.05, 0.25  # of Adam; shares of the steps
NOISE, QUIET = 0.05, 0.75  # of W's deviation; share of the steps it lasts
PULL = 0.002  # of the mean, against a picture's difference of about 1
LEAST_SIDE = 8  # pixels: the pyramid's last level is at most this wide


class Search:
    """``wide``: one w a layer (w+) in place of one for all."""

    def __init__(self, card: Card, net: nn.Module, wide: bool) -> None:
        import torch

        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._card = card
        family = recipes.family_of(card)
        net = net.to(self._device)
        self._picture: nn.Module = net.get_submodule(family.picture.module) if family.picture.module else net
        self._range = value_range(card)
        self._has_w = has_w(card)
        self._classes = self._tensor(latents.default_classes(card))
        self._rest = {name: self._tensor(array) for name, array in latents.at_rest(card).items()}
        self._order = list(family.picture.inputs(card, 1, recipes.NO_SIZE))
        self._layers = style_layers(card) if self._has_w else 1
        self._random = torch.Generator().manual_seed(0)
        z = torch.randn(SAMPLES, card.latent, generator=self._random).to(self._device)
        if self._has_w:
            labels = [self._classes.expand(SAMPLES, -1)] if self._classes.shape[1] else []
            with torch.no_grad():
                samples = net.mapping(z, *labels)
            self._mean = samples.mean(0, keepdim=True)
            self._deviation = float((samples - self._mean).square().mean().sqrt())
            self._starts = self._mean.repeat(self._layers if wide else 1, 1)[None]
        else:
            self._deviation = 1.0
            self._starts = z[:STARTS, None]

    def find(self, wanted: Pixels, steps: int, progress: Progress) -> tuple[Array, list[float], Pixels]:
        """The latent, the loss of every step, and what the model paints from it."""
        import torch

        aim = pyramid(self._shown(self._tensor(wanted.astype(np.float32).transpose(2, 0, 1)[None] / 255)))
        with torch.no_grad():
            starts = [float(self._difference(start, aim)) for start in self._starts]
        latent = self._starts[int(np.argmin(starts))].clone().requires_grad_(True)
        adam = torch.optim.Adam([latent], lr=RATE, betas=(0.9, 0.999))
        losses = []
        for step in range(steps):
            share = step / steps
            adam.param_groups[0]["lr"] = RATE * rate(share)
            adrift = NOISE * self._deviation * max(0.0, 1 - share / QUIET) ** 2
            noise = torch.randn(latent.shape, generator=self._random).to(self._device) * adrift
            loss = self._difference(latent + noise, aim)
            adam.zero_grad(set_to_none=True)
            (loss + PULL * self._pull(latent)).backward()
            adam.step()
            losses.append(float(loss.detach()))
            progress(step + 1, steps)
        if not math.isfinite(losses[-1]):
            raise ModelError(f"the search in '{self._card.name}' came to nothing", "try another picture")
        with torch.no_grad():
            painted = self._paint(latent).clamp(0, 1)[0].permute(1, 2, 0).expand(-1, -1, 3)
        found: Array = latent.detach().cpu().numpy().astype(np.float32)
        rows = np.repeat(found, self._layers, axis=0) if self._has_w and len(found) == 1 else found
        return rows if self._has_w else rows[0], losses, (painted.cpu().numpy() * 255 + 0.5).astype(np.uint8)

    def _difference(self, latent: Tensor, aim: list[Tensor]) -> Tensor:
        levels = zip(pyramid(self._paint(latent)), aim, strict=True)
        return sum((made - wanted).abs().mean() for made, wanted in levels) / len(aim)

    def _pull(self, latent: Tensor) -> Tensor:
        """Towards the mean in W, in its own deviations; towards the shell in z."""
        if self._has_w:
            return ((latent - self._mean) / self._deviation).square().mean()
        return (latent.square().mean() - 1).square()

    def _paint(self, latent: Tensor) -> Tensor:
        """(1, 3 or 1, H, W) in 0..1, colours only."""
        given = {
            "ws": latent.expand(self._layers, -1)[None] if self._has_w else None,
            "z": latent,
            "classes": self._classes,
            **self._rest,
        }
        low, high = self._range
        made = self._picture(*(given[name] for name in self._order))
        return (made[:, :3] - low) / (high - low)

    def _shown(self, picture: Tensor) -> Tensor:
        """The picture in as many colours as the model paints in."""
        import torch

        with torch.no_grad():
            channels = self._paint(self._starts[0]).shape[1]
        return picture.mean(1, keepdim=True) if channels == 1 else picture

    def _tensor(self, array: Any) -> Tensor:
        import torch

        return torch.from_numpy(np.ascontiguousarray(array)).to(self._device)


def rate(share: float) -> float:
    """Of the full learning rate, at a share of the way: a rise, a plateau, a cosine down to 0."""
    rise = min(1.0, share / RISE)
    fall = min(1.0, (1 - share) / FALL)
    return rise * (0.5 - 0.5 * math.cos(math.pi * fall))


def pyramid(picture: Tensor) -> list[Tensor]:
    """What each level of (1, C, H, W) adds to the next smaller one, the smallest last."""
    from torch.nn import functional as F

    levels = []
    while min(picture.shape[2:]) > LEAST_SIDE:
        smaller = F.avg_pool2d(picture, 2, ceil_mode=True)
        levels.append(picture - F.interpolate(smaller, picture.shape[2:], mode="bilinear", align_corners=False))
        picture = smaller
    return [*levels, picture]
