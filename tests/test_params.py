"""A parameter reads what a file says, refuses in one clear line, and clamps what a live write brings."""

import math

import pytest

from installation.params import REQUIRED, Param, ParamError, ParamTree, duration

PSI = Param("psi", "float", 0.7, 0.0, 1.0, unit="share")
READ = [
    (PSI, 0.5, 0.5),
    (PSI, 1, 1.0),
    (Param("n", "int", 1, 0, 9), 3, 3),
    (Param("n", "int", 1, 0, 9), 3.0, 3),
    (Param("t", "seconds", 1.0), 2, 2.0),
    (Param("t", "seconds", 1.0), "0.4s", 0.4),
    (Param("t", "seconds", 1.0), "400ms", 0.4),
    (Param("t", "seconds", 1.0), " 2 min ", 120.0),
    (Param("t", "seconds", 1.0), "1h", 3600.0),
    (Param("on", "bool", False), True, True),
    (Param("wave", "choice", "sine", choices=("sine", "saw")), "saw", "saw"),
    (Param("device", "text", ""), 0, "0"),
    (Param("size", "size", (1, 1)), "640x480", (640, 480)),
    (Param("size", "size", (1, 1)), " 640 x 480 ", (640, 480)),
    (Param("at", "point", (0.0, 0.0), 0, 1), [0.25, 1], (0.25, 1.0)),
    (Param("ink", "color", (0.0, 0.0, 0.0, 1.0)), "#ff8000", (1.0, 128 / 255, 0.0, 1.0)),
    (Param("ink", "color", (0.0, 0.0, 0.0, 1.0)), "#00000080", (0.0, 0.0, 0.0, 128 / 255)),
    (Param("ink", "color", (0.0, 0.0, 0.0, 1.0)), [1, 0.5, 0], (1.0, 0.5, 0.0, 1.0)),
    (Param("seeds", "numbers", ()), [3, 14.5], (3.0, 14.5)),
]


@pytest.mark.parametrize(("param", "raw", "value"), READ, ids=lambda x: str(getattr(x, "type", x)))
def test_reads(param, raw, value):
    read = param.read(raw)
    assert read == pytest.approx(value) if isinstance(value, float) else read == value
    assert type(read) is type(value)


REFUSED = [
    (PSI, 1.5, "psi is 1.5, outside its range 0..1 share", ""),
    (PSI, "x", "psi wants a number, not 'x'", ""),
    (PSI, True, "psi wants a number, not true", ""),
    (PSI, None, "psi wants a number, not nothing", ""),
    (PSI, [1], "psi wants a number, not a list", ""),
    (PSI, {"a": 1}, "psi wants a number, not a table", ""),
    (PSI, math.nan, "psi wants a finite number, not nan", ""),
    (Param("n", "int", 1), 1.5, "n wants a whole number, not 1.5", ""),
    (Param("t", "seconds", 1.0), "soon", "t wants a duration, not 'soon'", "write 400ms, 0.4s or 2min"),
    (Param("t", "seconds", 1.0), "12:30", "t wants a duration, not '12:30'", "write 400ms, 0.4s or 2min"),
    (Param("t", "seconds", 1.0), "-1s", "t wants a duration, not '-1s'", "write 400ms, 0.4s or 2min"),
    (Param("t", "seconds", 1.0, low=0.0), -1, "t is -1, outside its range 0..", ""),
    (Param("on", "bool", False), 1, "on wants true or false, not 1", ""),
    (Param("w", "choice", "a", choices=("sine", "saw")), "sin", "w cannot be 'sin'", "did you mean 'sine'?"),
    (Param("w", "choice", "a", choices=("sine", "saw")), False, "w cannot be false", "one of: saw, sine"),
    (Param("w", "choice", "a", choices=("sine",)), ["sine"], "w cannot be a list", "one of: sine"),
    (Param("name", "text", ""), False, "name wants text, not false", ""),
    (Param("name", "text", ""), None, "name wants text, not nothing", ""),
    (Param("size", "size", ()), "640", "size wants a size, not '640'", "write 1280x720"),
    (Param("size", "size", ()), "1x480", "size is 1x480; each side must be 2..16384 pixels", ""),
    (Param("at", "point", ()), [1, 2, 3], "at wants a point, not a list", "write [0.5, 0.5]"),
    (Param("at", "point", (), 0, 1), [0, 2], "at is 2, outside its range 0..1", ""),
    (Param("ink", "color", ()), "red", "ink wants a colour, not 'red'", "write '#ff8800' or [1, 0.5, 0, 1]"),
    (Param("ink", "color", ()), [1, 2, 0], "ink is 2, outside its range 0..1", ""),
    (Param("seeds", "numbers", ()), [], "seeds wants a list of numbers, not an empty list", "write [3, 14, 15]"),
    (Param("seeds", "numbers", ()), 3, "seeds wants a list of numbers, not 3", "write [3, 14, 15]"),
    (Param("seeds", "numbers", ()), ["a"], "seeds wants a number, not 'a'", ""),
]


