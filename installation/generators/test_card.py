"""test_card: no model, no camera. Shows that the stage stands right, that it moves, and which screen this is.

Grid squares are square, the circle is round, the corners reach the corners, the grey steps are even (the outer two of
each end must be told apart), the hand turns once every ``period`` and the number counts pictures: a freeze shows.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from installation.generators.base import Generator
from installation.params import Param
from installation.types import Image, Params, Signals

if TYPE_CHECKING:
    from installation.types import Pixels

GROUND, LINE, INK, ACCENT = (18, 20, 26), (58, 64, 78), (236, 232, 222), (255, 122, 61)
BARS = ((191, 191, 191), (191, 191, 0), (0, 191, 191), (0, 191, 0), (191, 0, 191), (191, 0, 0), (0, 0, 191))
STEPS = (0, 8, 26, 51, 77, 102, 128, 153, 179, 204, 229, 247, 255)
CELLS = 9  # squares over the height


class TestCard(Generator):
    """A picture to set a projector by."""

    __test__ = False  # its name is no test's

    params: ClassVar[tuple[Param, ...]] = (
        Param("size", "size", (1280, 720), help="size it is drawn at"),
        Param("screen", "int", 1, 1, 99, help="the number shown in the middle"),
        Param("period", "seconds", 4.0, 0.5, 60.0, unit="s", help="how long the hand takes to go round", live=True),
        Param("level", "float", 1.0, 0.0, 1.0, help="brightness", live=True),
    )

    def prepare(self) -> None:
        self._ground = card(self.options["size"], self.options["screen"])
        self._made = 0
        self._turn = 0.0
        self._last: float | None = None

    def render(self, params: Params, signals: Signals) -> Image:
        import cv2

        now = signals.now
        self._turn += 0.0 if self._last is None else max(0.0, now - self._last) / params["generator.period"]
        self._last = now
        self._made += 1
        pixels = self._ground.copy()
        _moving(pixels, self._turn % 1.0, self._made)
        if params["generator.level"] < 1:
            pixels = (pixels * np.float32(params["generator.level"])).astype(np.uint8)
        # Drawn without alpha: OpenCV's letters would blend into that too.
        return Image(cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA), self.captured_at(signals), self._made)


def card(size: tuple[int, int], screen: int) -> Pixels:
    """What stands still, (h, w, 3)."""
    import cv2

    width, height = size
    picture: Pixels = np.empty((height, width, 3), np.uint8)
    picture[:] = GROUND
    cell = height / CELLS
    thin = max(1, round(height / 540))
    for i in range(-math.ceil(width / cell / 2), math.ceil(width / cell / 2) + 1):
        x = round(width / 2 + i * cell)
        cv2.line(picture, (x, 0), (x, height), LINE, thin)
    for i in range(CELLS + 1):
        y = round(i * cell)
        cv2.line(picture, (0, y), (width, y), LINE, thin)
    cv2.rectangle(picture, (0, 0), (width - 1, height - 1), ACCENT, 1)
    for x, y, dx, dy in ((0, 0, 1, 1), (width - 1, 0, -1, 1), (0, height - 1, 1, -1), (width - 1, height - 1, -1, -1)):
        reach = round(cell / 2)
        cv2.line(picture, (x, y), (x + dx * reach, y), ACCENT, 3 * thin)
        cv2.line(picture, (x, y), (x, y + dy * reach), ACCENT, 3 * thin)
    _strip(picture, BARS, round(6 * cell), round(7 * cell))
    _strip(picture, [(step, step, step) for step in STEPS], round(7 * cell), round(7.5 * cell))
    middle, radius = (width // 2, round(3.4 * cell)), round(2.2 * cell)
    cv2.circle(picture, middle, radius, GROUND, -1, cv2.LINE_AA)
    cv2.circle(picture, middle, radius, INK, 2 * thin, cv2.LINE_AA)
    for i in range(60):
        angle = i * math.tau / 60
        inner = radius * (0.9 if i % 5 else 0.84)
        ends = [_round(middle, reach, angle) for reach in (inner, radius * 0.95)]
        cv2.line(picture, ends[0], ends[1], INK, thin if i % 5 else 2 * thin, cv2.LINE_AA)
    _text(picture, str(screen), middle, cell * 1.5, INK)
    _text(picture, f"{width} x {height}", (width // 2, round(8.05 * cell)), cell * 0.28, INK)
    return picture


def _moving(picture: Pixels, turn: float, number: int) -> None:
    import cv2

    height, width = picture.shape[:2]
    cell = height / CELLS
    middle, radius = (width // 2, round(3.4 * cell)), 2.2 * cell
    angle = turn * math.tau
    ends = [_round(middle, reach, angle) for reach in (radius * 0.66, radius * 0.97)]
    cv2.line(picture, ends[0], ends[1], ACCENT, max(2, round(height / 160)), cv2.LINE_AA)
    x = round(turn * width)
    picture[round(8.5 * cell) : round(8.62 * cell), max(0, x - round(cell)) : x] = ACCENT
    _text(picture, f"{number:06d}", (width // 2, round(4.55 * cell)), cell * 0.26, ACCENT)


def _strip(
    picture: Pixels, colours: tuple[tuple[int, ...], ...] | list[tuple[int, ...]], top: int, bottom: int
) -> None:
    height, width = picture.shape[:2]
    cell = height / CELLS
    half = min(4 * cell, width / 2)
    edges = np.linspace(width / 2 - half, width / 2 + half, len(colours) + 1).round().astype(int)
    for left, right, colour in zip(edges, edges[1:], colours, strict=False):
        picture[top:bottom, left:right] = colour


def _text(picture: Pixels, text: str, middle: tuple[int, int], tall: float, colour: tuple[int, ...]) -> None:
    """Text of a height in pixels, centred."""
    import cv2

    thick = max(1, round(tall / 14))
    face = cv2.FONT_HERSHEY_DUPLEX
    scale = cv2.getFontScaleFromHeight(face, max(4, round(tall)), thick)
    (wide, high), _ = cv2.getTextSize(text, face, scale, thick)
    origin = (middle[0] - wide // 2, middle[1] + high // 2)
    cv2.putText(picture, text, origin, face, scale, colour, thick, cv2.LINE_AA)


def _round(middle: tuple[int, int], reach: float, angle: float) -> tuple[int, int]:
    """A point on a clock's face: 0 is up, clockwise."""
    return round(middle[0] + reach * math.sin(angle)), round(middle[1] - reach * math.cos(angle))
