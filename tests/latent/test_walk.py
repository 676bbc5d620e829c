from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from installation.errors import InstallationError

Maker = Callable[..., Callable[..., Any]]

SEEDS = (3.0, 14.0, 15.0)


def latent(seed: int, size: int) -> Any:
    return np.random.RandomState(seed).randn(size).astype(np.float32)


@pytest.mark.parametrize("size", [8, 120, 512])
def test_it_begins_at_the_first_seed_as_the_field_draws_it(player: Maker, size: int) -> None:
    z = player("walk", size, seeds=SEEDS)(0.0)
    assert z.dtype == np.float32
    np.testing.assert_allclose(z, latent(3, size), atol=1e-6)


@pytest.mark.parametrize(("k", "seed"), [(0, 3), (1, 14), (2, 15), (3, 3)])
def test_position_leads_to_each_seed_by_hand(player: Maker, k: int, seed: int) -> None:
    z = player("walk", 64, seeds=SEEDS)(0.0, speed=0.0, position=k / 3)
    np.testing.assert_allclose(z, latent(seed, 64), atol=1e-5)


@pytest.mark.parametrize("speed", [0.5, -0.5])
def test_after_one_loop_it_is_where_it_began(player: Maker, speed: float) -> None:
    walk = player("walk", 128, seeds=SEEDS)
    path = [walk(frame / 60, speed=speed) for frame in range(361)]
    np.testing.assert_allclose(path[-1], path[0], atol=1e-4)
    assert np.linalg.norm(path[180] - path[0]) > 5


def test_backwards_is_the_same_way_back(player: Maker) -> None:
    there, back = (player("walk", 64, seeds=SEEDS) for _ in range(2))
    forth = [there(frame / 60, speed=0.5) for frame in range(361)]
    astern = [back(frame / 60, speed=-0.5) for frame in range(361)]
    np.testing.assert_allclose(forth, astern[::-1], atol=1e-4)


def test_the_way_does_not_depend_on_the_frame_rate(player: Maker) -> None:
    slow, fast = (player("walk", 64, seeds=SEEDS) for _ in range(2))
    coarse = [slow(frame / 10, speed=0.3) for frame in range(100)]
    fine = [fast(frame / 240, speed=0.3) for frame in range(2377)][::24]
    np.testing.assert_allclose(coarse, fine, atol=1e-4)


def test_changing_the_speed_does_not_jump(player: Maker) -> None:
    walk = player("walk", 128, seeds=SEEDS)
    path = [walk(frame / 60, speed=2.0 * (frame // 30 % 2)) for frame in range(240)]
    assert (
        np.linalg.norm(np.diff(path, axis=0), axis=1).max() < 0.07 * 128**0.5
    )  # a thirtieth of a right angle a frame is 0.052


def test_a_leap_of_time_is_not_followed(player: Maker) -> None:
    walk, near = (player("walk", 64, seeds=SEEDS) for _ in range(2))
    walk(0.0, speed=0.1)
    near(0.0, speed=0.1)
    leapt = walk(3600.0, speed=0.1)
    np.testing.assert_allclose(leapt, near(1.0, speed=0.1), atol=1e-6)
    np.testing.assert_array_equal(walk(10.0, speed=0.1), leapt)  # a clock that went back


def test_the_same_times_give_the_same_bits(player: Maker) -> None:
    times = np.cumsum(np.random.RandomState(0).uniform(0, 0.1, 200))
    walks = [player("walk", 64, seeds=SEEDS) for _ in range(2)]
    np.testing.assert_array_equal(*[[walk(now, speed=0.4) for now in times] for walk in walks])


def test_a_season_later_it_still_walks_evenly(player: Maker) -> None:
    walk = player("walk", 64, seeds=SEEDS)
    season = 90 * 24 * 3600.0
    path = [walk(season + frame / 60, speed=0.5) for frame in range(361)]
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert steps.max() / steps.mean() < 1.2


def test_it_replaces_what_comes_in(player: Maker) -> None:
    walk = player("walk", 16, seeds=SEEDS)
    np.testing.assert_array_equal(walk(0.0, z=np.full(16, 9, np.float32)), walk(0.0))


def test_a_broken_seed_is_refused(player: Maker) -> None:
    with pytest.raises(InstallationError, match=r"at.seeds wants whole numbers, not 3.5"):
        player("walk", 16, seeds=(1.0, 3.5))


def test_in_w_it_passes_through_the_mapped_seeds(player: Maker, w_space: Any, mapped: Any) -> None:
    for k, seed in enumerate((3, 14, 15)):
        w = player("walk", w_space, seeds=SEEDS, space="w")(0.0, speed=0.0, position=k / 3)
        assert (w.shape, w.dtype) == ((8, 12), np.float32)
        np.testing.assert_allclose(w, np.repeat(mapped(latent(seed, 16)[None]), 8, axis=0), atol=1e-5)


def test_in_w_the_seeds_are_mapped_once_until_the_classes_move(player: Maker, w_space: Any, mapped: Any) -> None:
    walk = player("walk", w_space, seeds=SEEDS, space="w")
    before = [walk(frame / 60, speed=0.0) for frame in range(3)]
    assert mapped.calls == 1
    mapped.classes = 0.5
    np.testing.assert_allclose(walk(1.0, speed=0.0), before[0] + 0.5, atol=1e-5)
    assert mapped.calls == 2


def test_in_w_it_goes_evenly_and_comes_round(player: Maker, w_space: Any) -> None:
    walk = player("walk", w_space, seeds=SEEDS, space="w")
    path = [walk(frame / 60, speed=0.5)[0] for frame in range(361)]
    np.testing.assert_allclose(path[-1], path[0], atol=1e-4)
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert steps.max() / steps.mean() < 1.1
