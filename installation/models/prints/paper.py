"""A page of paper to draw on, in millimetres from its upper left corner, y downwards; 300 dots an inch.

What is designed for A4 is drawn on A3 with everything larger alike: ``as_a4`` is the paper that a design sees, and its
page has the scale.

Words are set in OpenCV's own font, the same on every machine, which knows most scripts; lines are anti-aliased and lie
where they should to a sixteenth of a dot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from installation.types import Pixels

DPI = 300
INCH = 25.4  # mm
POINT = INCH / 72  # mm
FONT = "sans"
SUBDOTS = 4  # bits

Ink = tuple[int, int, int]
INK, SOFT, FAINT, PALE = (28, 28, 30), (96, 97, 102), (146, 148, 153), (212, 213, 216)
LIGHT, REGULAR, BOLD = 300, 400, 600  # weights

Align = Literal["left", "middle", "right"]


class Paper(NamedTuple):
    """Millimetres."""

    width: float
    height: float

    @property
    def turned(self) -> Paper:
        return Paper(self.height, self.width)

    @property
    def scale(self) -> float:
        """How many times A4 it is."""
        return min(self) / 210.0

    @property
    def as_a4(self) -> Paper:
        return Paper(self.width / self.scale, self.height / self.scale)


PAPERS = {"a4": Paper(210.0, 297.0), "a3": Paper(297.0, 420.0), "letter": Paper(215.9, 279.4)}


def dots(millimetres: float) -> int:
    return round(millimetres / INCH * DPI)


class Page:
    """``pixels`` (H, W, 3) RGB. ``lines_only``: kept as black and white, which prints sharp and is small.

    ``scale``: times that all is larger in print, the paper too; points as well as millimetres.
    """

    def __init__(self, paper: Paper, lines_only: bool = False, scale: float = 1.0) -> None:
        self.paper = paper
        self.lines_only = lines_only
        self.scale = scale
        self.pixels: Pixels = np.full((self.at(paper.height), self.at(paper.width), 3), 255, np.uint8)

    def at(self, millimetres: float) -> int:
        """In dots."""
        return dots(millimetres * self.scale)

    def words(
        self,
        x: float,
        y: float,
        text: str,
        points: float,
        ink: Ink = INK,
        weight: int = REGULAR,
        align: Align = "left",
    ) -> None:
        """On the base line y; from x, around it, or up to it."""
        import cv2

        points *= self.scale
        before = {"left": 0.0, "middle": 0.5, "right": 1.0}[align] * measured(text, points, weight)
        place = (dots(x * self.scale - before), self.at(y))
        cv2.putText(self.pixels, text, place, ink, cv2.FontFace(FONT), _size(points), weight)

    def line(self, way: NDArray[np.float64], width: float, ink: Ink = INK, closed: bool = False) -> None:
        """``way`` (n, 2)."""
        import cv2

        points = np.round(way * self.scale / INCH * DPI * 2**SUBDOTS).astype(np.int32)
        thick = max(1, self.at(width))
        cv2.polylines(self.pixels, [points], closed, ink, thick, cv2.LINE_AA, SUBDOTS)

    def rule(self, x: float, y: float, x2: float, y2: float, width: float, ink: Ink = INK, strength: float = 1) -> None:
        """A straight line, upright or level, sharp: whole dots. ``strength`` below 1 lets what is under it through."""
        thick = max(1, self.at(width))
        left, top = self.at(min(x, x2)) - (x == x2) * (thick // 2), self.at(min(y, y2)) - (y == y2) * (thick // 2)
        right, bottom = max(self.at(max(x, x2)), left + thick), max(self.at(max(y, y2)), top + thick)
        under = self.pixels[max(top, 0) : bottom, max(left, 0) : right]
        under[:] = np.round(under + strength * (np.array(ink, np.float64) - under)).astype(np.uint8)

    def fill(self, x: float, y: float, width: float, height: float, ink: Ink) -> None:
        self.pixels[self.at(y) : self.at(y + height), self.at(x) : self.at(x + width)] = ink

    def picture(self, x: float, y: float, width: float, height: float, pixels: Pixels) -> None:
        """Enlarged with Lanczos' window; (h, w, 3) RGB or (h, w, 4) RGBA, on the white of the paper."""
        top, left = self.at(y), self.at(x)
        self.pixels[top : self.at(y + height), left : self.at(x + width)] = enlarged(
            on_white(pixels), (self.at(x + width) - left, self.at(y + height) - top)
        )


def measured(text: str, points: float, weight: int = REGULAR) -> float:
    """Width in millimetres."""
    import cv2

    # A generous canvas: what lies outside of it is not measured.
    _, _, width, _ = cv2.getTextSize((1 << 15, 1 << 15), text, (0, 0), cv2.FontFace(FONT), _size(points), weight)
    return float(width) / DPI * INCH


def shortened(text: str, points: float, room: float) -> str:
    """As much as there is room for; what was cut off is an ellipsis."""
    if measured(text, points) <= room:
        return text
    while text and measured(f"{text.rstrip()}…", points) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def on_white(pixels: Pixels) -> Pixels:
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[..., 3:].astype(np.float32) / 255
    return (pixels[..., :3] * alpha + 255 * (1 - alpha) + 0.5).astype(np.uint8)


def enlarged(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """(width, height) in dots. A picture larger than its place is averaged."""
    import cv2

    shrinks = size[0] < pixels.shape[1]
    made: Pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LANCZOS4)
    return made


def _size(points: float) -> int:
    return max(1, round(points * POINT / INCH * DPI))
