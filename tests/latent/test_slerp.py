from __future__ import annotations

import numpy as np
import pytest

from installation.latent.slerp import Array, angle, exp_map, log_map, slerp


def directions(count: int, size: int, seed: int = 0) -> Array:
    points = np.random.RandomState(seed).randn(count, size)
    return points / np.linalg.norm(points, axis=1, keepdims=True)


@pytest.fixture(params=[2, 3, 128, 512])
def pair(request: pytest.FixtureRequest) -> tuple[Array, Array]:
    a, b = directions(2, request.param)
    return a, b


def test_it_begins_and_ends_at_its_ends(pair: tuple[Array, Array]) -> None:
    a, b = pair
    np.testing.assert_allclose(slerp(a, b, 0.0), a, atol=1e-12)
    np.testing.assert_allclose(slerp(a, b, 1.0), b, atol=1e-12)


def test_it_stays_on_the_sphere_at_even_speed(pair: tuple[Array, Array]) -> None:
    a, b = pair
    arc = slerp(a, b, np.linspace(0, 1, 33)[:, None])
    np.testing.assert_allclose(np.linalg.norm(arc, axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(angle(arc[:-1], arc[1:])[:, 0], float(angle(a, b)[0]) / 32, atol=1e-7)


def test_backwards_is_the_same_way(pair: tuple[Array, Array]) -> None:
    a, b = pair
    np.testing.assert_allclose(slerp(a, b, 0.3), slerp(b, a, 0.7), atol=1e-12)


def test_half_way_is_the_normalised_mean(pair: tuple[Array, Array]) -> None:
    a, b = pair
    np.testing.assert_allclose(slerp(a, b, 0.5), (a + b) / np.linalg.norm(a + b), atol=1e-9)


def test_a_part_of_a_part(pair: tuple[Array, Array]) -> None:
    a, b = pair
    np.testing.assert_allclose(slerp(a, slerp(a, b, 0.6), 0.5), slerp(a, b, 0.3), atol=1e-9)


def test_a_right_angle_is_cosine_and_sine() -> None:
    a, b = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    np.testing.assert_allclose(slerp(a, b, 1 / 3), [np.cos(np.pi / 6), np.sin(np.pi / 6)], atol=1e-12)


def test_from_a_point_to_itself() -> None:
    (a,) = directions(1, 64)
    np.testing.assert_allclose(slerp(a, a, 0.4), a, atol=1e-12)
    np.testing.assert_array_equal(log_map(a, a), np.zeros(64))
    np.testing.assert_allclose(exp_map(a, np.zeros(64)), a)


def test_angle_keeps_its_digits_when_small() -> None:
    a, b = np.array([1.0, 0.0]), np.array([np.cos(1e-9), np.sin(1e-9)])
    assert angle(a, b)[0] == pytest.approx(1e-9, rel=1e-6)


def test_log_and_exp_undo_each_other(pair: tuple[Array, Array]) -> None:
    a, b = pair
    tangent = log_map(a, b)
    assert float(tangent @ a) == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(np.linalg.norm(tangent), angle(a, b)[0])
    np.testing.assert_allclose(exp_map(a, tangent), b, atol=1e-12)
    np.testing.assert_allclose(exp_map(a, 0.25 * tangent), slerp(a, b, 0.25), atol=1e-12)
