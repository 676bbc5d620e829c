"""A picture ruled for a wall, as muralists do it: a page of the picture and one of its outlines, both under the grid.

Cells have their names on the left and above, the wall its centimetres on the right and below.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from installation.models.prints.outlines import Outlines
from installation.models.prints.paper import FAINT, INK, LIGHT, PALE, POINT, SOFT, Page, Paper, measured, shortened
from installation.models.prints.wall import Wall, letters

if TYPE_CHECKING:
    from installation.types import Pixels

LONG = 2048  # dots of the picture's longer side when it is cropped: the cut is true to a two-thousandth
MARGIN, HEAD, FOOT = 14.0, 19.0, 8.0  # mm
NAMES, MEASURES = 7.0, 11.0  # mm beside the picture
TITLE, SMALL, TINY = 24.0, 8.0, 7.0  # points
APART = 4.0  # mm between two names of cells, at least; and between two measures twice that
HAIR, LINE = 0.13, 0.35  # mm


@dataclass(frozen=True, slots=True)
class Told:
    """Words of a page: the model's title, whose picture it is, who made the model."""

    title: str
    name: str
    imprint: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the wall lies on a page: its left upper corner in mm, and mm a cm."""

    paper: Paper
    left: float
    top: float
    scale: float

    def x(self, cm: float) -> float:
        return self.left + cm * self.scale

    def y(self, cm: float) -> float:
        return self.top + cm * self.scale


def frame(wall: Wall, paper: Paper) -> Frame:
    """As large as it goes, the page upright or across."""
    made = []
    for sheet in (paper, paper.turned):
        across = sheet.width - 2 * MARGIN - NAMES - MEASURES
        down = sheet.height - 2 * MARGIN - HEAD - FOOT - NAMES - MEASURES
        scale = min(across / wall.width, down / wall.height)
        left = MARGIN + NAMES + (across - wall.width * scale) / 2
        made.append(Frame(sheet, left, MARGIN + HEAD + NAMES, scale))
    return max(made, key=lambda one: one.scale)


def cropped(pixels: Pixels, wall: Wall) -> Pixels:
    """(h, w, 3) as large as the longer side asks, of the wall's proportions, cut around the middle."""
    import cv2

    scale = LONG / max(pixels.shape[:2])
    size = (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))
    large = cv2.resize(pixels, size, interpolation=cv2.INTER_LANCZOS4)
    wide = min(size[0], round(size[1] * wall.width / wall.height))
    tall = min(size[1], round(size[0] * wall.height / wall.width))
    x, y = (size[0] - wide) // 2, (size[1] - tall) // 2
    return np.ascontiguousarray(large[y : y + tall, x : x + wide])


def overview(pixels: Pixels, wall: Wall, told: Told, paper: Paper) -> Page:
    """``pixels`` as ``cropped`` gives them."""
    at = frame(wall, paper.as_a4)
    page = Page(at.paper, scale=paper.scale)
    page.picture(at.left, at.top, wall.width * at.scale, wall.height * at.scale, pixels)
    # White with a shadow beside it: one of the two shows on any colour.
    for x in wall.upright[1:-1]:
        page.rule(at.x(x) + HAIR, at.top, at.x(x) + HAIR, at.y(wall.height), HAIR, (0, 0, 0), 0.3)
        page.rule(at.x(x), at.top, at.x(x), at.y(wall.height), HAIR, (255, 255, 255), 0.75)
    for y in wall.level[1:-1]:
        page.rule(at.left, at.y(y) + HAIR, at.x(wall.width), at.y(y) + HAIR, HAIR, (0, 0, 0), 0.3)
        page.rule(at.left, at.y(y), at.x(wall.width), at.y(y), HAIR, (255, 255, 255), 0.75)
    _around(page, at, wall, told, "A1 is at the floor, on the left")
    return page


def lines_page(found: Outlines, wall: Wall, told: Told, paper: Paper) -> Page:
    at = frame(wall, paper.as_a4)
    page = Page(at.paper, scale=paper.scale)
    for x in wall.upright:
        page.rule(at.x(x), at.top, at.x(x), at.y(wall.height), HAIR, PALE)
    for y in wall.level:
        page.rule(at.left, at.y(y), at.x(wall.width), at.y(y), HAIR, PALE)
    for line in found.lines:
        page.line(line.way * at.scale + (at.left, at.top), LINE, INK, line.closed)
    _around(page, at, wall, told, "where its colours meet")
    x = at.x(wall.width)
    for colour, share in sorted(zip(found.colours.tolist(), found.shares, strict=True), key=lambda row: row[1]):
        if share > 0:
            x -= 12.0
            page.fill(x + 1.5, MARGIN + 4.0, 10.5, 5.0, tuple(colour))
            page.words(x + 6.75, MARGIN + 12.4, f"{100 * share:.0f} %", TINY, FAINT, align="middle")
    return page


def _around(page: Page, at: Frame, wall: Wall, told: Told, what: str) -> None:
    right = at.x(wall.width)
    page.words(at.left, MARGIN + 7.5, told.title, TITLE, INK, LIGHT)
    page.words(at.left + measured(told.title, TITLE, LIGHT) + 3.5, MARGIN + 7.5, told.name, TITLE, FAINT, LIGHT)
    size = f"{wall.width:g} × {wall.height:g} cm, {wall.columns} × {wall.rows} cells of {wall.cell:g} cm"
    page.words(at.left, MARGIN + 13.2, f"{size}; {what}", SMALL, SOFT)
    page.words(at.left, at.paper.height - MARGIN, shortened(told.imprint, TINY, right - at.left), TINY, FAINT)
    cell = wall.cell * at.scale
    points = min(SMALL, max(5.0, 0.6 * cell / POINT))
    every = ceil(APART / cell)
    for column in range(0, wall.columns, every):
        middle = (wall.upright[column] + wall.upright[column + 1]) / 2
        page.words(at.x(middle), at.top - 2.0, letters(column), points, SOFT, align="middle")
    for row in range(0, wall.rows, every):
        middle = (wall.level[row] + wall.level[row + 1]) / 2
        page.words(at.left - 2.2, at.y(middle) + 0.36 * points * POINT, f"{row + 1}", points, SOFT, align="right")
    for x in _spread(wall.upright, 2 * APART / at.scale):
        page.rule(at.x(x), at.y(wall.height) + 1.0, at.x(x), at.y(wall.height) + 2.6, HAIR, FAINT)
        page.words(at.x(x), at.y(wall.height) + 5.6, f"{x:g}", TINY, FAINT, align="middle")
    for y in _spread(wall.level, 2 * APART / at.scale):
        page.rule(right + 1.0, at.y(y), right + 2.6, at.y(y), HAIR, FAINT)
        page.words(right + 3.6, at.y(y) + 0.9, f"{wall.height - y:g}", TINY, FAINT)


def _spread(marks: list[float], apart: float) -> list[float]:
    """As many of the marks as have room, the first and the last always."""
    made = [marks[0]]
    for mark in marks[1:-1]:
        if abs(mark - made[-1]) >= apart and abs(marks[-1] - mark) >= apart:
            made.append(mark)
    return [*made, marks[-1]]