@pytest.mark.parametrize(("param", "raw", "message", "hint"), REFUSED, ids=lambda x: str(x)[:30])
def test_refuses_in_one_clear_line(param, raw, message, hint):
    with pytest.raises(ParamError) as caught:
        param.read(raw)
    assert (str(caught.value), caught.value.suggestion) == (message, hint)


def test_a_long_text_is_cut_in_the_message():
    with pytest.raises(ParamError) as caught:
        PSI.read("x" * 1000)
    assert len(str(caught.value)) < 80


@pytest.mark.parametrize(
    ("param", "value", "clamped"),
    [
        (PSI, 3.0, 1.0),
        (PSI, -3, 0.0),
        (PSI, math.nan, 0.7),
        (PSI, math.inf, 0.7),
        (Param("x"), 1e9, 1e9),
        (Param("n", "int", 1, 0, 9), 3.6, 4),
        (Param("n", "int", 1, 0, 9), 99, 9),
        (Param("on", "bool", False), 0.5, True),
        (Param("on", "bool", False), 0.49, False),
        (Param("on", "bool", False), math.nan, False),
        (Param("w", "choice", "sine", choices=("sine", "saw")), "saw", "saw"),
        (Param("w", "choice", "sine", choices=("sine", "saw")), "cow", "sine"),
        (Param("at", "point", (0.5, 0.5), 0, 1), (2, -1), (1.0, 0.0)),
        (Param("at", "point", (0.5, 0.5), 0, 1), (math.nan, 0), (0.5, 0.5)),
        (Param("at", "point", (0.5, 0.5), 0, 1), (0.1, 0.2, 0.3), (0.5, 0.5)),
        (Param("ink", "color", (0.0, 0.0, 0.0, 1.0)), (2.0, -1.0, 0.5, 1.0), (1.0, 0.0, 0.5, 1.0)),
        (Param("seeds", "numbers", (1.0,), 0, 5), [9, 1], (5.0, 1.0)),
        (Param("name", "text", ""), "abc", "abc"),
    ],
)
def test_a_live_write_is_made_lawful(param, value, clamped):
    assert param.clamp(value) == clamped


def test_durations():
    assert duration("1.5") == 1.5
    assert duration(".5s") == 0.5
    with pytest.raises(ParamError, match="after wants a duration, not '5 days'"):
        duration("5 days", "after")


def test_the_range_as_text():
    assert PSI.range_text() == "0..1"
    assert Param("x").range_text() == ""
    assert Param("x", low=0.5).range_text() == "0.5.."
    assert Param("w", "choice", choices=("a", "b")).range_text() == "a, b"


def test_an_address_and_a_missing_default():
    assert PSI.at("generator.latent.truncate").name == "generator.latent.truncate.psi"
    assert Param("model", "text", REQUIRED).required
    assert not PSI.required


def test_a_tree_keeps_the_order_of_the_show():
    tree = ParamTree([PSI.at("b"), PSI.at("a")])
    assert list(tree) == ["b.psi", "a.psi"]
    assert len(tree) == 2
    assert tree["a.psi"].high == 1.0
    assert tree.defaults() == {"b.psi": 0.7, "a.psi": 0.7}
