"""A frame made ready for a network: cropped to its shape, scaled to its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from installation.errors import ModelError

if TYPE_CHECKING:
    from installation.types import Pixels


def fitted(frame: Any, size: tuple[int, int]) -> Pixels:
    """A frame (h, w, 3) cropped around its middle to the shape of ``size`` and scaled to it. Raises ModelError."""
    import cv2

    kept = _cropped(frame, size)
    # Area averaging is the way down that does not flicker; it has nothing to average on the way up.
    how = cv2.INTER_AREA if kept.shape[1] >= size[0] else cv2.INTER_LINEAR
    made: Pixels = cv2.resize(kept, size, interpolation=how)
    return made


def fitted_grey(frame: Any, size: tuple[int, int]) -> Pixels:
    """The same as (height, width, 1)."""
    import cv2

    grey: Pixels = cv2.cvtColor(fitted(frame, size), cv2.COLOR_RGB2GRAY)[..., None]
    return grey


def fitted_labels(frame: Any, size: tuple[int, int]) -> Pixels:
    """A map of labels, its numbers in all three channels, as (height, width, 1): nothing lies between two labels."""
    import cv2

    made: Pixels = cv2.resize(_cropped(frame, size)[..., 0].copy(), size, interpolation=cv2.INTER_NEAREST)[..., None]
    return made


def _cropped(frame: Any, size: tuple[int, int]) -> Pixels:
    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3:
        raise ModelError(f"the frame is {getattr(frame, 'shape', type(frame).__name__)}, not (h, w, 3) uint8")
    width, height = size
    tall, wide = frame.shape[:2]
    keep_w, keep_h = min(wide, round(tall * width / height)), min(tall, round(wide * height / width))
    x, y = (wide - keep_w) // 2, (tall - keep_h) // 2
    return np.ascontiguousarray(frame[y : y + keep_h, x : x + keep_w])


def ground(size: tuple[int, int]) -> Pixels:
    """What it paints from before the first frame: a soft grey light with enough structure to catch a style."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width - 0.5, y / height - 0.5
    light = 0.62 - 0.9 * (x * x + y * y) + 0.05 * np.sin(9 * x + 4 * np.sin(5 * y))
    grey = np.clip(light * 255, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2))
