from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from installation.mapping.expression import parse
from installation.signals.bus import Bus
from installation.types import Channel

Once = Callable[..., Any]
Play = Callable[..., list[Any]]


@pytest.mark.parametrize(
    "bad", [math.nan, math.inf, -math.inf, 1e31, 10**400, None, "0.5", [0.5], np.float32("nan"), 1j, np.array([1.0])]
)
def test_what_is_no_finite_number_is_nothing(once: Once, bad: Any) -> None:
    assert once("s.x", bad) is None
    assert once("s.x | smooth 0.4s | else 0.7", bad) == 0.7
    assert once("1 | mul s.x", bad) is None


@pytest.mark.parametrize("good", [0.5, np.float32(0.5), np.float64(0.5)])
def test_numbers_come_out_as_plain_floats(once: Once, good: Any) -> None:
    assert once("s.x", good) == 0.5
    assert type(once("s.x", good)) is float
    assert once("s.x", True) == once("s.x", np.int64(1)) == 1.0


def test_a_broken_sample_leaves_no_mark_in_a_filter(play: Play) -> None:
    def x(t: float) -> float:
        return math.nan if 0.4 < t < 0.45 else 0.25

    out = play("s.x | smooth 0.4s | one_euro | envelope 5ms 1s", x=x)
    assert {v for v in out if v is not None} == {0.25}
    assert out.count(None) == 2


@pytest.mark.parametrize("huge", [1e29, -1e29])
def test_a_result_past_all_bounds_is_nothing(once: Once, huge: float) -> None:
    assert once("s.x | mul s.x | mul s.x", huge) is None
    assert once("s.x | curve 8", huge) is None
    assert once("s.x | curve 8 | else 0.1 | smooth 1s", huge) == 0.1


@pytest.mark.parametrize(
    "bad",
    [np.zeros(2), np.zeros((3, 1)), [0, 1, math.nan], [0, 1, math.inf], "abc", ["a", "b", "c"], [[1], [2, 3]], 0.5],
)
def test_a_vector_of_another_size_or_with_holes_is_nothing(once: Once, bad: Any) -> None:
    channel = Channel("x", "vector", size=3)
    assert once("s.x", bad, channel) is None
    assert once("s.x[1]", bad, channel) is None


def test_a_component(once: Once) -> None:
    channel = Channel("x", "vector", size=3)
    assert once("s.x[1]", np.array([1, 2, 3], np.float32), channel) == 2.0
    assert type(once("s.x[1] | mul 2", [1, 2, 3], channel)) is float


def test_an_event_is_one_on_its_frame_and_zero_on_every_other(play: Play) -> None:
    channels = {"x": Channel("x", "event")}
    out = play("s.x", fps=10, seconds=1, channels=channels, x=lambda t: 0.2 if round(10 * t) in (3, 7) else None)
    assert out == [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]


def test_an_open_event_channel_stands_for_its_addresses(play: Play) -> None:
    bus = Bus()
    channel = Channel("*", "event")
    bus.declare("osc", channel)
    pipeline = parse("osc./kick").build({"osc.*": channel})
    out = []
    for frame in range(4):
        bus.post("osc", {"/kick": 1} if frame == 2 else {}, frame)
        out.append(pipeline(bus.sample(frame), 1.0))
    assert out == [0, 0, 1, 0]


def test_stale_is_nothing_until_it_is_fresh_again() -> None:
    bus = Bus()
    channel = Channel("x", stale_after=0.5)
    bus.declare("s", channel)
    pipeline = parse("s.x").build({"s.x": channel})
    bus.post("s", {"x": 0.3}, 0.0)
    assert [pipeline(bus.sample(t), 0.1) for t in (0.1, 0.5, 0.6)] == [0.3, 0.3, None]
    bus.post("s", {"x": 0.4}, 0.7)
    assert pipeline(bus.sample(0.7), 0.1) == 0.4


def test_every_build_has_its_own_memory() -> None:
    expression = parse("s.x | smooth 1s")
    bus = Bus()
    bus.declare("s", Channel("x"))
    first, second = expression.build({}), expression.build({})
    bus.post("s", {"x": 0.0}, 0.0)
    first(bus.sample(0.0), 0.0)
    bus.post("s", {"x": 1.0}, 0.1)
    assert first(bus.sample(0.1), 0.1) < 0.1
    assert second(bus.sample(0.1), 0.1) == 1.0
