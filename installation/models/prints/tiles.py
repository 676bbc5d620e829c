"""Outlines in their true size, on pages to be cut and glued on the wall: 1 cm on the wall is 1 cm on the paper.

A page holds as many whole cells as go on it, or, where a cell is larger than the paper, a whole part of one. The lines
go on a little past the cut. A bar of 10 cm tells whether the printer kept the size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from installation.errors import InstallationError
from installation.models.prints.outlines import Outlines
from installation.models.prints.paper import BOLD, INK, LIGHT, PAPERS, Page, Paper
from installation.models.prints.tracing import Told
from installation.models.prints.wall import Wall

MOST = 200  # pages
CM = 10.0  # mm
EDGE = 13.0  # mm around the cut: room for marks, names and what a printer cannot reach
BLEED, MARK = 3.0, 4.0  # mm of lines past the cut, and of the marks that tell it
NAME, SMALL, CELL = 11.0, 7.5, 9.0  # points
LINE, HAIR, DASH = 0.5, 0.15, 1.2  # mm
BAR = 10.0  # cm
A_LITTLE = 0.02  # cm


@dataclass(frozen=True, slots=True)
class Tiling:
    """``width``, ``height`` of a tile in cm; how many of them side by side and one above the other."""

    paper: Paper
    width: float
    height: float
    across: int
    up: int

    @property
    def count(self) -> int:
        return self.across * self.up

    @property
    def corner(self) -> tuple[float, float]:
        """The cut's left upper corner on a page, mm."""
        return (self.paper.width - self.width * CM) / 2, (self.paper.height - self.height * CM) / 2


def tiling(wall: Wall, paper: Paper) -> Tiling:
    """With as few pages as go, at most MOST. Raises InstallationError."""
    made = _fewest(wall, paper)
    if made.count > MOST:
        larger = {name: _fewest(wall, other).count for name, other in PAPERS.items()}
        fit = [f"--paper {name} ({count} pages)" for name, count in larger.items() if count <= MOST]
        other = "draw by the grid of the first two pages: leave --tiles out"
        raise InstallationError(
            f"the tiles of this wall are {made.count} pages, and {MOST} are the most",
            f"take {fit[0]}, or {other}" if fit else other,
        )
    return made


def _fewest(wall: Wall, paper: Paper) -> Tiling:
    made = []
    for sheet in (paper, paper.turned):
        width, height = (_side(wall.cell, (side - 2 * EDGE) / CM) for side in sheet)
        made.append(
            Tiling(sheet, width, height, ceil(wall.width / width - A_LITTLE), ceil(wall.height / height - A_LITTLE))
        )
    return min(made, key=lambda one: one.count)


def _side(cell: float, room: float) -> float:
    """The largest whole number of cells, or whole part of one, in so many cm."""
    return cell * int(room / cell) if room >= cell else cell / ceil(cell / room)


def pages(found: Outlines, wall: Wall, told: Told, paper: Paper) -> Iterator[Page]:
    """From the floor up, each row from the left."""
    plan = tiling(wall, paper)
    for number in range(plan.count):
        yield _page(found, wall, told, plan, number)


def _page(found: Outlines, wall: Wall, told: Told, plan: Tiling, number: int) -> Page:
    row, column = divmod(number, plan.across)
    x, y = column * plan.width, wall.height - (row + 1) * plan.height  # cm, the tile's corner on the wall
    left, top = plan.corner
    page = Page(plan.paper, lines_only=True)
    for line in found.lines:
        page.line((line.way - (x, y)) * CM + (left, top), LINE, INK, line.closed)
    _trim(page, plan)
    for cm in wall.upright:
        _dashed(page, plan, (cm - x) * CM, upright=True, whole=cm in (wall.upright[0], wall.upright[-1]))
    for cm in wall.level:
        _dashed(page, plan, (cm - y) * CM, upright=False, whole=cm in (wall.level[0], wall.level[-1]))
    _cells(page, wall, plan, x, y)
    _marks(page, plan)
    _words(page, wall, told, plan, number)
    return page


