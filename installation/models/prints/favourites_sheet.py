"""Favourites on paper, as large as they go: each with its number, who it is, its stars and its note.

The number is the one that a show's ``favourite`` step knows it by. As few pages as pictures of a fair size allow;
upright or across, whichever makes them larger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from installation.latent.favourites import MOST_STARS, Favourite
from installation.models.prints.paper import FAINT, INK, LIGHT, PALE, SOFT, Page, Paper, measured, shortened

if TYPE_CHECKING:
    from installation.types import Pixels

MARGIN, HEAD, FOOT = 14.0, 17.0, 8.0  # mm; the head and the foot stand between margin and pictures
WORDS, SECOND = 9.5, 3.6  # mm under a picture, and for the second line of a note
GAP, MOST_GAP, ROW_GAP = 7.0, 16.0, 6.5  # mm
LEAST = 0.2  # of the paper's width: a picture is not smaller
TITLE, NAME, SMALL, TINY = 24.0, 10.0, 8.0, 7.0  # points


@dataclass(frozen=True, slots=True)
class Layout:
    """Where pictures lie: (columns, rows) a page, each (width, height) mm, the first at (left, top)."""

    paper: Paper
    columns: int
    rows: int
    width: float
    height: float
    gap: float
    words: float

    @property
    def each(self) -> int:
        return self.columns * self.rows

    @property
    def left(self) -> float:
        return (self.paper.width - self.columns * (self.width + self.gap) + self.gap) / 2

    def place(self, number: int) -> tuple[float, float]:
        """Left upper corner of a picture on its page, mm."""
        row, column = divmod(number % self.each, self.columns)
        top = MARGIN + HEAD + row * (self.height + self.words + ROW_GAP)
        return self.left + column * (self.width + self.gap), top


def layout(count: int, shape: float, paper: Paper, words: float = WORDS) -> Layout:
    """``shape``: a picture's height by its width."""
    least = LEAST * paper.width / max(1.0, shape)
    made = [
        _fitted(sheet, columns, rows, shape, words)
        for sheet in (paper, paper.turned)
        for columns in range(1, 9)
        for rows in range(1, 9)
    ]
    fair = [one for one in made if one.width >= least]
    fewest = min(ceil(count / one.each) for one in fair)
    # Of those with the fewest pages the largest pictures, and then no empty rows.
    return max(
        (one for one in fair if ceil(count / one.each) == fewest), key=lambda one: (round(one.width, 3), -one.each)
    )


def _fitted(paper: Paper, columns: int, rows: int, shape: float, words: float) -> Layout:
    across = (paper.width - 2 * MARGIN + GAP) / columns - GAP
    down = (paper.height - 2 * MARGIN - HEAD - FOOT + ROW_GAP) / rows - words - ROW_GAP
    width = max(min(across, down / shape), 1.0)
    spread = (paper.width - 2 * MARGIN - columns * width) / max(columns - 1, 1)
    return Layout(paper, columns, rows, width, width * shape, min(spread, MOST_GAP) if columns > 1 else 0.0, words)


def pages(
    title: str, imprint: str, favourites: Sequence[tuple[int, Favourite]], pictures: Sequence[Pixels], paper: Paper
) -> Iterator[Page]:
    """``favourites`` with their numbers; ``pictures`` (h, w, 3 or 4), one each, all of one size. ``imprint``: whose."""
    tall, wide = pictures[0].shape[:2]
    plan = layout(len(pictures), tall / wide, paper.as_a4)
    if any(len(_lines(favourite, plan.width)) > 1 for _, favourite in favourites):
        plan = layout(len(pictures), tall / wide, paper.as_a4, WORDS + SECOND)
    count = ceil(len(pictures) / plan.each)
    for number in range(count):
        page = Page(plan.paper, scale=paper.scale)
        _around(page, plan, title, imprint, len(pictures), (number + 1, count))
        for place in range(number * plan.each, min((number + 1) * plan.each, len(pictures))):
            x, y = plan.place(place)
            page.picture(x, y, plan.width, plan.height, pictures[place])
            _words(page, x, y + plan.height, plan.width, *favourites[place])
        yield page


def _around(page: Page, plan: Layout, title: str, imprint: str, count: int, number: tuple[int, int]) -> None:
    left, right = plan.left, plan.paper.width - plan.left
    page.words(left, MARGIN + 7.5, title, TITLE, INK, LIGHT)
    words = "one favourite" if count == 1 else f"{count} favourites"
    page.words(right, MARGIN + 7.5, words, SMALL, SOFT, align="right")
    bottom = plan.paper.height - MARGIN
    page.words(left, bottom, shortened(imprint, TINY, right - left - 20), TINY, FAINT)
    if number[1] > 1:
        page.words(right, bottom, f"{number[0]} / {number[1]}", TINY, FAINT, align="right")


def _words(page: Page, x: float, y: float, width: float, number: int, favourite: Favourite) -> None:
    name = f"seed {favourite.name}" if favourite.seed is not None else favourite.name
    start = x + measured(f"{number}", NAME) + 2.0
    page.words(x, y + 5.2, f"{number}", NAME, FAINT, LIGHT)
    one = measured("★", SMALL) * 1.08
    stars = x + width - MOST_STARS * one
    page.words(start, y + 5.2, shortened(name, NAME, stars - start - 1.5), NAME)
    for star in range(MOST_STARS):
        page.words(stars + star * one, y + 5.1, "★", SMALL, INK if star < favourite.stars else PALE)
    page.words(x + width, y + 9.4, _psi(favourite), TINY, FAINT, align="right")
    for row, words in enumerate(_lines(favourite, width)):
        page.words(x, y + 9.4 + row * SECOND, words, SMALL, SOFT)


def _psi(favourite: Favourite) -> str:
    return f"psi {favourite.psi:g}"


def _lines(favourite: Favourite, width: float) -> list[str]:
    """The note in one line beside the psi, or in two, the second as wide as the picture."""
    room = width - measured(_psi(favourite), TINY) - 3
    first: list[str] = []
    rest = favourite.note.split()
    while rest and (not first or measured(" ".join([*first, rest[0]]), SMALL) <= room):
        first.append(rest.pop(0))
    lines = [shortened(" ".join(first), SMALL, room), shortened(" ".join(rest), SMALL, width)]
    return [line for line in lines if line]
