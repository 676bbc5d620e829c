from __future__ import annotations

import itertools

import numpy as np
import pytest

from installation.sources.painted import Painted
from installation.sources.painted_scene import LEFT_HAND, PLAY, RIGHT_HAND, Scene, place
from tests.sources.conftest import Hand, made


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene(320, 240)


def test_it_sends_pictures_of_the_size_asked_once_a_slot(clock: Hand) -> None:
    source = made(Painted, clock, size="200x112", fps=10.0)
    source.open()
    stamps = []
    for n in range(31):
        clock.t = n / 60
        if batch := source.poll():
            stamps.append(batch.at)
            frame = batch.values["frame"]
            assert frame.shape == (112, 200, 3)
            assert frame.dtype == np.uint8
            assert frame.flags.c_contiguous
    assert stamps == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5])


def test_a_time_gives_the_same_bits_whatever_was_before(scene: Scene) -> None:
    times = [0.0, 4.2, 11.1, 19.9]
    first = [scene.at(t) for t in times]
    another = Scene(320, 240)
    again = [another.at(t) for t in times[::-1]][::-1]
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_the_play_begins_again_without_a_seam(scene: Scene) -> None:
    assert np.array_equal(scene.at(3.0), scene.at(3.0 + PLAY))
    before, after = scene.at(PLAY - 0.02).astype(int), scene.at(PLAY + 0.02).astype(int)
    assert np.abs(before - after).mean() < 1


def test_it_looks_like_a_picture(scene: Scene) -> None:
    """Neither black nor white nor grey, with detail all over: what a network behind a camera needs."""
    for t in np.linspace(0, PLAY, 9):
        frame = scene.at(float(t)).astype(float)
        assert 60 < frame.mean() < 180
        assert frame.std() > 30
        assert np.abs(frame.max(2) - frame.min(2)).mean() > 15  # colour
        clipped = ((frame == 0) | (frame == 255)).all(2).mean()
        assert clipped < 0.02
        tiles = frame.reshape(6, 40, 8, 40, 3).std((1, 3)).mean(2)
        assert tiles.min() > 3


def test_it_moves_and_never_jumps() -> None:
    scene = Scene(160, 120)
    seen = [scene.at(n / 30).astype(int) for n in range(round(PLAY * 30))]
    steps = np.array([np.abs(a - b).mean() for a, b in itertools.pairwise(seen)])
    assert steps.max() < 6
    assert (steps > 0.05).mean() > 0.5


@pytest.mark.parametrize("moments", [LEFT_HAND, RIGHT_HAND])
def test_hands_have_no_steps_in_place_or_speed(moments: list[tuple[float, float, float, float]]) -> None:
    step = 1 / 120
    path = np.array([place(moments, n * step) for n in range(round(2 * PLAY / step))])
    speed = np.diff(path, axis=0) / step
    assert np.abs(speed[:, :2]).max() < 600  # pixels a second
    assert np.abs(np.diff(speed[:, :2], axis=0)).max() < 25
