"""Weights over stored batch statistics, in the official way and in the right way."""

import numpy as np
import pytest

from installation.latent.batch_statistics import statistics_weights


def held(truncation: float, n_stats: int, mode: str) -> dict[int, float]:
    weights = statistics_weights(truncation, n_stats, mode)
    assert weights.shape == (n_stats,)
    assert weights.dtype == np.float32
    assert weights.sum() == pytest.approx(1, abs=1e-7)
    return {int(index): pytest.approx(float(weights[index]), abs=1e-6) for index in np.flatnonzero(weights > 1e-6)}


@pytest.mark.parametrize(
    ("truncation", "n_stats", "compat", "correct"),
    [
        (1.0, 51, {50: 1}, {50: 1}),
        (0.0, 51, {0: 1}, {0: 1}),
        (0.5, 11, {5: 1}, {5: 1}),
        (0.43, 11, {4: 0.3, 5: 0.7}, {4: 0.7, 5: 0.3}),
        (0.0131, 11, {0: 0.131, 1: 0.869}, {0: 0.869, 1: 0.131}),
        # 0.7 / 0.1 is 6.999999999999999 in float64: officially the statistics of 0.6, not of 0.7.
        (0.7, 11, {6: 1}, {7: 1}),
        # 0.14 / 0.02 is 7.000000000000001: officially those of 0.16.
        (0.14, 51, {8: 1}, {7: 1}),
    ],
)
def test_the_two_that_lie_around_a_truncation(truncation, n_stats, compat, correct):
    assert held(truncation, n_stats, "compat") == compat
    assert held(truncation, n_stats, "correct") == correct


def test_correct_is_the_truncation_itself_and_moves_without_a_jump():
    stored = np.linspace(0, 1, 51)
    moving = np.linspace(0, 1, 1001)
    weights = np.array([statistics_weights(float(t), 51, "correct") for t in moving])
    assert np.abs(weights @ stored - moving).max() < 1e-6
    assert np.abs(np.diff(weights, axis=0)).max() < 0.06


def test_one_stored_statistic_is_all_there_is():
    assert statistics_weights(0.3, 1).tolist() == [1]


@pytest.mark.parametrize("truncation", [-0.1, 1.01, float("nan")])
def test_a_truncation_that_nothing_was_stored_for_is_refused(truncation):
    with pytest.raises(ValueError, match=r"wanted 0\.\.1"):
        statistics_weights(truncation, 51)
