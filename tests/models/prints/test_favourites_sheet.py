"""Where pictures lie on paper, and that they are the pictures."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from installation.latent.favourites import Favourite
from installation.models.prints import favourites_sheet, paper
from installation.models.prints.paper import DPI, INCH, PAPERS, dots

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (10, 10, 10), (120, 0, 120)]


def flat(colour: tuple[int, int, int], tall: int = 16, wide: int = 16) -> np.ndarray:
    return np.full((tall, wide, 3), colour, np.uint8)


@pytest.mark.parametrize("name", ["a4", "a3", "letter"])
@pytest.mark.parametrize("shape", [1.0, 9 / 16, 2.0])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 12, 40])
def test_a_layout_is_on_the_paper_with_nothing_over_anything(name: str, shape: float, count: int) -> None:
    plan = favourites_sheet.layout(count, shape, PAPERS[name])
    assert plan.paper in (PAPERS[name], PAPERS[name].turned)
    assert plan.height == pytest.approx(plan.width * shape)
    places = [plan.place(number) for number in range(plan.each)]
    for x, y in places:
        assert x >= favourites_sheet.MARGIN - 1e-6
        assert x + plan.width <= plan.paper.width - favourites_sheet.MARGIN + 1e-6
        assert (
            y + plan.height + plan.words <= plan.paper.height - favourites_sheet.MARGIN - favourites_sheet.FOOT + 1e-6
        )
    for number, (x, y) in enumerate(places):
        for other_x, other_y in places[:number]:
            assert abs(x - other_x) >= plan.width + 1 or abs(y - other_y) >= plan.height + plan.words


def test_one_is_large_and_many_take_pages() -> None:
    assert favourites_sheet.layout(1, 1.0, PAPERS["a4"]).width > 170
    assert (
        favourites_sheet.layout(2, 9 / 16, PAPERS["a4"]).width > favourites_sheet.layout(9, 9 / 16, PAPERS["a4"]).width
    )
    many = favourites_sheet.layout(40, 1.0, PAPERS["a4"])
    assert many.each < 40
    assert many.width >= 0.2 * 210


def test_pictures_lie_where_the_layout_says_on_pages_of_the_papers_size() -> None:
    count = 23
    liked = [
        (n + 1, Favourite(n, note="a note of more words than there is room for in one line")) for n in range(count)
    ]
    pictures = [flat(COLOURS[n % 5]) for n in range(count)]
    pages = list(favourites_sheet.pages("Title", "somebody", liked, pictures, PAPERS["a4"]))
    plan = favourites_sheet.layout(count, 1.0, PAPERS["a4"], favourites_sheet.WORDS + favourites_sheet.SECOND)
    assert len(pages) == -(-count // plan.each) > 1
    for number in range(count):
        page = pages[number // plan.each].pixels
        assert page.shape == (dots(plan.paper.height), dots(plan.paper.width), 3)
        x, y = (value / INCH * DPI for value in plan.place(number))
        side = plan.width / INCH * DPI
        inner = page[round(y) + 3 : round(y + side) - 3, round(x) + 3 : round(x + side) - 3]
        assert (inner == COLOURS[number % 5]).all()
        around = page[round(y) - 8 : round(y) - 3, round(x) : round(x + side)]
        assert (around == 255).all()
    last = pages[-1].pixels
    x, y = (value / INCH * DPI for value in plan.place(plan.each - 1))
    assert (last[round(y) : round(y) + 100, round(x) : round(x) + 100] == 255).all()  # 23 do not fill the last page


def test_a_picture_is_enlarged_with_lanczos_on_the_white_of_the_paper() -> None:
    random = np.random.RandomState(0).randint(0, 256, (32, 32, 4), dtype=np.uint8)
    page = paper.Page(PAPERS["a4"])
    page.picture(20.0, 30.0, 50.8, 50.8, random)
    alpha = random[..., 3:] / 255
    white = np.round(random[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    wanted = cv2.resize(white, (600, 600), interpolation=cv2.INTER_LANCZOS4)
    x, y = dots(20.0), dots(30.0)
    assert np.abs(page.pixels[y : y + 600, x : x + 600].astype(int) - wanted).max() <= 2


def test_words_are_measured_as_they_are_written() -> None:
    page = paper.Page(PAPERS["a4"])
    page.words(100.0, 50.0, "Küste 12", 24.0, align="right")
    columns = np.flatnonzero((page.pixels < 128).any(axis=(0, 2))) / DPI * INCH
    assert columns.max() == pytest.approx(100.0, abs=1.0)
    assert columns.max() - columns.min() == pytest.approx(paper.measured("Küste 12", 24.0), abs=2.0)
    assert paper.shortened("a long story", 10.0, 1000) == "a long story"
    short = paper.shortened("a long story", 10.0, 12.0)
    assert short.endswith("…")
    assert paper.measured(short, 10.0) <= 12.0
