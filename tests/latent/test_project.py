from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Maker = Callable[..., Callable[..., Any]]

Z = np.random.RandomState(1).randn(128).astype(np.float32)
V = np.array([0.5, -0.5, 0.5, 0.5], np.float32)  # of length 1


def turned(a: np.ndarray, b: np.ndarray) -> float:
    return math.degrees(math.acos(float(a @ b) / float(np.linalg.norm(a) * np.linalg.norm(b))))


def test_it_turns_the_latent_and_keeps_its_norm(player: Maker) -> None:
    out = player("project", 128, vector="s.v")(0.0, z=Z, v=V, gain=1.0)
    assert out.dtype == np.float32
    assert np.linalg.norm(out) == pytest.approx(np.linalg.norm(Z), rel=1e-5)
    assert turned(out, Z) == pytest.approx(45, abs=5)


def test_more_gain_turns_further(player: Maker) -> None:
    angles = [turned(player("project", 128, vector="s.v")(0.0, z=Z, v=V, gain=g), Z) for g in (0.1, 0.5, 1.0, 2.0)]
    assert angles == sorted(angles)
    assert angles[-1] < 90


def test_no_gain_or_no_signal_changes_nothing(player: Maker) -> None:
    project = player("project", 128, vector="s.v")
    np.testing.assert_allclose(project(0.0, z=Z, gain=1.0), Z, rtol=1e-6)
    np.testing.assert_allclose(project(0.0, z=Z, v=V, gain=0.0), Z, rtol=1e-6)


def test_each_component_pushes_its_own_way(player: Maker) -> None:
    project = player("project", 128, vector="s.v")
    pushes = [project(float(i), v=np.eye(4)[i], gain=1.0) for i in range(4)]
    np.testing.assert_allclose(np.inner(pushes, pushes), 128 * np.eye(4), atol=1e-3)


def test_the_seed_chooses_the_ways(player: Maker) -> None:
    same, again, other = (player("project", 128, vector="s.v", seed=s)(0.0, z=Z, v=V, gain=1.0) for s in (1, 1, 2))
    np.testing.assert_array_equal(same, again)
    assert turned(same, other) > 20


def test_a_stale_signal_holds_its_last_push(player: Maker) -> None:
    project = player("project", 128, vector="s.v")
    pushed = project(0.0, z=Z, v=V, gain=1.0)
    np.testing.assert_array_equal(project(100.0, z=Z, gain=1.0), pushed)


@pytest.mark.parametrize("bad", [[np.nan, 0, 0, 0], [np.inf, 0, 0, 0], [1e30, 0, 0, 0], [], "left", [[1], [2, 3]]])
def test_a_broken_sample_is_passed_over(player: Maker, bad: Any) -> None:
    project = player("project", 128, vector="s.v")
    pushed = project(0.0, z=Z, v=V, gain=1.0)
    np.testing.assert_array_equal(project(0.1, z=Z, v=bad, gain=1.0), pushed)


def test_without_a_walk_the_push_is_the_latent(player: Maker) -> None:
    out = player("project", 128, vector="s.v")(0.0, v=V, gain=0.5)
    assert np.linalg.norm(out) == pytest.approx(0.5 * 128**0.5, rel=1e-5)
