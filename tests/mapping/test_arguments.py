from __future__ import annotations

import pytest

from installation.mapping import OPS
from installation.mapping.arguments import Operand, Span, is_address, number, read, usage
from installation.params import Param, ParamError


@pytest.mark.parametrize(("text", "value"), [("0.5", 0.5), ("-1", -1.0), (".25", 0.25), ("1e-3", 0.001)])
def test_numbers(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "-", ".", "1.", "1e", "nan", "inf", "0x10", "1_000", "9e999", "٣a", "400ms"])
def test_what_is_no_number(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0..1", (0.0, 1.0)), ("-1..1", (-1.0, 1.0)), ("-3..-1.5", (-3.0, -1.5)), (".1...2", (0.1, 0.2))],
)
def test_ranges(text: str, expected: tuple[float, float]) -> None:
    assert read(Span("limits"), text) == expected


@pytest.mark.parametrize("text", ["1", "0..", "..1", "0..1..2", "1..0", "2..2", "a..b", "0. .1"])
def test_what_is_no_range(text: str) -> None:
    with pytest.raises(ParamError):
        read(Span("limits"), text)


@pytest.mark.parametrize("text", ["audio.bass", "osc./1/fader1", "a", "a.b-c", "_x.y"])
def test_addresses(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["", "1a.b", ".a", "a.", "a..b", "/a", "-a"])
def test_what_is_no_address(text: str) -> None:
    assert not is_address(text)


def test_a_choice_guesses_what_was_meant() -> None:
    with pytest.raises(ParamError) as caught:
        read(Param("way", "choice", choices=("forward", "backward")), "foward")
    assert caught.value.suggestion == "did you mean 'forward'?"


def test_usage_shows_what_may_be_left_out() -> None:
    assert usage("scale", OPS.load("scale").params) == "scale FROM -> TO"
    assert usage("gate", OPS.load("gate").params) == "gate ON [OFF]"
    assert usage("one_euro", OPS.load("one_euro").params) == "one_euro [MIN_CUTOFF] [BETA]"
    assert usage("mix", (Operand("other"), Span("limits", (0, 1)))) == "mix OTHER [LIMITS]"