def _trim(page: Page, plan: Tiling) -> None:
    left, top = plan.corner
    paper, white = plan.paper, (255, 255, 255)
    page.fill(0, 0, paper.width, top - BLEED, white)
    page.fill(0, paper.height - top + BLEED, paper.width, top - BLEED, white)
    page.fill(0, 0, left - BLEED, paper.height, white)
    page.fill(paper.width - left + BLEED, 0, left - BLEED, paper.height, white)


def _dashed(page: Page, plan: Tiling, at: float, upright: bool, whole: bool) -> None:
    """A line of the grid, ``at`` mm from the tile's corner; the wall's own edge is a whole line."""
    left, top = plan.corner
    across, long = (plan.width, plan.height) if upright else (plan.height, plan.width)
    if not -A_LITTLE <= at <= across * CM + A_LITTLE:
        return
    dash = long * CM if whole else DASH
    for start in range(0, ceil(long * CM / dash), 1 if whole else 2):
        begin, end = start * dash, min((start + 1) * dash, long * CM)
        if upright:
            page.rule(left + at, top + begin, left + at, top + end, HAIR)
        else:
            page.rule(left + begin, top + at, left + end, top + at, HAIR)


def _cells(page: Page, wall: Wall, plan: Tiling, x: float, y: float) -> None:
    """Each cell's name in its left lower corner, as far as that lies on this tile."""
    left, top = plan.corner
    right, bottom = min(x + plan.width, wall.width), y + plan.height
    for cm in [x, *(line for line in wall.upright if x + A_LITTLE < line < right - A_LITTLE)]:
        for floor in [bottom, *(line for line in wall.level if max(y, 0) + A_LITTLE < line < bottom - A_LITTLE)]:
            name = wall.name(cm + A_LITTLE, floor - A_LITTLE)
            page.words(left + (cm - x) * CM + 1.5, top + (floor - y) * CM - 1.6, name, CELL, INK, LIGHT)


def _marks(page: Page, plan: Tiling) -> None:
    left, top = plan.corner
    for x, outward in ((left, -1.0), (left + plan.width * CM, 1.0)):
        for y, down in ((top, -1.0), (top + plan.height * CM, 1.0)):
            begin, end = BLEED + 1.0, BLEED + 1.0 + MARK
            page.rule(x + outward * begin, y, x + outward * end, y, HAIR)
            page.rule(x, y + down * begin, x, y + down * end, HAIR)


def _words(page: Page, wall: Wall, told: Told, plan: Tiling, number: int) -> None:
    left, top = plan.corner
    row, column = divmod(number, plan.across)
    x, y = column * plan.width, wall.height - (row + 1) * plan.height
    first = wall.name(x + A_LITTLE, y + plan.height - A_LITTLE)
    last = wall.name(min(x + plan.width, wall.width) - A_LITTLE, max(y, 0) + A_LITTLE)
    above, below = top - BLEED - 2.5, top + plan.height * CM + BLEED + 5.0
    page.words(left + 2, above, first if first == last else f"{first} – {last}", NAME, INK, BOLD)
    place = f"{column + 1} of {plan.across} from the left, {row + 1} of {plan.up} from the floor"
    page.words(plan.paper.width / 2, above, place, SMALL, align="middle")
    page.words(left + plan.width * CM - 2, above, f"{number + 1} / {plan.count}", SMALL, align="right")
    bar = min(BAR, plan.width / 2)
    page.rule(left + 2, below, left + 2 + bar * CM, below, HAIR)
    for end in (left + 2, left + 2 + bar * CM):
        page.rule(end, below - 1.2, end, below + 1.2, HAIR)
    words = f"{bar:g} cm: print at 100 %"
    page.words(left + 4 + bar * CM, below + 0.9, words, SMALL)
    page.words(left + plan.width * CM - 2, below + 0.9, f"{told.title}, {told.name}", SMALL, align="right")
