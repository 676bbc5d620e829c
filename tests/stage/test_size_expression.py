"""Sizes are sums, and nothing else."""

from __future__ import annotations

import pytest

from installation.stage.size_expression import LARGEST, SizeError, parse, pixels

NAMES = {"WIDTH": 1280.0, "HEIGHT": 720.0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("360", 360),
        ("$WIDTH", 1280),
        ("$WIDTH/2.0", 640),
        (" $HEIGHT / 4 ", 180),
        ("floor($WIDTH/3)", 426),
        ("ceil($WIDTH/3)", 427),
        ("round(1.6)", 2),
        ("min($WIDTH, $HEIGHT) * 0.5", 360),
        ("max(1, $HEIGHT - 800)", 1),
        ("abs($HEIGHT-$WIDTH)", 560),
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("100 - 10 - 5", 85),
        ("64/4/2", 8),
        ("--8", 8),
        ("floor(max($WIDTH*0.25, .5)) + 1.", 321),
        ("-5", 1),
        ("0", 1),
        ("$WIDTH*$WIDTH", LARGEST),
        ("1" + "0" * 150, LARGEST),
    ],
)
def test_what_a_size_comes_to(text: str, expected: int) -> None:
    assert pixels(parse(text), NAMES) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a size that ends too early"),
        ("$DEPTH", "there is no $DEPTH; there are $WIDTH, $HEIGHT"),
        ("$WIDTH +", "a size that ends too early"),
        ("(1", "expected ')' at the end"),
        ("1)", "')' is left over"),
        ("1 2", "'2' is left over"),
        ("min(1)", "min takes 2 values, not 1"),
        ("floor(1, 2)", "floor takes 1 value, not 2"),
        ("floor 1", "expected '(' before '1'"),
        ("__import__('os')", "''os')' is no part of a size"),
        ("().__class__", "'.__class__' is no part of a size"),
        ("exec(1)", "'exec' is no number, $name or function (abs, ceil, floor, max, min, round)"),
        ("WIDTH", "'WIDTH' is no number, $name or function (abs, ceil, floor, max, min, round)"),
        ("9**9**9**9", "'*' is no number, $name or function (abs, ceil, floor, max, min, round)"),
        ("1e9", "'e9' is left over"),
        ("1;2", "';2' is no part of a size"),
        ("1\n;", "';' is no part of a size"),
        ("(" * 500, "a size of more than 200 characters"),
        ("$WIDTH" * 200, "a size of more than 200 characters"),
    ],
)
def test_what_is_no_size(text: str, message: str) -> None:
    with pytest.raises(SizeError) as caught:
        parse(text)
    assert str(caught.value) == message


def test_brackets_as_deep_as_a_size_can_be_written() -> None:
    assert pixels(parse("(" * 99 + "7" + ")" * 99), NAMES) == 7
    assert pixels(parse("-" * 198 + "7"), NAMES) == 7


@pytest.mark.parametrize("text", ["$WIDTH/0", "1/($HEIGHT-720)", "1/floor(0.5)"])
def test_a_size_without_an_answer(text: str) -> None:
    with pytest.raises(SizeError, match=r"^a size that cannot be worked out"):
        pixels(parse(text), NAMES)


def test_a_size_that_is_not_finite() -> None:
    huge = "1" + "0" * 99
    with pytest.raises(SizeError):
        pixels(parse(f"$WIDTH-{huge}*$WIDTH"), {"WIDTH": float("inf"), "HEIGHT": 1.0})
