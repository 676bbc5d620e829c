from __future__ import annotations

import logging
import math
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from installation.mapping.expression import ExpressionError, parse
from installation.mapping.mapping import Mapping, fit
from installation.params import Param, ParamTree
from installation.signals.bus import Bus
from installation.types import Channel, Tick

CHANNELS = {
    "s.x": Channel("x"),
    "s.y": Channel("y"),
    "s.kick": Channel("kick", "event"),
    "s.v2": Channel("v2", "vector", size=2),
    "s.v4": Channel("v4", "vector", size=4),
}
TREE = ParamTree(
    [
        Param("glow", "float", 0.5, 0.0, 1.0, live=True),
        Param("count", "int", 3, 0, 10, live=True),
        Param("time", "seconds", 1.0, 0.0, 10.0, live=True),
        Param("on", "bool", False, live=True),
        Param("centre", "point", (0.5, 0.5), 0.0, 1.0, live=True),
        Param("tint", "color", (1.0, 0.5, 0.0, 1.0), 0.0, 1.0, live=True),
        Param("knots", "numbers", (1.0, 2.0), 0.0, 100.0, live=True),
        Param("style", "choice", "ink", choices=("ink", "oil"), live=True),
    ]
)
BASE = TREE.defaults()


class Desk:
    """A mapping with a bus to post to: ``desk(x=0.5)`` is one tick."""

    def __init__(self, fps: float = 60, **mappings: str) -> None:
        self.bus = Bus()
        for name, channel in CHANNELS.items():
            self.bus.declare("s", channel)
            assert name == f"s.{channel.name}"
        self.mapping = Mapping({target: parse(text) for target, text in mappings.items()}, TREE, CHANNELS)
        self.ticks = self._ticks(fps)

    @staticmethod
    def _ticks(fps: float) -> Iterator[Tick]:
        frame = 0
        while True:
            yield Tick(frame, frame / fps, 1 / fps if frame else 0.0)
            frame += 1

    def __call__(self, base: dict[str, Any] = BASE, **values: Any) -> dict[str, Any]:
        tick = next(self.ticks)
        self.bus.post("s", values, tick.now)
        return self.mapping(self.bus.sample(tick.now), base, tick)


def test_every_value_is_there_every_frame() -> None:
    assert Desk()() == BASE
    assert Desk(glow="s.x")(x=0.25) == BASE | {"glow": 0.25}


def test_the_base_is_not_written_to() -> None:
    base = dict(BASE)
    Desk(glow="s.x")(base, x=0.25)
    assert base == BASE


@pytest.mark.parametrize(
    ("target", "text", "signal", "expected"),
    [
        ("glow", "s.x", 0.25, 0.25),
        ("glow", "s.x", 7, 1.0),
        ("glow", "s.x", -7, 0.0),
        ("glow", "base + s.x", 0.25, 0.75),
        ("glow", "base + s.x | mul -1", 0.25, 0.25),
        ("glow", "base * s.x", 0.5, 0.25),
        ("glow", "base + s.x", 9, 1.0),
        ("glow", "base * 0.5", 0, 0.25),
        ("count", "s.x | scale 0..1 -> 0..10", 0.46, 5),
        ("count", "base + s.x", 1.6, 5),
        ("time", "s.x | mul 4", 0.5, 2.0),
        ("on", "s.x | gate 0.5", 0.6, True),
        ("on", "s.x | gate 0.5", 0.4, False),
    ],
)
def test_replacing_and_modulating(target: str, text: str, signal: float, expected: Any) -> None:
    out = Desk(**{target: text})(x=signal)[target]
    assert out == pytest.approx(expected)
    assert type(out) is type(expected)


def test_vectors_onto_points_colours_and_lists() -> None:
    desk = Desk(centre="s.v2", tint="base * s.v4", knots="base + s.v2")
    out = desk(v2=np.array([0.25, 3], np.float32), v4=[0.5, 0.5, 0.5, 1])
    assert out["centre"] == (0.25, 1.0)
    assert out["tint"] == (0.5, 0.25, 0.0, 1.0)
    assert out["knots"] == (1.25, 5.0)
    assert all(type(v) is float for key in ("centre", "tint", "knots") for v in out[key])


def test_one_number_modulates_every_component() -> None:
    assert Desk(tint="base * s.x")(x=0.5)["tint"] == (0.5, 0.25, 0.0, 0.5)


def test_a_signal_with_nothing_to_say_leaves_the_base() -> None:
    desk = Desk(glow="s.x | smooth 1s", count="base + s.y", centre="s.v2")
    assert desk() == BASE
    moved = BASE | {"glow": 0.9, "count": 7}
    assert desk(moved) == moved


