from __future__ import annotations

import numpy as np
import pytest

from installation.latent.loop import Loop, Path, StraightLoop
from installation.latent.slerp import Array


def keypoints(count: int, size: int) -> Array:
    return np.stack([np.random.RandomState(seed).randn(size) for seed in range(count)])


def walked(loop: Path, steps: int) -> tuple[Array, Array]:
    """Latents at even progress once round, and their directions."""
    path = np.stack([loop.at(k / steps) for k in range(steps + 1)])
    return path, path / np.linalg.norm(path, axis=1, keepdims=True)


@pytest.mark.parametrize("size", [16, 128, 512])
@pytest.mark.parametrize("count", [3, 4, 9])
def test_speed_is_even_and_turns_no_corner(count: int, size: int) -> None:
    _, way = walked(Loop(keypoints(count, size)), 200 * count)
    steps = np.linalg.norm(np.diff(way, axis=0), axis=1)
    assert steps.max() / steps.mean() < 1.1
    assert steps.min() / steps.mean() > 0.75
    # The velocity turns by little from step to step, at the keypoints too; slerp from point to point turns by about
    # a right angle there (1.4 of a step), once a keypoint.
    turns = np.linalg.norm(np.diff(way, 2, axis=0), axis=1)
    assert turns.max() / steps.mean() < 0.08


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_it_passes_every_point_exactly_and_closes(count: int) -> None:
    points = keypoints(count, 64)
    loop = Loop(points)
    for knot in range(count):
        np.testing.assert_allclose(loop.at(loop.progress(knot)), points[knot], atol=1e-9)
    np.testing.assert_allclose(loop.at(1.0), loop.at(0.0), atol=1e-12)
    np.testing.assert_allclose(loop.at(1 - 1e-9), loop.at(0.0), atol=1e-5)
    np.testing.assert_allclose(loop.at(-0.25), loop.at(0.75), atol=1e-12)
    np.testing.assert_allclose(loop.at(17.5), loop.at(0.5), atol=1e-9)


@pytest.mark.parametrize("size", [16, 128, 512])
def test_norms_stay_between_those_of_the_points(size: int) -> None:
    points = keypoints(6, size)
    path, _ = walked(Loop(points), 600)
    norms, own = np.linalg.norm(path, axis=1), np.linalg.norm(points, axis=1)
    assert own.min() - 1e-9 <= norms.min() <= norms.max() <= own.max() + 1e-9


def test_two_points_are_there_and_back_with_a_soft_turn() -> None:
    _, way = walked(Loop(keypoints(2, 128)), 400)
    steps = np.linalg.norm(np.diff(way, axis=0), axis=1)
    np.testing.assert_allclose(way, way[::-1], atol=1e-6)
    assert steps.max() / steps.mean() < 1.1
    assert steps[:2].max() < 0.4 * steps.mean()  # slow where it turns


def test_one_point_is_a_place_to_stay() -> None:
    points = keypoints(1, 32)
    loop = Loop(points)
    np.testing.assert_allclose([loop.at(p) for p in (0.0, 0.3, 0.99)], np.repeat(points, 3, axis=0), atol=1e-12)


def test_a_point_twice_in_a_row_is_passed_without_harm() -> None:
    points = keypoints(3, 32)[[0, 1, 1, 2]]
    path, way = walked(Loop(points), 800)
    assert np.isfinite(path).all()
    assert np.linalg.norm(np.diff(way, axis=0), axis=1).max() < 0.02


def test_progress_is_in_the_order_of_the_points() -> None:
    loop = Loop(keypoints(5, 64))
    progress = [loop.progress(knot) for knot in np.linspace(0, 4.99, 50)]
    assert progress[0] == 0.0
    assert np.all(np.diff(progress) > 0)
    assert progress[-1] < 1


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_the_straight_loop_passes_every_point_exactly_and_closes(count: int) -> None:
    points = keypoints(count, 64)
    loop = StraightLoop(points)
    for knot in range(count):
        np.testing.assert_allclose(loop.at(loop.progress(knot)), points[knot], atol=1e-9)
    np.testing.assert_allclose(loop.at(1 - 1e-9), loop.at(0.0), atol=1e-5)


def test_the_straight_loop_is_the_catmull_rom_spline() -> None:
    p = keypoints(5, 16)
    loop = StraightLoop(p)
    for t in (0.25, 0.5, 0.8):
        basis = np.array([-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3]) / 2
        np.testing.assert_allclose(loop.at(loop.progress(1 + t)), basis @ p[0:4], atol=2e-3)


@pytest.mark.parametrize("count", [3, 9])
def test_the_straight_loop_goes_evenly(count: int) -> None:
    path, _ = walked(StraightLoop(keypoints(count, 128)), 200 * count)
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert steps.max() / steps.mean() < 1.15
    assert steps.min() / steps.mean() > 0.7
