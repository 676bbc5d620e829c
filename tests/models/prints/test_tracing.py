"""A wall, its grid on the page, the outlines, and the tiles in true size."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from installation.errors import InstallationError
from installation.models.prints import tiles, tracing
from installation.models.prints.outlines import Line, Outlines, outlines
from installation.models.prints.paper import DPI, INCH, PAPERS
from installation.models.prints.tracing import Told
from installation.models.prints.wall import Wall, letters, wall

TOLD = Told("Terra", "seed 12", "somebody")
NOTHING = Outlines([], np.zeros((2, 3), np.uint8), np.zeros(2))


def dark_columns(strip: np.ndarray) -> np.ndarray:
    """Middles in mm of what is dark all the way down a strip."""
    dark = np.flatnonzero((strip < 240).all(axis=(0, 2)))
    groups = np.split(dark, np.flatnonzero(np.diff(dark) > 1) + 1)
    return np.array([(group[0] + group[-1] + 1) / 2 for group in groups]) / DPI * INCH


def test_letters_go_on_after_z() -> None:
    assert [letters(n) for n in (0, 1, 25, 26, 27, 51, 52, 701, 702)] == [
        "A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_cells_are_named_from_the_floor_up() -> None:
    made = wall("410x300", 25)
    assert (made.columns, made.rows) == (17, 12)
    assert made.name(0.1, 299.9) == "A1"
    assert made.name(30, 299) == "B1"
    assert made.name(0.1, 0.1) == "A12"
    assert made.name(409, 260) == "Q2"
    assert made.upright[:3] == [0, 25, 50]
    assert made.upright[-2:] == [400, 410]
    assert made.level[:2] == [300, 275]
    assert made.level[-1] == 0


@pytest.mark.parametrize("size", ["", "400", "400x", "axb", "400x-3", "5x400", "400x99999"])
def test_walls_that_are_none_are_refused(size: str) -> None:
    with pytest.raises(InstallationError, match="a wall cannot be"):
        wall(size, 25)


@pytest.mark.parametrize("cell", [0, -1, 1, 500])
def test_cells_that_do_not_suit_are_refused(cell: float) -> None:
    with pytest.raises(InstallationError, match="do not suit a wall of 400x300 cm"):
        wall("400x300", cell)


@pytest.mark.parametrize(("size", "across"), [((400, 300), True), ((200, 500), False)])
def test_the_grid_on_the_page_is_that_on_the_wall(size: tuple[int, int], across: bool) -> None:
    ruled = Wall(*size, 25)
    page = tracing.lines_page(NOTHING, ruled, TOLD, PAPERS["a3"])
    at = tracing.frame(ruled, PAPERS["a3"].as_a4)
    print_scale = 297 / 210
    assert (page.paper.width > page.paper.height) == across
    assert page.pixels.shape[:2] in ((4961, 3508), (3508, 4961))
    top, bottom = (round(at.y(cm) * print_scale / INCH * DPI) for cm in (1, 24))
    found = dark_columns(page.pixels[top:bottom])
    np.testing.assert_allclose(found, np.array([at.x(x) for x in ruled.upright]) * print_scale, atol=0.15)
    np.testing.assert_allclose(np.diff(found), 25 * at.scale * print_scale, atol=0.1)
    left, right = (round(at.x(cm) * print_scale / INCH * DPI) for cm in (1, 24))
    found = dark_columns(page.pixels[:, left:right].swapaxes(0, 1))
    np.testing.assert_allclose(found, np.array(sorted(at.y(y) for y in ruled.level)) * print_scale, atol=0.15)
    assert at.x(size[0]) < page.paper.width - tracing.MARGIN
    assert at.y(size[1]) < page.paper.height - tracing.MARGIN - tracing.FOOT


def test_every_cell_has_its_name_beside_it() -> None:
    """The names' ink is in the middle of each column above, and of each row on the left."""
    ruled = Wall(400, 300, 25)
    page = tracing.lines_page(NOTHING, ruled, TOLD, PAPERS["a4"])
    at = tracing.frame(ruled, PAPERS["a4"])
    above = page.pixels[round((at.top - 5) / INCH * DPI) : round((at.top - 0.5) / INCH * DPI)]
    for column in range(ruled.columns):
        left, right = (round(at.x(cm) / INCH * DPI) for cm in ruled.upright[column : column + 2])
        ink = np.flatnonzero((above[:, left:right] < 160).any(axis=(0, 2)))
        assert abs((ink.min() + ink.max()) / 2 - (right - left) / 2) < 6
    beside = page.pixels[:, round((at.left - 7) / INCH * DPI) : round((at.left - 1) / INCH * DPI)]
    for row in range(ruled.rows):
        bottom, top = (round(at.y(cm) / INCH * DPI) for cm in ruled.level[row : row + 2])
        ink = np.flatnonzero((beside[top:bottom] < 160).any(axis=(1, 2)))
        assert abs((ink.min() + ink.max()) / 2 - (bottom - top) / 2) < 6


