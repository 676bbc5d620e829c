from __future__ import annotations

import numpy as np
import pytest

from installation.checkpoints import card as cards
from installation.errors import InstallationError
from installation.latent import stored
from installation.latent.space import Direction
from installation.library import Library
from installation.models import contact, sheet
from tests import tiny_models


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    tiny_models.stylegan2(home, "plain")
    card = cards.load("plain", Library(home))
    ways = {f"sefa.{k}": Direction(np.eye(16, dtype=np.float32)[k]) for k in range(3)}
    stored.write_directions(card.folder / stored.DIRECTIONS, ways)
    return card


def silent(done: int, total: int) -> None:
    """Nobody looks."""


def cell(picture: np.ndarray, row: int, column: int, side: int = contact.LEAST) -> np.ndarray:
    x = contact.EDGE + contact.ROW_HEAD + column * (side + contact.GAP)
    y = contact.EDGE + contact.TITLE + contact.HEAD + row * (side + contact.GAP)
    return picture[y : y + side, x : x + side].astype(int)


def test_seeds_by_psi(card):
    seen: list[tuple[int, int]] = []
    made = sheet.seeds_by_psi(card, "0-2,7", "0,1", "torch", lambda *at: seen.append(at))
    assert (made.dtype, made.shape[2], seen[-1]) == (np.uint8, 3, (8, 8))
    for column in range(1, 4):
        np.testing.assert_array_equal(cell(made, 0, column), cell(made, 0, 0))  # psi 0 is the mean, for every seed
        assert np.abs(cell(made, 1, column) - cell(made, 1, 0)).mean() > 10


def test_directions_by_steps(card):
    made = sheet.directions_by_steps(card, "sefa.0-2", "3,4", 2.0, "torch", silent)
    middle = sheet.STEPS // 2
    for row in range(1, 3):  # in the middle every direction is at the seed itself
        np.testing.assert_array_equal(cell(made, row, middle), cell(made, 0, middle))
        assert np.abs(cell(made, row, 0) - cell(made, row, sheet.STEPS - 1)).mean() > 5


def test_a_sheet_is_no_wider_than_a_screen_and_shows_what_is_behind_an_alpha():
    cells = [[np.full((512, 512, 4), (200, 100, 50, 128), np.uint8)] * 9] * 2
    made = contact.drawn(cells, [str(i) for i in range(9)], ["a", "b"], "title")
    assert made.shape[1] <= contact.WIDE
    side = (made.shape[1] - 2 * contact.EDGE - contact.ROW_HEAD + contact.GAP) // 9 - contact.GAP
    assert np.abs(cell(made, 1, 8, side)[5, 5] - [107, 56, 31]).max() <= 1


@pytest.mark.parametrize("text", ["", "a", "1-", "-3", "1.5", "9999999999", "5-2"])
def test_seeds_that_are_none_are_refused(text):
    with pytest.raises(InstallationError, match="seeds cannot be"):
        sheet.whole_numbers(text, "seeds")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("0.4,1", [0.4, 1]), ("0:1:5", [0, 0.25, 0.5, 0.75, 1]), ("1:0.5:2", [1, 0.5]), ("0.3 : 0.9 : 1", [0.3])],
)
def test_psis_are_a_list_or_a_sweep(text, wanted):
    np.testing.assert_allclose(sheet.numbers(text, "psi"), wanted, atol=1e-9)


@pytest.mark.parametrize("text", ["", "a", "0.5;1", "3", "-1", "nan", "0:1", "0:1:0", "0:3:4", "0:1:x", "1.2.3:1:2"])
def test_psis_that_are_none_are_refused(text):
    with pytest.raises(InstallationError, match="psi cannot be"):
        sheet.numbers(text, "psi")


def test_too_many_pictures_and_unknown_directions_are_refused(card):
    with pytest.raises(InstallationError, match="pictures on a sheet"):
        sheet.seeds_by_psi(card, "0-4000000", "1", "torch", silent)
    with pytest.raises(InstallationError, match=r"'plain' has no direction 'sefa.3'"):
        sheet.directions_by_steps(card, "sefa.1-9", "0", 2.0, "torch", silent)
