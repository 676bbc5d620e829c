"""A wall and the grid on it, in centimetres: columns A, B, C ... from the left, rows 1, 2, 3 ... from the floor up, as
on a chess board. After Z comes AA. A wall that is no whole number of cells has narrower ones on the right and at the
top.

Points are (x, y) from the wall's upper left corner, y downwards, as in pictures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil

from installation.errors import InstallationError

_WALL = re.compile(r"\s*(\d{1,5}(?:\.\d+)?)\s*x\s*(\d{1,5}(?:\.\d+)?)\s*")
NARROWEST, WIDEST = 10.0, 10_000.0  # cm of a wall
MOST_CELLS = 120  # along a side: more cannot be told apart on a page
TINY = 1e-3  # of a cell: what lies on a line is as good as on either side of it


@dataclass(frozen=True, slots=True)
class Wall:
    """``width``, ``height``, ``cell``: cm."""

    width: float
    height: float
    cell: float

    @property
    def columns(self) -> int:
        return ceil(self.width / self.cell - TINY)

    @property
    def rows(self) -> int:
        return ceil(self.height / self.cell - TINY)

    @property
    def upright(self) -> list[float]:
        """x of the grid's upright lines, the wall's edges included."""
        return [min(k * self.cell, self.width) for k in range(self.columns + 1)]

    @property
    def level(self) -> list[float]:
        """y of the level lines from the floor up: the first is the wall's whole height."""
        return [self.height - min(k * self.cell, self.height) for k in range(self.rows + 1)]

    def name(self, x: float, y: float) -> str:
        """Of the cell around a point: ``C4``."""
        column = min(int(x / self.cell), self.columns - 1)
        row = min(int((self.height - y) / self.cell), self.rows - 1)
        return f"{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """0 A, 25 Z, 26 AA."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def wall(size: str, cell: float) -> Wall:
    """``400x300`` in cm. Raises InstallationError."""
    found = _WALL.fullmatch(size)
    if not found or not all(NARROWEST <= float(side) <= WIDEST for side in found.groups()):
        raise InstallationError(f"a wall cannot be '{size}'", "write its width and height in centimetres: 400x300")
    made = (float(found[1]), float(found[2]))
    if not max(made) / MOST_CELLS <= cell <= max(made):
        least = ceil(max(made) / MOST_CELLS)
        raise InstallationError(
            f"cells of {cell:g} cm do not suit a wall of {size} cm", f"write --cell: {least} to {max(made):g}"
        )
    return Wall(*made, cell)
