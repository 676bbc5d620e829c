"""The test card: geometry that can be measured, and motion that a freeze would stop."""

import numpy as np
import pytest

from installation.generators.base import Place
from installation.generators.test_card import ACCENT, STEPS, TestCard
from tests.fakes import FakeSignals

PARAMS = {"generator.period": 4.0, "generator.level": 1.0}


def make(library, size=(640, 360), screen=1) -> TestCard:
    card = TestCard({"size": size, "screen": screen}, {}, Place(library))
    card.prepare()
    return card


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (400, 600), (64, 64), (16, 8)])
def test_any_size_is_whole_and_reaches_its_corners(library, size):
    image = make(library, size).render(PARAMS, FakeSignals(0.0))
    assert image.pixels.shape == (size[1], size[0], 4)
    assert (image.pixels[..., 3] == 255).all()
    for corner in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
        assert tuple(image.pixels[corner][:3]) == ACCENT


def test_all_grey_steps_can_be_told_apart(library):
    pixels = make(library).render(PARAMS, FakeSignals(0.0)).pixels
    row = pixels[round(7.2 * 40), :, :3]
    greys = {int(r) for r, g, b in row if r == g == b}
    assert set(STEPS) <= greys


def test_it_moves_with_time_and_counts_pictures(library):
    card = make(library)
    first, second, third = (card.render(PARAMS, FakeSignals(now)) for now in (0.0, 0.0, 1.0))
    assert [image.seq for image in (first, second, third)] == [1, 2, 3]
    changed = (first.pixels != second.pixels).any(2)
    assert 0 < changed.sum() < 2000  # the number alone
    assert (second.pixels != third.pixels).any(2).sum() > changed.sum()


def test_a_turn_later_the_hand_is_where_it_was(library):
    card = make(library)
    hands = [card.render(PARAMS, FakeSignals(now)).pixels[:150] for now in (0.0, 2.0, 4.0)]
    assert (hands[0] != hands[1]).any()
    np.testing.assert_array_equal(hands[0], hands[2])


def test_screens_differ_and_level_dims(library):
    one, two = (make(library, screen=screen).render(PARAMS, FakeSignals(0.0)).pixels for screen in (1, 2))
    assert (one != two).any()
    dim = make(library).render({**PARAMS, "generator.level": 0.5}, FakeSignals(0.0)).pixels
    assert dim.max() == 255  # opaque
    assert dim[..., :3].max() == one[..., :3].max() // 2