def test_else_speaks_for_it() -> None:
    desk = Desk(glow="s.x | else 0.1", count="base + s.y | else 2")
    assert desk() == BASE | {"glow": 0.1, "count": 5}


def test_a_stale_signal_lets_the_parameter_go_back() -> None:
    desk = Desk(fps=2, glow="s.x")
    assert [desk(x=0.9)["glow"], desk()["glow"], desk()["glow"], desk()["glow"]] == [0.9, 0.9, 0.9, 0.5]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e300, "loud", None, [1.0]])
@pytest.mark.parametrize("text", ["s.x", "base + s.x", "base * s.x | smooth 1s", "0.3 | add s.x", "s.x | delta"])
def test_nothing_broken_reaches_a_parameter(text: str, bad: Any) -> None:
    desk = Desk(glow=text, centre="s.v2")
    for value in (bad, 0.25, bad):
        out = desk(x=value, v2=[value, 0.5])
        assert 0.0 <= out["glow"] <= 1.0
        assert all(0.0 <= v <= 1.0 for v in out["centre"])
    assert desk(x=bad)["glow"] == 0.5


def test_a_trigger_moves_a_parameter() -> None:
    desk = Desk(glow="s.kick | envelope 0s 250ms")
    assert [desk()["glow"], desk(kick=1)["glow"]] == [0.0, 1.0]
    assert desk()["glow"] == pytest.approx(math.exp(-(1 / 60) / 0.25))


def test_the_same_input_gives_the_same_bits() -> None:
    mappings = {
        "glow": "s.x | one_euro | predict 80ms | curve smooth",
        "time": "base + s.y | envelope 5ms 250ms | delta | mul s.x",
        "centre": "s.v2 | smooth 0.2s | project 2 3 | clamp",
        "count": "s.kick | hold 0.3s | smooth 0.1s | mul 10",
    }

    def run() -> list[dict[str, Any]]:
        desk, draw = Desk(**mappings), random.Random(8)
        out = []
        for _ in range(300):
            values = {"x": draw.random(), "y": draw.random(), "v2": [draw.random(), draw.random()]}
            out.append(desk(**values, **({"kick": 1} if draw.random() < 0.05 else {})))
        return out

    assert run() == run()


def test_a_clock_that_steps_back_does_no_harm() -> None:
    mapping = Mapping({"glow": parse("s.x | envelope 1s 1s | smooth 1s")}, TREE, CHANNELS)
    bus = Bus()
    bus.declare("s", CHANNELS["s.x"])
    for frame, (x, dt) in enumerate([(0.5, 0.0), (1.0, -50.0), (0.0, -1e9), (0.7, 1e12)]):
        bus.post("s", {"x": x}, frame)
        assert 0.0 <= mapping(bus.sample(frame), BASE, Tick(frame, frame, dt))["glow"] <= 1.0


def test_inputs_are_all_addresses_once() -> None:
    desk = Desk(glow="s.x | mul s.y", count="s.y | else s.x", centre="s.v2", on="0.7")
    assert desk.mapping.inputs == ("s.v2", "s.x", "s.y")


@pytest.mark.parametrize(
    ("target", "text", "message"),
    [
        ("glow", "s.v2", "this gives a vector of 2, and 'glow' is one number"),
        ("centre", "s.x", "this gives one number, and 'centre' is a point"),
        ("centre", "s.v4", "this gives a vector of 4, and 'centre' wants 2"),
        ("tint", "s.v2", "this gives a vector of 2, and 'tint' wants 4"),
        ("tint", "base + s.v2", "this gives a vector of 2, and 'tint' wants 4"),
        ("knots", "base + s.v4", "this gives a vector of 4, and 'knots' wants 2"),
        ("style", "s.x", "'style' is a choice: no signal can steer it"),
        ("on", "base + s.x", "'on' is a switch: nothing can be added to it"),
    ],
)
def test_what_cannot_be_the_parameters_value_is_refused(target: str, text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        fit(parse(text), TREE[target], CHANNELS)
    assert str(caught.value) == message
    with pytest.raises(ExpressionError):
        Mapping({target: parse(text)}, TREE, CHANNELS)


def test_an_op_that_breaks_costs_its_mapping_only(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(glow="s.x | smooth 1s", time="s.y")

    def broken(value: Any, dt: float) -> float:
        raise ZeroDivisionError

    desk.mapping._targets[0].pipeline._ops = [broken]  # type: ignore[list-item]
    with caplog.at_level(logging.ERROR):
        outs = [desk(x=0.2, y=3.0) for _ in range(3)]
    assert all(out == BASE | {"time": 3.0} for out in outs)
    assert [record.message for record in caplog.records] == [
        "the mapping of glow broke; the parameter stays at its base"
    ]
