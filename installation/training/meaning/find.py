"""From examples to a direction: a judge learns what sets them apart; a few thousand of the model's own pictures are
painted and judged; the way through the latents along which the judgement rises is the direction.

Few examples are enough, since the judge looks at pictures, not at latents: from ten of terra's own, chosen for their
water, comes a way along which the share of water correlates with 0.88; from their ten latents alone, 0.75 at best.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.errors import InstallationError
from installation.latent.space import Direction
from installation.models.sampled import Sampler
from installation.training.meaning.cloud import along
from installation.training.meaning.features import BATCH, Features
from installation.training.meaning.judge import taught

Array = NDArray[np.float32]
Progress = Callable[[int, int], None]

AVERAGE = 300  # of the model's own pictures, that stand against examples which have no others against them
FEWEST = 200  # samples; fewer say nothing about a hundred numbers


@dataclass(frozen=True, slots=True)
class Examples:
    """Features (N, numbers); ``away`` None: whatever the model paints. ``psi`` is the truncation to paint at."""

    toward: Array
    away: Array | None
    weights: Array | None = None
    psi: float = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """``told`` how well the judge does on examples kept back, ``chance`` as in judge.py; ``follows`` the correlation of
    its judgement with the latents' places along the way, on latents kept back; ``share`` of the model's pictures that
    are more toward."""

    direction: Direction
    told: float
    chance: float
    follows: float
    share: float


def find(
    sampler: Sampler,
    features: Features,
    examples: Examples,
    samples: int,
    seed: int,
    apart: Sequence[Array],
    progress: Progress,
) -> Found:
    """Raises InstallationError, ModelError."""
    if samples < FEWEST:
        raise InstallationError(f"{samples} samples say too little", f"write --samples {FEWEST} or more")
    # Pictures that the judge has learnt from it knows by heart: they are not judged.
    learnt = AVERAGE if examples.away is None else 0
    rows = sampler.rows(learnt + samples, seed)
    seen = []
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        seen.append(features(painted(sampler, [sampler.truncated(row, examples.psi) for row in some])))
        progress(start + len(some), len(rows))
    own = np.concatenate(seen)
    judge = taught(examples.toward, own[:learnt] if examples.away is None else examples.away, examples.weights)
    scores = judge(own[learnt:])
    if not scores.std() > 0:
        raise InstallationError("the model's pictures are all alike", "look at them: installation models sheet MODEL")
    direction, follows = along(rows[learnt:], scores, apart)
    return Found(direction, judge.told, judge.chance, follows, float((scores > 0).mean()))


def painted(sampler: Sampler, latents: Sequence[NDArray[np.float32]]) -> Tensor:
    """uint8 (N, 3, H, W)."""
    pictures = np.stack([sampler.paint(latent)[..., :3] for latent in latents])
    return torch.from_numpy(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)))
