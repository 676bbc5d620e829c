"""How far painted pictures are from real ones: the kernel inception distance (Bińkowski et al. 2018, 1801.01401) on
the features of a VGG16 in place of an Inception, which no package carries. 0: not to be told apart; numbers compare
within one collection and one size only.

    features   (N, 768) means of conv3_3 and conv4_3 over the picture, each channel in the real ones' deviations
    distance   unbiased squared maximum mean discrepancy under the kernel (x.y / d + 1)^3
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.training.device import Device

BATCH = 32
SIDE = 128  # the side that all are compared at, or the real ones' where that is less; finer things are for the eye
LAYERS = ("conv3_3", "conv4_3")

Draw = Callable[[int], Tensor]  # (N, 3, S, S) in -1..1


class Distance:
    """``eye``: a VGG16. The features of ``count`` real pictures are taken once."""

    def __init__(self, eye: nn.Module, real: Draw, device: Device, count: int) -> None:
        self._eye, self._device, self._count = eye, device, count
        self._side = min(SIDE, real(1).shape[2])
        seen = self._features(real)
        # A channel that hardly ever answers would drown all others.
        self._scale = seen.std(0).clamp(min=float(seen.std(0).median()) / 4)
        self._real = seen / self._scale

    def of(self, painted: Draw) -> float:
        return float(squared_distance(self._real, self._features(painted) / self._scale))

    @torch.no_grad()
    def _features(self, draw: Draw) -> Tensor:
        rows = []
        for _ in range(0, self._count, BATCH):
            image = self._brought(draw(BATCH).clamp(-1, 1) * 0.5 + 0.5)
            with self._device.autocast():
                found = self._eye(image, last=LAYERS[-1])
            rows.append(torch.cat([found[name].float().mean((2, 3)) for name in LAYERS], 1))
        return torch.cat(rows)

    def _brought(self, image: Tensor) -> Tensor:
        """To the one side: a training that has not grown yet paints smaller pictures than it is to."""
        mode = "area" if image.shape[2] > self._side else "bilinear"
        return image if image.shape[2] == self._side else F.interpolate(image, (self._side, self._side), mode=mode)


def squared_distance(one: Tensor, other: Tensor) -> Tensor:
    """(N, d), (M, d) -> (), in double: small differences of large sums."""
    one, other = one.double(), other.double()

    def kernel(x: Tensor, y: Tensor) -> Tensor:
        return (x @ y.T / x.shape[1] + 1) ** 3

    def apart(x: Tensor) -> Tensor:
        own = kernel(x, x)
        return (own.sum() - own.diagonal().sum()) / (len(x) * (len(x) - 1))

    return apart(one) + apart(other) - 2 * kernel(one, other).mean()
