"""How far painted pictures are from real ones: the kernel inception distance (Bińkowski et al. 2018, 1801.01401) on
the features of a VGG16 in place of an Inception, which no package carries. 0: not to be told apart; numbers compare
within one collection and one size only.

    features   (N, 768) means of conv3_3 and conv4_3 over the picture, each channel in the real ones' deviations
    distance   unbiased squared maximum mean discrepancy under the kernel (x.y / d + 1)^3
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from installation.training.device import Device
from installation.training.vgg import vgg16

BATCH = 32
SIDE = 128  # what larger pictures are brought to: what is finer than this is for the eye
LAYERS = ("conv3_3", "conv4_3")

Draw = Callable[[int], Tensor]  # (N, 3, S, S) in -1..1


class Distance:
    """The features of ``count`` real pictures are taken once. Raises ModelError where the VGG16 cannot be had."""

    def __init__(self, real: Draw, device: Device, count: int) -> None:
        self._net, self._device, self._count = vgg16(device.torch), device, count
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
            image = draw(BATCH).clamp(-1, 1) * 0.5 + 0.5
            if image.shape[2] > SIDE:
                image = F.interpolate(image, size=(SIDE, SIDE), mode="area")
            with self._device.autocast():
                found = self._net(image, last=LAYERS[-1])
            rows.append(torch.cat([found[name].float().mean((2, 3)) for name in LAYERS], 1))
        return torch.cat(rows)


def squared_distance(one: Tensor, other: Tensor) -> Tensor:
    """(N, d), (M, d) -> (), in double: small differences of large sums."""
    one, other = one.double(), other.double()

    def kernel(x: Tensor, y: Tensor) -> Tensor:
        return (x @ y.T / x.shape[1] + 1) ** 3

    def apart(x: Tensor) -> Tensor:
        own = kernel(x, x)
        return (own.sum() - own.diagonal().sum()) / (len(x) * (len(x) - 1))

    return apart(one) + apart(other) - 2 * kernel(one, other).mean()
