from __future__ import annotations

import itertools
import math
from typing import Any

import pytest

from installation.sources import lfo
from installation.sources.lfo import Lfo
from tests.sources.conftest import Hand, made


def values(clock: Hand, times: list[float], **options: Any) -> list[float]:
    source = made(Lfo, clock, **options)
    source.open()
    found = []
    for clock.t in times:
        found.append(source.poll().values["value"])
    return found


def beats(clock: Hand, times: list[float], **options: Any) -> list[float]:
    source = made(Lfo, clock, **options)
    source.open()
    found = []
    for clock.t in times:
        if "beat" in source.poll().values:
            found.append(clock.t)
    return found


QUARTERS = [0.0, 0.25, 0.5, 0.75, 1.0]


@pytest.mark.parametrize(
    ("wave", "expected"),
    [
        ("sine", [0, 0.5, 1, 0.5, 0]),
        ("triangle", [0, 0.5, 1, 0.5, 0]),
        ("saw", [0, 0.25, 0.5, 0.75, 0]),
        ("square", [0, 0, 1, 1, 0]),
    ],
)
def test_shapes(clock: Hand, wave: str, expected: list[float]) -> None:
    assert values(clock, QUARTERS, wave=wave, rate=1) == pytest.approx(expected)


def test_rate_phase_and_range(clock: Hand) -> None:
    found = values(clock, [0.0, 0.25, 0.5], wave="saw", rate=2, phase=0.25, low=-10, high=10)
    assert found == pytest.approx([-5, 5, -5])
    assert values(clock, QUARTERS, wave="saw", rate=1, low=1, high=0) == pytest.approx([1, 0.75, 0.5, 0.25, 1])


def test_noise_is_smooth_seeded_and_uses_its_range(clock: Hand) -> None:
    times = [n / 100 for n in range(40_000)]
    one = values(clock, times, wave="noise", rate=1, seed=1)
    assert one == values(clock, times, wave="noise", rate=1, seed=1)
    other = values(clock, times, wave="noise", rate=1, seed=2)
    assert max(abs(a - b) for a, b in zip(one, other, strict=True)) > 0.5
    assert 0 <= min(one) < 0.02
    assert 0.98 < max(one) <= 1
    steps = [b - a for a, b in itertools.pairwise(one)]
    assert max(map(abs, steps)) < 1.9 / 100  # a quintic fade is nowhere steeper than 15/8 a cycle
    bends = [b - a for a, b in itertools.pairwise(steps)]
    assert max(map(abs, bends)) < 6 / 100**2  # nor does its speed jump where two cycles meet


def test_noise_is_the_same_on_every_machine() -> None:
    assert [round(lfo.noise(n, 1), 6) for n in (0.0, 0.5, 1.0, 1000.25)] == [0.161839, 0.361421, 0.561003, 0.593415]


def test_a_beat_comes_once_a_cycle(clock: Hand) -> None:
    assert beats(clock, [n / 10 for n in range(25)], rate=2) == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert beats(clock, [n / 10 for n in range(25)], rate=1, phase=0.5) == [0.5, 1.5]
    assert beats(clock, [0.05, 0.5, 1.05, 1.06], rate=1) == [1.05]  # joined in the middle of a cycle
    assert beats(clock, [0.0, 10.0], rate=1) == [0.0, 10.0]  # after a hang one, not ten


def test_at_rest_it_stands_still(clock: Hand) -> None:
    assert len(set(values(clock, QUARTERS, rate=0, phase=0.3))) == 1
    assert beats(clock, QUARTERS, rate=0, phase=0.3) == []


def test_it_is_a_function_of_the_time_alone(clock: Hand) -> None:
    forth = values(clock, QUARTERS, rate=0.3)
    assert values(clock, QUARTERS[::-1], rate=0.3)[::-1] == forth
    assert not math.isnan(sum(forth))


def test_its_channel_has_the_shows_range(clock: Hand) -> None:
    source = made(Lfo, clock, low=5, high=-5)
    value, beat = Lfo.channels(source.options, source.place.library)
    assert (value.low, value.high) == (-5, 5)
    assert beat.kind == "event"
