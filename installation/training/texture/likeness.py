"""How far states are from their pictures: the sliced Wasserstein distance between VGG features (Heitz, Vanhoey,
Chambon, Belcour 2021, 2006.07229). Features of a layer are points; along a random line through their space the sorted
points of state and picture are compared. A Gram matrix knows the mean products of the points, this their distribution.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1")
LINES = 32  # a layer and step


class Likeness:
    """``targets`` (K, 3, H, W) in 0..1."""

    def __init__(self, eye: nn.Module, targets: Tensor, autocast: Any) -> None:
        self._eye, self._autocast = eye, autocast
        with torch.no_grad():
            features = self._features(targets)
        self._targets = [f.float() for f in features]
        self._scales = [f.pow(2).mean((1, 2), keepdim=True).sqrt() for f in self._targets]

    def __call__(self, pictures: Tensor) -> Tensor:
        """(K * B, 3, H, W) -> (K * B,): 0 is alike."""
        each = len(pictures) // len(self._targets[0])
        total: Tensor | None = None
        for features, target, scale in zip(self._features(pictures), self._targets, self._scales, strict=True):
            lines = F.normalize(torch.randn(features.shape[1], LINES, device=features.device), dim=0)
            wanted = _sorted(target / scale, lines)
            found = _sorted(features.float() / scale.repeat_interleave(each, 0), lines)
            distance = (found - wanted.repeat_interleave(each, 0)).pow(2).mean((1, 2))
            total = distance if total is None else total + distance
        if total is None:
            raise AssertionError("no layers")
        return total

    def _features(self, pictures: Tensor) -> list[Tensor]:
        with self._autocast():
            made = self._eye(pictures, LAYERS[-1])
        return [made[name].flatten(2) for name in LAYERS]


def _sorted(points: Tensor, lines: Tensor) -> Tensor:
    """(N, C, P) points along (C, L) lines -> (N, L, P)."""
    return torch.einsum("ncp,cl->nlp", points, lines).sort(dim=2).values
