"""What VGG16 sees in a picture, as one row of numbers: of four of its layers each channel's mean and deviation over the
picture. They tell colour and texture (Gatys et al. 2015, 1505.07376); and layout, roughly, since the deeper channels
answer otherwise near an edge: terra's pictures with water on the left are told from those with water on the right.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from installation.training.device import Device

LAYERS = ("conv1_2", "conv2_2", "conv3_3", "conv4_3")
SIDE = 128  # pixels that pictures are brought to: twice as many take four times as long and tell no more
BATCH = 16

Array = NDArray[np.float32]


class Features:
    """``eye``: a VGG16."""

    def __init__(self, eye: nn.Module, device: Device) -> None:
        self._eye, self._device = eye, device

    def __call__(self, pictures: Tensor) -> Array:
        """uint8 (N, 3, H, W) to float32 (N, numbers)."""
        with torch.no_grad():
            rows = [self._some(pictures[start : start + BATCH]) for start in range(0, len(pictures), BATCH)]
        made: Array = torch.cat(rows).cpu().numpy()
        return made

    def _some(self, pictures: Tensor) -> Tensor:
        image = pictures.to(self._device.torch).float() / 255
        if image.shape[2:] != (SIDE, SIDE):
            mode = "area" if min(image.shape[2:]) > SIDE else "bilinear"
            image = F.interpolate(image, (SIDE, SIDE), mode=mode)
        with self._device.autocast():
            seen = self._eye(image, last=LAYERS[-1])
        layers = [seen[name].float() for name in LAYERS]
        moments = [moment for layer in layers for moment in (layer.mean((2, 3)), layer.std((2, 3)))]
        return torch.cat(moments, 1)
