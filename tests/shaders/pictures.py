"""Pictures whose every pixel is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

SIZE = (160, 90)
Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Render = Callable[..., Pixels]


def rgba(rgb: Any) -> Pixels:
    """(h, w, 3) in 0..1 as an opaque 8-bit picture."""
    levels = np.rint(np.clip(np.asarray(rgb, float), 0, 1) * 255).astype(np.uint8)
    return np.dstack([levels, np.full(levels.shape[:2], 255, np.uint8)])


def ramps(size: tuple[int, int] = SIZE) -> Pixels:
    """Red grows to the right, green upwards, both 0..1 from edge to edge; blue is a half."""
    width, height = size
    u = (np.arange(width) + 0.5) / width
    v = 1 - (np.arange(height) + 0.5) / height
    red, green = np.meshgrid(u, v)
    return rgba(np.dstack([red, green, np.full_like(red, 0.5)]))


def plain(*rgb: float, size: tuple[int, int] = SIZE) -> Pixels:
    return rgba(np.tile(np.array(rgb), (size[1], size[0], 1)))


def light(levels: Any) -> Any:
    """What lib/light.glsl calls light, of 8-bit levels."""
    screen = np.asarray(levels, float) / 255
    return (screen * (0.84 + 0.16 * screen)) ** 2
