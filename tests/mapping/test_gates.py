from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from installation.types import Channel

Play = Callable[..., list[Any]]


def along(values: list[float | None]) -> Callable[[float], float | None]:
    """A signal that has one value a tick at 10 fps."""
    return lambda t: values[round(t * 10)]


def ten(play: Play, text: str, values: list[float | None], **more: Any) -> list[Any]:
    return play(text, fps=10, seconds=(len(values) - 1) / 10, x=along(values), **more)


def test_gate_opens_and_closes_at_one_threshold(play: Play) -> None:
    assert ten(play, "s.x | gate 0.3", [0, 0.3, 0.29, 0.5, -1]) == [0, 1, 0, 1, 0]


def test_gate_stays_open_between_two(play: Play) -> None:
    assert ten(play, "s.x | gate 0.3 0.2", [0.25, 0.3, 0.25, 0.2, 0.19, 0.25, 0.31]) == [0, 1, 1, 1, 0, 0, 1]


def test_gate_closes_when_the_signal_is_gone(play: Play) -> None:
    assert ten(play, "s.x | gate 0.3 0.2", [0.4, None, 0.25]) == [1, None, 0]


def test_hold_keeps_a_peak_for_its_time(play: Play) -> None:
    assert ten(play, "s.x | hold 0.3s", [0, 1, 0.5, 0, 0, 0.2]) == [0, 1, 1, 1, 0.5, 0.2]


def test_hold_follows_a_fall_late_and_evenly(play: Play) -> None:
    assert ten(play, "s.x | hold 0.2s", [9, 8, 7, 6, 5, 5, 5]) == [9, 9, 8, 7, 6, 5, 5]


def test_hold_starts_again_at_a_higher_peak(play: Play) -> None:
    assert ten(play, "s.x | hold 0.3s", [0, 1, 0, 2, 0, 0, 0]) == [0, 1, 1, 2, 2, 2, 0]


@pytest.mark.parametrize("fps", [30, 60, 75, 240])
def test_hold_of_a_trigger_lasts_as_long_at_every_rate(play: Play, fps: int) -> None:
    out = play(
        "s.x | hold 0.4s",
        fps=fps,
        channels={"x": Channel("x", "event")},
        x=lambda t: 1.0 if abs(t - 0.2) < 1e-9 else None,
    )
    assert sum(out) / fps == pytest.approx(0.4)


def test_hold_forgets_with_the_signal(play: Play) -> None:
    assert ten(play, "s.x | hold 1s", [1, None, 0.2, 0.1]) == [1, None, 0.2, 0.2]


def test_hold_is_the_highest_of_its_time(play: Play) -> None:
    draw = random.Random(6)
    values: list[float | None] = [draw.random() for _ in range(200)]
    out = ten(play, "s.x | hold 0.5s", values)
    assert out == [max(values[max(0, i - 4) : i + 1]) for i in range(200)]  # type: ignore[type-var]


def test_else_stands_in(play: Play) -> None:
    assert ten(play, "s.x | else 0.7", [0.1, None, 0.0]) == [0.1, 0.7, 0.0]


def test_else_can_be_another_signal_which_may_be_gone_too(play: Play) -> None:
    out = ten(play, "s.x | else s.y | else 9", [1, None, None], y=along([2, 2, None]))
    assert out == [1, 2, 9]


def test_else_fills_a_vector(play: Play) -> None:
    channels = {"x": Channel("x", "vector", size=3, stale_after=0.0)}
    out = play("s.x | else 0.5", seconds=0, channels=channels, x=lambda t: None)
    np.testing.assert_array_equal(out[0], [0.5, 0.5, 0.5])
