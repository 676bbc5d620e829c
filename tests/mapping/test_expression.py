from __future__ import annotations

import dataclasses
import random

import pytest

from installation.mapping import OPS
from installation.mapping.expression import ExpressionError, parse
from installation.types import Channel

CHANNELS = {
    "hands.presence": Channel("presence"),
    "hands.both": Channel("both", "vector", size=6),
    "hands.left.palm": Channel("left.palm", "vector", size=2),
    "webcam.frame": Channel("frame", "image"),
    "audio.onset": Channel("onset", "event"),
    "osc.*": Channel("*"),
}


def test_a_signal_alone() -> None:
    expression = parse("hands.presence")
    assert (expression.signals, expression.modulates, expression.calls) == (("hands.presence",), "", ())


@pytest.mark.parametrize("address", ["osc./1/fader1", "hands.left.palm.x", "osc./kick-2", "osc./a_b/c", "a.b.c.d"])
def test_addresses(address: str) -> None:
    assert parse(f"{address} | smooth 1s").signals == (address,)


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("a.b | scale 0..1 -> 0.4..1.0", ((0.0, 1.0), (0.4, 1.0))),
        ("a.b|scale -1..1->-.2..0.2", ((-1.0, 1.0), (-0.2, 0.2))),
        ("a.b | smooth 0.4s", (0.4,)),
        ("a.b | smooth 400ms", (0.4,)),
        ("a.b | smooth 2min", (120.0,)),
        ("a.b | smooth .5", (0.5,)),
        ("a.b | envelope 5ms 250ms", (0.005, 0.25)),
        ("a.b | one_euro", (1.0, 3.0)),
        ("a.b | one_euro 0.5", (0.5, 3.0)),
        ("a.b | one_euro 0.5 7", (0.5, 7.0)),
        ("a.b | clamp", ((0.0, 1.0),)),
        ("a.b | invert -1..1", ((-1.0, 1.0),)),
        ("a.b | gate 0.3 0.2", (0.3, 0.2)),
        ("a.b | project 128 7", (128, 7)),
        ("a.b | curve 1e-1", ("1e-1",)),
    ],
)
def test_arguments(text: str, arguments: tuple[object, ...]) -> None:
    (call,) = parse(text).calls
    assert call.arguments == arguments


@pytest.mark.parametrize(("text", "how"), [("base + a.b", "+"), ("base*a.b", "*"), ("base.level", ""), ("a.b", "")])
def test_base_modulates(text: str, how: str) -> None:
    assert parse(text).modulates == how


def test_places_give_every_address_its_column() -> None:
    text = "base + hands.both[3] | mul hands.presence | add 0.5 | else hands.presence"
    expression = parse(text)
    assert [(text[c : c + len(a)], a) for a, c in expression.places] == [(a, a) for a, _ in expression.places]
    assert [column for _, column in expression.places] == [7, 27, 59]
    assert expression.signals == ("hands.both", "hands.presence")


def test_a_number_is_a_signal_without_address() -> None:
    assert parse("-0.5 | invert").signals == ()


def test_an_expression_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        parse("a.b").text = "c.d"  # type: ignore[misc]


