"""What a painted picture is judged by: Johnson, Alahi, Fei-Fei 2016 (1603.08155), each term relative, so that their
weights mean the same for every painting; and that it holds still (after Gupta et al. 2017, 1705.02092, without a film:
a camera's next frame is the same picture, moved a little and with other noise).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CONTENT = "conv3_3"
STYLE = ("conv1_2", "conv2_2", "conv3_3", "conv4_3")
FARTHEST = 8  # pixels that a picture is moved
NOISE = 0.03  # of a camera, in levels 0..1


class Eye:
    """``painting`` (1, 3, H, W) in 0..1."""

    def __init__(self, eye: nn.Module, painting: Tensor, autocast: Any) -> None:
        self._eye, self._autocast = eye, autocast
        with torch.no_grad():
            features = self.see(painting)
        self._grams = {name: gram(features[name]) for name in STYLE}
        self._sizes = {name: wanted.pow(2).sum() for name, wanted in self._grams.items()}

    def see(self, pictures: Tensor, last: str = STYLE[-1]) -> dict[str, Tensor]:
        with self._autocast():
            features: dict[str, Tensor] = self._eye(pictures, last)
        return features

    def content(self, found: dict[str, Tensor], wanted: dict[str, Tensor]) -> Tensor:
        """0 where the painted picture shows what the picture shows, 1 where it shows nothing."""
        right = wanted[CONTENT].float()
        return F.mse_loss(found[CONTENT].float(), right) / right.pow(2).mean()

    def style(self, found: dict[str, Tensor]) -> Tensor:
        """Mean over the layers; each picture's own Gram matrices."""
        apart = [
            (gram(found[name]) - wanted).pow(2).sum((1, 2)).mean() / self._sizes[name]
            for name, wanted in self._grams.items()
        ]
        return torch.stack(apart).mean()


def gram(features: Tensor) -> Tensor:
    """(N, C, H, W) -> (N, C, C): mean products of channels over the picture."""
    points = features.flatten(2).float()
    return points @ points.transpose(1, 2) / points.shape[2]


def rough(picture: Tensor) -> Tensor:
    """Mean square step from pixel to pixel."""
    return (picture[..., 1:] - picture[..., :-1]).pow(2).mean() + (picture[..., 1:, :] - picture[..., :-1, :]).pow(
        2
    ).mean()


def moved(pictures: Tensor) -> tuple[Tensor, tuple[int, int]]:
    """The next frame, and by how much (down, right) it is moved."""
    down, right = torch.randint(-FARTHEST, FARTHEST + 1, (2,)).tolist()
    noise = torch.randn_like(pictures) * (NOISE * torch.rand(len(pictures), 1, 1, 1, device=pictures.device))
    return pictures.roll((down, right), (2, 3)) + noise, (down, right)


def unsteady(before: Tensor, after: Tensor, by: tuple[int, int]) -> Tensor:
    """What changed between two painted frames besides the move; borders, where the picture was cut, are left out."""
    edge = 4 * FARTHEST
    inner = (..., slice(edge, -edge), slice(edge, -edge))
    return F.mse_loss(after[inner], before.roll(by, (2, 3))[inner])