def test_the_picture_is_cut_to_the_wall_around_its_middle() -> None:
    y, x = np.mgrid[0:256, 0:256]
    pixels = np.stack([x, y, np.zeros_like(x)], axis=2).astype(np.uint8)
    made = tracing.cropped(pixels, Wall(400, 200, 25))
    assert made.shape == (1024, 2048, 3)
    assert made[512, 1024, :2] == pytest.approx([127.5, 127.5], abs=1)
    assert made[5, 5, :2] == pytest.approx([0, 64], abs=2)
    page = tracing.overview(made, Wall(400, 200, 25), TOLD, PAPERS["a4"])
    at = tracing.frame(Wall(400, 200, 25), PAPERS["a4"])
    for cm in ((12.0, 190.0), (212.0, 110.0), (390.0, 12.0)):  # between the lines of the grid
        there = page.pixels[round(at.y(cm[1]) / INCH * DPI), round(at.x(cm[0]) / INCH * DPI)]
        np.testing.assert_allclose(there[:2], [cm[0] / 400 * 256, 64 + cm[1] / 200 * 128], atol=2.5)


def test_outlines_follow_a_disc_and_a_coast() -> None:
    y, x = np.mgrid[0:300, 0:400]
    pixels = np.full((300, 400, 3), (20, 60, 130), np.uint8)
    pixels[:, 250:] = (60, 90, 40)  # as light as the sea: a border of colour alone
    pixels[np.hypot(x + 0.5 - 120, y + 0.5 - 150) < 60] = (220, 200, 160)
    found = outlines(pixels, 400.0, 3)
    (disc,) = (line for line in found.lines if line.closed)
    radii = np.hypot(*(disc.way - (120, 150)).T)
    assert np.abs(radii - 60).max() < 1.5
    assert radii.std() < 0.5
    (coast,) = (line for line in found.lines if not line.closed)
    assert np.abs(coast.way[:, 0] - 250).max() < 1.5
    assert sorted(coast.way[[0, -1], 1]) == pytest.approx([0, 300], abs=1e-6)  # from edge to edge
    assert found.shares.sum() == pytest.approx(1)
    assert sorted(map(tuple, found.colours.tolist()))[0] == pytest.approx((20, 60, 130), abs=8)


def test_where_borders_run_together_there_is_one_line() -> None:
    """Three tones side by side, the first and the last meeting below: no border is there twice."""
    pixels = np.full((300, 400, 3), 20, np.uint8)
    pixels[:, 200:] = 230
    pixels[:100, 150:250] = 120
    found = outlines(pixels, 400.0, 3)
    below = [line for line in found.lines if (line.way[:, 1] > 150).any()]
    assert len(below) == 1
    drawn = np.zeros((300, 400), np.uint8)
    for line in found.lines:
        cv2.polylines(drawn, [np.round(line.way).astype(np.int32)], line.closed, 1)
    assert drawn[200].sum() <= 3
    assert drawn[50].sum() <= 6  # two of them here