WRONG = [
    ("", 0, "a signal or a number is wanted", ""),
    ("   ", 0, "a signal or a number is wanted", ""),
    ("| smooth 1s", 0, "a signal or a number is wanted, not '|'", ""),
    ("base", 4, "base wants + or * and a signal after it", "write base + hands.presence"),
    ("base - a.b", 5, "base wants + or * and a signal after it", "write base + hands.presence"),
    ("base + | smooth 1s", 7, "a signal or a number is wanted after base +, not '|'", ""),
    ("400ms", 0, "a signal or a number is wanted, not '400ms'", ""),
    ("0..1", 0, "a signal or a number is wanted, not '0..1'", ""),
    ("a..b", 0, "a signal or a number is wanted, not 'a..b'", ""),
    ("a.b |", 5, "an op is missing after |", ""),
    ("a.b | | smooth 1s", 6, "an op is missing before '|'", ""),
    ("a.b smooth 1s", 4, "'smooth' cannot stand here", "write | smooth"),
    ("a.b + c.d", 4, "'+' cannot stand here", "+ is only for base, at the beginning; write | add for two signals"),
    ("a.b * c.d", 4, "'*' cannot stand here", "* is only for base, at the beginning; write | mul for two signals"),
    ("a.b -> c.d", 4, "'->' cannot stand here", ""),
    ("a.b | smoth 1s", 6, "there is no op 'smoth'", "did you mean 'smooth'?"),
    ("a.b | smooth", 6, "smooth wants its time", "write smooth TIME"),
    ("a.b | smooth 1s 2s", 16, "smooth cannot use '2s'", "write smooth TIME"),
    ("a.b | smooth + 1", 6, "smooth wants its time", "write smooth TIME"),
    ("a.b | smooth fast", 13, "smooth: time wants a duration, not 'fast'", "write 400ms, 0.4s or 2min"),
    ("a.b | smooth -1s", 13, "smooth: time wants a duration, not '-1s'", "write 400ms, 0.4s or 2min"),
    ("a.b | predict 2s", 14, "predict: ahead is 2, outside its range 0..1 s", ""),
    ("a.b | one_euro x", 15, "one_euro: min_cutoff wants a number, not 'x'", ""),
    ("a.b | project 1.5", 14, "project: size wants a whole number, not 1.5", ""),
    ("a.b | scale 0..1", 6, "scale wants its to", "write scale FROM -> TO"),
    ("a.b | scale 0..1 ->", 6, "scale wants its to", "write scale FROM -> TO"),
    ("a.b | scale 0..1 0..2", 17, "scale wants -> before '0..2'", "write scale FROM -> TO"),
    ("a.b | scale 1..0 -> 0..1", 12, "scale: the range 1..0 is reversed", "write 0..1, and invert to turn it over"),
    ("a.b | scale 0..1 -> 3..3", 20, "scale: the range 3..3 is empty", ""),
    ("a.b | clamp 1", 12, "clamp: limits wants a range, not '1'", "write it as 0..1"),
    ("a.b | clamp 0..9e999", 12, "clamp: limits wants a range, not '0..9e999'", "write it as 0..1"),
    ("a.b | gate 0.2 0.4", 6, "gate: it would close at 0.4, above where it opens, 0.2", ""),
    ("a.b | curve steep", 6, "curve: shape cannot be 'steep'", "write a power such as curve 2, or curve smooth"),
    ("a.b | curve 20", 6, "curve: the power is 20, outside its range 0.1..8", ""),
    ("a.b | mul", 6, "mul wants its value", "write mul VALUE"),
    ("a.b | mul 0..1", 10, "mul wants a number or a signal, not '0..1'", ""),
    ("a.b | add 9e999", 10, "add wants a number or a signal, not '9e999'", ""),
    ("a.b[x]", 4, "a.b[ wants the number of a component", "write a.b[0]"),
    ("a.b[-1]", 4, "a.b[ wants the number of a component", "write a.b[0]"),
    ("a.b[3", 5, "a.b[3 wants a closing ]", ""),
    ("a.b | mul c.d[", 14, "c.d[ wants the number of a component", "write c.d[0]"),
    ("a.b % 2", 4, "'%' has no meaning in an expression", ""),
    ("a.b" + " | invert" * 33, 3 + 9 * 32 + 3, "more than 32 ops", ""),
    ("a" * 501, 500, "the expression is longer than 500 characters", ""),
]


@pytest.mark.parametrize(("text", "column", "message", "suggestion"), WRONG, ids=[w[0][:30] or "empty" for w in WRONG])
def test_mistakes(text: str, column: int, message: str, suggestion: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert (caught.value.column, str(caught.value), caught.value.suggestion) == (column, message, suggestion)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hands.presence | smooth 1s", "number"),
        ("hands.both", "vector"),
        ("hands.both | smooth 1s | mul 0.5", "vector"),
        ("hands.both[5]", "number"),
        ("hands.presence | mul hands.both", "vector"),
        ("hands.both | mul hands.both[2]", "vector"),
        ("hands.both | project 16", "vector"),
        ("audio.onset | hold 0.5s", "number"),
        ("osc./1/fader1", "number"),
        ("nobody.declared", "number"),
        ("0.5", "number"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert parse(text).check(CHANNELS) == kind


def test_project_gives_its_own_size() -> None:
    assert parse("hands.left.palm | project 16 | smooth 1s").size(CHANNELS) == 16


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("webcam.frame | smooth 1s", 0, "webcam.frame is a picture, and a mapping wants a number or a vector"),
        ("hands.both[6]", 0, "hands.both has 6 components, [0] to [5]"),
        ("hands.presence[0]", 0, "hands.presence is a number and has no components"),
        ("osc./xy[1]", 0, "osc./xy is a number and has no components"),
        ("hands.presence | project 16", 17, "project wants a vector, and this is a number"),
        ("hands.both | add hands.left.palm", 17, "add: hands.left.palm has 2 components, and 6 come in"),
        ("hands.presence | else hands.both", 22, "else wants a number, and hands.both is a vector"),
        ("hands.both | mul webcam.frame", 17, "webcam.frame is a picture, and a mapping wants a number or a vector"),
    ],
)
def test_kinds_that_do_not_go_together(text: str, column: int, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text).check(CHANNELS)
    assert (caught.value.column, str(caught.value)) == (column, message)


def test_every_op_of_the_house_can_be_read_about() -> None:
    for name in OPS.kinds():
        op = OPS.load(name)
        assert op.__doc__
        assert all(argument.help for argument in op.params), name


def mistake_in(text: str) -> ExpressionError | None:
    try:
        parse(text).check({})
    except ExpressionError as error:
        return error
    return None


def test_whatever_is_written_the_answer_is_an_expression_or_a_mistake_in_it() -> None:
    words = ["a.b", "base", "+", "*", "|", "->", "[", "]", "3", "0..1", "-1..1", "5ms", "1e-3", "%", "#", "é", "", " "]
    words += OPS.kinds()
    draw = random.Random(7)
    understood = 0
    for _ in range(5000):
        text = draw.choice(["", " "]).join(draw.choices(words, k=draw.randint(0, 9)))
        mistake = mistake_in(text)
        if mistake:
            assert 0 <= mistake.column <= len(text)
            assert "\n" not in str(mistake)
        else:
            understood += 1
    assert understood > 50
