"""A camera's greys brought near the training's."""

import numpy as np
import pytest

from installation.models.levels import MEMORY, STEEPEST, Levels

GREYS = list(range(20, 245, 14))  # 17 of them, evenly spread


def dim(seed: int = 0) -> np.ndarray:
    """A table in poor light: 30 to 100."""
    return np.random.default_rng(seed).integers(30, 101, (96, 128, 1), dtype=np.uint8)


def test_all_the_way_it_has_the_greys_of_the_training():
    made = Levels(GREYS).matched(dim(), 1.0, 0.0)
    assert made.shape == (96, 128, 1)
    assert made.dtype == np.uint8
    assert np.abs(np.quantile(made, np.linspace(0, 1, len(GREYS))) - GREYS).max() <= 10


def test_strength_is_how_far():
    frame = dim()
    assert np.array_equal(Levels(GREYS).matched(frame, 0.0, 0.0), frame)
    half, whole = (Levels(GREYS).matched(frame, strength, 0.0).mean() for strength in (0.5, 1.0))
    assert half == pytest.approx((frame.mean() + whole) / 2, abs=1)


def test_an_even_table_stays_even():
    frame = np.full((96, 128, 1), 130, np.uint8)
    frame[::2] = 132
    made = Levels(GREYS).matched(frame, 1.0, 0.0)
    assert int(made.max()) - int(made.min()) <= 2 * STEEPEST + 1


def test_levels_keep_their_order():
    levels = Levels(GREYS)
    levels.matched(dim(), 1.0, 0.0)
    assert (np.diff(levels.curve(1.0).astype(int)) >= 0).all()


@pytest.mark.parametrize("fps", [30, 240])
def test_light_is_followed_slowly_whatever_the_frame_rate(fps):
    levels = Levels(GREYS)
    levels.matched(dim(), 0.0, 0.0)
    bright = dim() + 100
    for _ in range(round(MEMORY * fps)):
        levels.matched(bright, 0.0, 1 / fps)
    middle = levels._seen[len(GREYS) // 2]
    assert middle == pytest.approx(65 + 100 * (1 - np.exp(-1)), abs=2)
