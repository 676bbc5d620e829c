"""Pictures as drawings: where the lines are, what leaves none, and what noise does to them."""

import cv2
import numpy as np
import pytest

from installation.models.lines import drawing, lines


def square(side: int = 256, ground: int = 60, level: int = 200) -> np.ndarray:
    picture = np.full((side, side, 3), ground, np.uint8)
    picture[side // 4 : side * 3 // 4, side // 4 : side * 3 // 4] = level
    return picture


def blobs(rng: np.random.Generator, size: tuple[int, int], wide: float, step: float) -> np.ndarray:
    """Two greys, ``step`` apart, in soft shapes about ``wide``."""
    field = cv2.GaussianBlur(rng.normal(0, 1, size).astype(np.float32), (0, 0), wide)
    picture = cv2.GaussianBlur(np.where(field > 0, 100 + step, 100).astype(np.float32), (0, 0), 1)
    return picture[..., None].repeat(3, 2).astype(np.uint8)


def test_a_square_is_drawn_as_its_outline_on_its_darker_side():
    made = lines(square())[..., 0]
    assert (made.shape, made.dtype) == ((256, 256), np.uint8)
    ink = made < 128
    rows = np.flatnonzero(ink[128])
    assert 4 <= len(rows) <= 16  # two strokes
    assert rows[rows < 128].max() <= 63  # outside, where it is dark
    assert rows[rows < 128].min() >= 54
    inside = ink[72:184, 72:184]
    assert not inside.any()
    outline = cv2.connectedComponents(ink.astype(np.uint8))[0] - 1
    assert outline == 1  # closed, in one piece
    assert cv2.connectedComponents((~ink).astype(np.uint8), connectivity=4)[0] - 1 == 2


def test_in_shadow_an_edge_is_still_an_edge_and_between_colours_too():
    shadow = (square() * 0.4).astype(np.uint8)
    assert (lines(shadow) < 128).sum() > 0.6 * (lines(square()) < 128).sum()
    two = np.full((256, 256, 3), (180, 60, 60), np.uint8)
    two[:, 128:] = (60, 110, 60)
    grey = cv2.cvtColor(two, cv2.COLOR_RGB2LAB)[128, [0, 255], 0].astype(int)
    assert abs(grey[0] - grey[1]) < 12
    assert (lines(two)[:, 118:138] < 128).any(1).mean() > 0.95


def test_what_has_no_edges_is_bare_paper():
    ramp = np.repeat(np.linspace(40, 220, 256, dtype=np.uint8)[None, :, None], 256, 0).repeat(3, 2)
    assert lines(np.full((64, 96, 3), 130, np.uint8)).min() == 255
    assert (lines(ramp) < 128).mean() == 0


def test_it_is_the_same_drawing_at_twice_the_size():
    small = lines(square(256))[..., 0]
    large = lines(square(512))[..., 0]
    down = cv2.resize(large, (256, 256), interpolation=cv2.INTER_AREA)
    assert np.abs(down.astype(int) - small).mean() < 4
    assert abs((large < 128).mean() / (small < 128).mean() - 1) < 0.25


def test_a_cameras_noise_does_not_move_the_pen():
    """A hundredth of what it does to Canny's edges."""
    rng = np.random.default_rng(1)
    scene = blobs(rng, (288, 512), 12, 110).astype(float)
    first, second = (np.clip(scene + rng.normal(0, 3, scene.shape), 0, 255).astype(np.uint8) for _ in range(2))
    ours = np.abs(lines(first).astype(int) - lines(second)) > 127
    canny = [cv2.Canny(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), 40, 100) for frame in (first, second)]
    assert (lines(first) < 128).mean() > 0.02
    assert ours.mean() < 0.01 * max((canny[0] != canny[1]).mean(), 1e-9)


def test_a_thicker_pen_and_a_lazier_one():
    picture = square()
    picture[100:156, 100:156] = 205  # hardly there
    usual, thick = lines(picture), lines(picture, 1.8)
    assert (thick < 128).sum() > 1.4 * (usual < 128).sum()
    pale = blobs(np.random.default_rng(2), (256, 256), 8, 22)
    assert (lines(pale, 1.0, 0.03) < 128).sum() < 0.5 * (lines(pale) < 128).sum()


@pytest.mark.parametrize("lamp", [1.0, 0.5])
def test_a_drawing_under_a_lamp_is_black_on_white_whatever_the_light(lamp):
    paper = np.full((256, 256), 235.0)
    cv2.circle(paper, (128, 128), 70, 40.0, 4)
    light = lamp * np.linspace(0.5, 1.0, 256)[None]
    made = drawing((paper * light)[..., None].repeat(3, 2).astype(np.uint8))[..., 0]
    ring = paper < 60
    assert made[ring].mean() < 40
    away = cv2.erode((paper > 230).astype(np.uint8), np.ones((5, 5))) > 0
    assert (made[away] > 245).mean() > 0.99
