"""The table of the painted camera: what lies still on it, and how a thing is laid over it.

Drawn once for the size asked; pixels of a 480 line picture times ``scale``. uint8 RGB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from installation.sources.painted_shapes import Sprite, cloud, lit

if TYPE_CHECKING:
    from installation.types import Pixels

SHADOW = (0.46, 0.58)  # the way a shadow falls, pixels per pixel of height above the table
MARGIN = 26  # pixels a shadow reaches beyond its thing


@dataclass(frozen=True, slots=True)
class Thing:
    """A sprite cut to what is seen of it. ``middle`` is its turning point; ``above`` its height over the table."""

    rgba: Pixels
    shade: Pixels
    middle: tuple[float, float]
    above: float


def thing(sprite: Sprite, above: float, dark: float = 0.6) -> Thing:
    rows, columns = np.flatnonzero(sprite.cover.any(1)), np.flatnonzero(sprite.cover.any(0))
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    rgba = np.dstack((sprite.color[part], sprite.cover[part]))
    rgba = cv2.copyMakeBorder(rgba, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT)
    shade = cv2.GaussianBlur(rgba[..., 3], (0, 0), 2 + above * 0.45)
    size = sprite.cover.shape[0]
    middle = (size - 1) / 2 - columns[0] + MARGIN, (size - 1) / 2 - rows[0] + MARGIN
    return Thing(rgba, np.rint(shade * dark).astype(np.uint8), middle, above)


def lay(frame: Pixels, it: Thing, x: float, y: float, degrees: float, scale: float) -> None:
    """Draw a thing with its middle at (x, y) of the frame, over what is there, and its shadow under it."""
    turn = cv2.getRotationMatrix2D(it.middle, degrees, scale)
    turn[:, 2] += (x - it.middle[0], y - it.middle[1])
    tall, wide = it.shade.shape
    corners = np.array([[0, 0, 1], [wide, 0, 1], [0, tall, 1], [wide, tall, 1]]) @ turn.T
    left, top = np.maximum(np.floor(corners.min(0)).astype(int), 0)
    right, bottom = np.minimum(np.ceil(corners.max(0)).astype(int), frame.shape[1::-1])
    if right <= left or bottom <= top:
        return
    turn[:, 2] -= (left, top)
    size = int(right - left), int(bottom - top)
    rgba = cv2.warpAffine(it.rgba, turn, size, flags=cv2.INTER_LINEAR)
    turn[:, 2] += np.multiply(SHADOW, it.above * scale)
    shade = cv2.warpAffine(it.shade, turn, size, flags=cv2.INTER_LINEAR)
    through = cv2.multiply(255 - rgba[..., 3], 255 - shade, scale=1 / 255)
    part = frame[top:bottom, left:right]
    cv2.multiply(part, cv2.merge((through, through, through)), dst=part, scale=1 / 255)
    cv2.add(part, cv2.cvtColor(rgba, cv2.COLOR_RGBA2RGB), dst=part)


def table(width: int, height: int) -> Pixels:
    """Oak boards, a linen cloth with folds over half of them, and the light of a window at the upper left."""
    scale = height / 480
    x, y = np.meshgrid(np.arange(width) / scale, np.arange(height) / scale)
    wood = _boards(x, y, (height, width), scale)
    cloth, inside = _cloth(x, y, (height, width), scale)
    under = cv2.GaussianBlur(np.clip(inside / 3 + 0.5, 0, 1).astype(np.float32), (0, 0), 7 * scale)
    under = np.roll(under, (round(7 * scale), round(6 * scale)), (0, 1))[..., None]
    over = np.clip(inside + 0.5, 0, 1)[..., None]
    color = wood * (1 - 0.5 * under) * (1 - over) + cloth * over
    far = np.hypot(x - 0.35 * width / scale, (y - 150) * 1.15) / 560
    light = (1.10 - 0.62 * far**1.6)[..., None] * np.array([1.03, 1.0, 0.94])
    grain = np.random.default_rng(5).normal(0, 0.006, (height, width, 1))  # a sensor's, kept still
    picture: Pixels = (np.clip(color * light + grain, 0, 1) * 255 + 0.5).astype(np.uint8)
    return picture


def _boards(x: Any, y: Any, shape: tuple[int, int], scale: float) -> Any:
    board = np.floor(y / 118)
    warp = 26 * cloud(shape, 190 * scale, 2, 11) + 37 * board
    streak = cloud((shape[0], max(8, shape[1] // 24)), 5 * scale, 3, 12)
    streak = cv2.resize(streak.astype(np.float32), shape[::-1], interpolation=cv2.INTER_CUBIC)
    rings = np.sin((y + 0.35 * warp + 10 * np.sin(x * 0.006 + board)) * 0.34)
    seam = np.minimum(y % 118, 118 - y % 118)
    height = 0.22 * rings + 0.35 * streak - 3.0 * np.exp(-((seam / 1.6) ** 2))
    tone = 1 + 0.07 * np.sin(board * 2.4) + 0.055 * rings + 0.075 * streak
    return lit(height, np.array([0.47, 0.31, 0.19]) * np.clip(tone, 0.5, 1.5)[..., None], gloss=0.05)


def _cloth(x: Any, y: Any, shape: tuple[int, int], scale: float) -> tuple[Any, Any]:
    width = shape[1] / scale
    along = x * 0.42 + y * 0.91  # the folds run down to the left
    across = x * 0.91 - y * 0.42
    soft = cloud(shape, 150 * scale, 2, 21)
    folds = 7.0 * np.sin(across * 0.038 + 1.5 * soft) + 3.0 * np.sin(across * 0.083 + along * 0.012 + 2.0 * soft)
    folds += 2.2 * cloud(shape, 70 * scale, 3, 22)
    weave = 0.16 * (np.sin(x * 2.1) + np.sin(y * 2.1)) if scale >= 0.8 else 0.0  # too fine for a smaller picture
    inside = x - (0.50 * width + 26 * np.sin(y * 0.011 + 0.5) - 0.16 * (y - 240) + 4 * np.sin(y * 0.07))
    stripe = 1 - 0.55 * np.exp(-(((inside - 26) / 5) ** 2)) - 0.4 * np.exp(-(((inside - 40) / 2) ** 2))
    tint = np.array([0.62, 0.66, 0.64]) * stripe[..., None] + np.array([0.20, 0.10, 0.16]) * (1 - stripe[..., None])
    hem = -2.5 * np.exp(-(((inside - 9) / 1.5) ** 2))
    return lit(folds * scale + weave + hem, tint), inside * scale
