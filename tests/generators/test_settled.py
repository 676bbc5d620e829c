"""A picture that follows another slowly."""

import numpy as np
import pytest

from installation.generators.settled import Settled

BLACK, WHITE = np.zeros((4, 6, 1), np.uint8), np.full((4, 6, 1), 200, np.uint8)


@pytest.mark.parametrize("fps", [30, 240])
def test_two_thirds_are_done_in_its_time(fps):
    settled = Settled()
    assert np.array_equal(settled.after(BLACK, 0.5, 0.0), BLACK)
    for _ in range(fps // 2):
        made = settled.after(WHITE, 0.5, 1 / fps)
    assert made.dtype == np.uint8
    assert abs(int(made[0, 0, 0]) - 200 * (1 - np.exp(-1))) <= 1
    for _ in range(5 * fps):
        made = settled.after(WHITE, 0.5, 1 / fps)
    assert np.array_equal(made, WHITE)


def test_noise_fades():
    chance, settled = np.random.default_rng(1), Settled()
    frames = [np.clip(128 + 10 * chance.standard_normal((32, 32, 1)), 0, 255).astype(np.uint8) for _ in range(90)]
    made = [settled.after(frame, 0.3, 1 / 30).astype(float) for frame in frames]
    assert np.std(made[30:], axis=0).mean() < 0.35 * np.std(frames[30:], axis=0).mean()


def test_without_it_a_frame_is_itself():
    settled = Settled()
    settled.after(BLACK, 1.0, 0.0)
    assert settled.after(WHITE, 0.0, 0.01) is WHITE
    assert np.array_equal(settled.after(WHITE, 1.0, 0.01), WHITE)  # and it does not remember
