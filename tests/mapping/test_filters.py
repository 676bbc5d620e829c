"""The ops with a memory. ``hand`` moves like one: up to about 1 Hz, within 0..1."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from installation.mapping.filters import LowPass
from installation.types import Channel

Play = Callable[..., list[Any]]


def hand(t: float) -> float:
    return 0.5 + 0.3 * math.sin(2 * math.pi * 0.4 * t) + 0.15 * math.sin(2 * math.pi * 1.0 * t + 1)


def step(t: float) -> float:
    return 0.0 if t < 0.5 else 1.0


def trigger(t: float) -> float | None:
    """One event at half a second."""
    return 1.0 if math.isclose(t, 0.5) else None


EVENT = {"x": Channel("x", "event")}


@pytest.mark.parametrize(
    ("op", "tolerance"),
    [
        ("smooth 0.4s", 2e-3),
        ("smooth 20ms", 5e-3),
        ("one_euro", 1e-2),
        ("one_euro 0.2 10", 1e-2),
        ("delta", 5e-2),  # of a signal that changes by up to 1.7 a second
        ("delta 0.2s", 2e-2),
        ("predict 80ms", 4e-3),
        ("envelope 50ms 250ms", 3e-2),
        ("hold 0.3s", 6e-2),  # a peak is given up on a frame: one slow frame of this movement
        ("gate 0.6 0.4", 0.0),
        ("smooth 0.1s | predict 100ms | one_euro | scale 0..1 -> 0.4..1", 5e-3),
    ],
)
def test_the_same_at_30_and_at_240_frames_a_second(play: Play, op: str, tolerance: float) -> None:
    slow = play(f"s.x | {op}", fps=30, seconds=4, x=hand)
    fast = play(f"s.x | {op}", fps=240, seconds=4, x=hand)[::8]
    assert len(slow) == len(fast) == 121
    # A threshold or a peak is passed between two frames, so a few slow frames see it one frame later.
    off = np.abs(np.subtract(slow, fast))
    late = 4 if op.startswith("gate") else 0
    assert np.sort(off)[: len(off) - late].max() <= tolerance
    assert np.ptp(fast) > 0.1  # the comparison is of something that moves


@pytest.mark.parametrize(("op", "tolerance"), [("envelope 5ms 250ms", 0.06), ("hold 0.2s | smooth 0.3s", 0.06)])
def test_a_trigger_is_as_strong_at_30_and_at_240(play: Play, op: str, tolerance: float) -> None:
    slow = play(f"s.x | {op}", fps=30, seconds=2, channels=EVENT, x=trigger)
    fast = play(f"s.x | {op}", fps=240, seconds=2, channels=EVENT, x=trigger)
    settled = [i for i in range(61) if not 15 <= i <= 16]  # the frame of the trigger itself
    np.testing.assert_allclose(np.take(slow, settled), np.take(fast[::8], settled), atol=tolerance)
    assert max(slow) == pytest.approx(max(fast), abs=tolerance)
    assert max(slow) > 0.4


@pytest.mark.parametrize("op", ["smooth 1s", "one_euro", "predict 80ms", "envelope 5ms 1s", "delta"])
def test_they_start_at_the_first_value(play: Play, op: str) -> None:
    first = play(f"s.x | {op}", x=lambda t: 0.8)[0]
    assert first == (0.0 if op == "delta" else 0.8)


@pytest.mark.parametrize("op", ["smooth 1s", "one_euro", "predict 80ms", "envelope 5ms 1s", "delta"])
def test_none_makes_them_forget(play: Play, op: str) -> None:
    def away(t: float) -> float | None:
        return 0.1 if t < 0.3 else None if t < 0.6 else 0.9

    out = play(f"s.x | {op}", x=away)
    assert out[20:35] == [None] * 15
    assert out[36:] == pytest.approx([0.0 if op == "delta" else 0.9] * 25)


def test_none_after_else_is_a_value_to_filter(play: Play) -> None:
    out = play("s.x | else 0 | smooth 0.2s", x=lambda t: 1.0 if t < 0.5 else None)
    assert out[29] == 1.0
    assert 0.5 < out[36] < 0.7
    assert 0 < out[60] < 0.1


def test_smooth_has_gone_63_percent_after_its_time(play: Play) -> None:
    out = play("s.x | smooth 0.4s", fps=100, seconds=1, x=step)
    assert out[49] == 0.0
    assert out[90] == pytest.approx(1 - math.exp(-1), abs=0.01)


def test_smooth_is_exact_on_a_ramp(play: Play) -> None:
    # A first-order low-pass lags a ramp by its time constant: t - tau + tau * exp(-t / tau).
    for fps in (7, 60, 1000):
        out = play("s.x | smooth 0.3s", fps=fps, seconds=1, x=lambda t: t)
        t = np.arange(len(out)) / fps
        np.testing.assert_allclose(out, t - 0.3 + 0.3 * np.exp(-t / 0.3), atol=1e-12)


def test_a_low_pass_stays_between_what_came_in_whatever_the_time_step() -> None:
    draw = random.Random(3)
    for _ in range(200):
        low_pass, seen = LowPass(), []
        for _ in range(30):
            seen.append(draw.uniform(-1, 1))
            out = low_pass(seen[-1], draw.choice([0.0, 1e-9, 0.01, 0.5, 1e6]), draw.choice([0.0, 1e-300, 0.1, 100.0]))
            assert min(seen) - 1e-12 <= out <= max(seen) + 1e-12


def test_one_euro_is_still_at_rest_and_quick_in_movement(play: Play) -> None:
    noise = random.Random(4)
    jitter = [0.5 + noise.gauss(0, 0.01) for _ in range(400)]
    rest = play("s.x | one_euro", fps=60, seconds=4, x=lambda t: jitter[round(t * 60)])
    assert np.std(rest[60:]) < 0.4 * np.std(jitter[60:241])

    def sweep(t: float) -> float:
        return min(max(2 * (t - 0.5), 0), 1)

    fast = play("s.x | one_euro", x=sweep)
    plain = play("s.x | one_euro 1 0", x=sweep)
    moving = slice(40, 60)
    truth = [sweep(f / 60) for f in range(40, 60)]
    assert np.abs(np.subtract(fast[moving], truth)).max() < 0.5 * np.abs(np.subtract(plain[moving], truth)).max()


def test_delta_is_the_change_a_second(play: Play) -> None:
    out = play("s.x | delta", seconds=1, x=lambda t: 3 * t)
    assert out[0] == 0.0
    assert out[-1] == pytest.approx(3.0, abs=1e-6)


@pytest.mark.parametrize(("hertz", "left"), [(0.3, 0.3), (0.5, 0.4), (1.0, 0.7)])
def test_predict_makes_up_for_a_delay(play: Play, hertz: float, left: float) -> None:
    def truth(t: float) -> float:
        return math.sin(2 * math.pi * hertz * t)

    late = 0.08
    out = play(f"s.x | predict {late}s", seconds=6, x=lambda t: truth(t - late))
    now = np.array([truth(f / 60) for f in range(361)])
    delayed = np.array([truth(f / 60 - late) for f in range(361)])
    error, without = (np.sqrt(np.mean((signal[60:] - now[60:]) ** 2)) for signal in (np.array(out), delayed))
    assert error < left * without


def test_predict_never_runs_further_ahead_than_the_signal_has_moved(play: Play) -> None:
    out = play("s.x | predict 80ms", seconds=2, x=step)
    assert 1.0 < max(out) <= 2.0
    assert out[-1] == pytest.approx(1.0, abs=1e-6)
    draw = random.Random(5)
    walk = [draw.uniform(0, 1) for _ in range(121)]
    wild = play("s.x | predict 0.5s", seconds=2, x=lambda t: walk[round(t * 60)])
    assert -1.0 <= min(wild) <= max(wild) <= 2.0


def test_predict_leaves_a_still_signal_alone(play: Play) -> None:
    assert set(play("s.x | predict 80ms", x=lambda t: 0.3)) == {0.3}


def test_envelope_leaps_and_sinks(play: Play) -> None:
    out = play("s.x | envelope 5ms 250ms", fps=100, seconds=2, x=lambda t: 1.0 if 0.5 <= t < 0.6 else 0.0)
    assert out[49] == 0.0
    assert out[52] > 0.99
    top = out[59]
    assert out[84] == pytest.approx(top * math.exp(-1), abs=0.02)
    assert all(np.diff(out[60:]) <= 0)


def test_envelope_finishes_the_rise_a_trigger_began(play: Play) -> None:
    out = play("s.x | envelope 50ms 1s", fps=240, seconds=1, channels=EVENT, x=trigger)
    assert max(out) > 0.95
    assert out.index(max(out)) / 240 - 0.5 == pytest.approx(0.15, abs=0.01)  # three time constants


def test_envelope_of_no_time_is_the_signal(play: Play) -> None:
    assert play("s.x | envelope 0s 0s", x=hand) == [hand(f / 60) for f in range(61)]


def test_a_vector_is_filtered_component_by_component(play: Play) -> None:
    channels = {"x": Channel("x", "vector", size=2, stale_after=0.0)}
    both = play("s.x | smooth 0.2s | delta", channels=channels, x=lambda t: [hand(t), step(t)])
    for component, f in enumerate((hand, step)):
        alone = play("s.x | smooth 0.2s | delta", x=f)
        assert [v[component] for v in both] == alone