def test_specks_are_left_out_and_a_flat_picture_has_no_lines() -> None:
    pixels = np.full((200, 200, 3), 40, np.uint8)
    assert outlines(pixels, 100.0, 5).lines == []
    pixels[50:54, 50:54] = 220
    assert outlines(pixels, 100.0, 2).lines == []


def test_a_tile_is_in_true_size() -> None:
    """25 cm on the wall are 25 cm on the page: the cut, the lines of the grid, and what is drawn in between."""
    ruled = Wall(100, 75, 25)
    plan = tiles.tiling(ruled, PAPERS["a3"])
    assert (plan.width, plan.height, plan.count) == (25, 25, 12)
    upright = Line(np.array([[30.0, 0.0], [30.0, 75.0]]), 0, False)
    pages = list(tiles.pages(Outlines([upright], NOTHING.colours, NOTHING.shares), ruled, TOLD, PAPERS["a3"]))
    assert len(pages) == 12
    second = pages[1].pixels  # B1: its left edge is at 25 cm
    left, top = (value / INCH * DPI for value in plan.corner)
    side = 250 / INCH * DPI
    assert side == pytest.approx(2952.76, abs=0.01)
    strip = second[round(top + 0.3 * side) : round(top + 0.7 * side)]
    (line,) = dark_columns(strip)
    assert (line / INCH * DPI - left) / DPI * INCH == pytest.approx(50.0, abs=0.15)  # 5 cm from the cell's edge
    dashes = [(strip[:, round(left + x)] < 128).any(axis=1).mean() for x in (0, side)]
    assert all(0.4 < share < 0.6 for share in dashes)  # the cell's two edges, dashed
    bottom = second[round(top + side)]
    assert (bottom[round(left) + 5 : round(left + side) - 5] < 128).all()  # the floor is the wall's own edge: whole
    bar = dark_columns(second[round(top + side + (tiles.BLEED + 4.6) / INCH * DPI) :][:3])
    assert bar.max() - bar.min() > 90  # the bar that tells the printer's scale is there


def test_lines_go_on_past_the_cut_and_no_further() -> None:
    ruled = Wall(100, 75, 25)
    level = Line(np.array([[0.0, 60.0], [100.0, 60.0]]), 0, False)
    page = list(tiles.pages(Outlines([level], NOTHING.colours, NOTHING.shares), ruled, TOLD, PAPERS["a3"]))[1]
    left, top = tiles.tiling(ruled, PAPERS["a3"]).corner
    row = page.pixels[round((top + 100) / INCH * DPI)]
    dark = np.flatnonzero((row < 128).all(axis=1)) / DPI * INCH
    assert dark.min() == pytest.approx(left - tiles.BLEED, abs=0.15)
    assert dark.max() == pytest.approx(left + 250 + tiles.BLEED, abs=0.15)


@pytest.mark.parametrize(
    ("cell", "name", "size"), [(25, "a4", (12.5, 25)), (5, "a4", (15, 25)), (10, "a3", (20, 30)), (60, "a4", (15, 20))]
)
def test_tiles_are_whole_cells_or_whole_parts_of_one(cell: float, name: str, size: tuple[float, float]) -> None:
    plan = tiles.tiling(Wall(120, 120, cell), PAPERS[name])
    assert sorted((plan.width, plan.height)) == pytest.approx(sorted(size))
    assert plan.across * plan.width >= 120 > (plan.across - 1) * plan.width
    assert plan.up * plan.height >= 120 > (plan.up - 1) * plan.height


def test_too_many_tiles_are_refused_with_what_would_do() -> None:
    with pytest.raises(InstallationError, match="are 384 pages, and 200 are the most") as refused:
        tiles.tiling(Wall(400, 300, 25), PAPERS["a4"])
    assert "--paper a3 (192 pages)" in refused.value.hint
    with pytest.raises(InstallationError) as refused:
        tiles.tiling(Wall(4000, 3000, 50), PAPERS["a4"])
    assert "--paper" not in refused.value.hint
