"""A picture's tone, set once when it is loaded."""

from __future__ import annotations

import torch
from torch import Tensor

GREY = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709


def toned(picture: Tensor, white: float, gamma: float, saturation: float) -> Tensor:
    """uint8 (3, H, W): ``white`` brought to 255, to the power ``gamma``, then away from its grey by ``saturation``."""
    if white == 255 and gamma == 1 and saturation == 1:
        return picture
    curve = (torch.arange(256) / white).clamp(max=1) ** gamma * 255
    red, green, blue = (curve[channel.int()] for channel in picture)
    grey = GREY[0] * red + GREY[1] * green + GREY[2] * blue
    out = torch.empty_like(picture)
    for channel, values in enumerate((red, green, blue)):
        out[channel] = torch.lerp(grey, values, saturation).round_().clamp_(0, 255)
    return out
