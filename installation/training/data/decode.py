"""A picture's file as RGB bytes, whatever it holds: grey, sixteen bits, transparency, a camera held sideways."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.errors import InstallationError

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".jp2")
TURNS_ITSELF = (".jpg", ".jpeg")  # these say how the camera was held, and never are transparent


@dataclass(frozen=True, slots=True)
class Decoded:
    pixels: NDArray[np.uint8]  # (H, W, 3), RGB
    see_through: bool  # some of it was transparent: black is what shines through

    @property
    def grey(self) -> bool:
        """Its three channels differ by no more than JPEG's rounding."""
        red, green, blue = (self.pixels[::4, ::4, channel].astype(np.int16) for channel in range(3))
        return bool(max(np.abs(red - green).max(), np.abs(green - blue).max()) <= 8)


def decode(data: bytes, name: str) -> Decoded:
    """Raises InstallationError for what is no picture, or half of one."""
    how = cv2.IMREAD_COLOR if name.lower().endswith(TURNS_ITSELF) else cv2.IMREAD_UNCHANGED
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), how) if data else None
    except cv2.error:  # sizes that no memory holds
        pixels = None
    if pixels is None or pixels.dtype not in (np.uint8, np.uint16):
        raise InstallationError(f"{name} cannot be read as a picture", "is it whole? save it as png or jpg")
    if pixels.dtype == np.uint16:
        pixels = (pixels // 257).astype(np.uint8)
    if pixels.ndim == 2:
        return Decoded(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), False)
    if pixels.shape[2] == 3:
        return Decoded(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), False)
    opacity = pixels[..., -1:]
    colour = pixels[..., :3] if pixels.shape[2] == 4 else np.repeat(pixels[..., :1], 3, axis=2)
    laid = np.rint(colour * (opacity / np.float32(255))).astype(np.uint8)
    return Decoded(cv2.cvtColor(laid, cv2.COLOR_BGR2RGB), bool(opacity.min() < 255))


def load(path: Path) -> Tensor:
    """uint8 (3, H, W). Raises InstallationError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InstallationError(f"{path} cannot be read: {error.strerror}") from error
    return torch.from_numpy(np.ascontiguousarray(decode(data, path.name).pixels.transpose(2, 0, 1)))
