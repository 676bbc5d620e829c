"""Headers: what they declare, and what is wrong with them, to the column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from installation.errors import InstallationError, ShaderError
from installation.library import Library
from installation.params import Param
from installation.stage import isf
from installation.stage.passes import pass_params

Write = Callable[..., Path]


def test_every_kind_of_input(write: Write) -> None:
    header = """{ "DESCRIPTION": "All  of\\n them.", "INPUTS": [
        { "NAME": "inputImage", "TYPE": "image" },
        { "NAME": "gain", "TYPE": "float", "DEFAULT": 1, "MIN": 0.5, "MAX": 2, "LABEL": "l", "UNIT": "stops" },
        { "NAME": "bare", "TYPE": "float" },
        { "NAME": "above", "TYPE": "float", "MIN": 3, "MAX": 4 },
        { "NAME": "on", "TYPE": "bool", "DEFAULT": 1, "DESCRIPTION": "d", "LABEL": "l" },
        { "NAME": "hit", "TYPE": "event" },
        { "NAME": "count", "TYPE": "long", "DEFAULT": 3, "MIN": 1, "MAX": 9 },
        { "NAME": "mode", "TYPE": "long", "DEFAULT": 5, "VALUES": [1, 5], "LABELS": ["one", "five"] },
        { "NAME": "hue", "TYPE": "color", "DEFAULT": [1, 0.5, 0, 1] },
        { "NAME": "place", "TYPE": "point2D", "DEFAULT": [0.5, 0], "MIN": [0, -1], "MAX": [1, 2] }
    ]}"""
    read = isf.read(write("all", header))
    assert read.description == "All of them."
    assert not read.transition
    assert read.params == (
        Param("gain", "float", 1.0, 0.5, 2.0, unit="stops", help="l", live=True),
        Param("bare", "float", 0.0, 0.0, 1.0, live=True),
        Param("above", "float", 3.0, 3.0, 4.0, live=True),
        Param("on", "bool", True, help="d", live=True),
        Param("hit", "bool", False, live=True),
        Param("count", "int", 3, 1.0, 9.0, live=True),
        Param("mode", "choice", "five", choices=("one", "five"), live=True),
        Param("hue", "color", (1.0, 0.5, 0.0, 1.0), 0.0, 1.0, live=True),
        Param("place", "point", (0.5, 0.0), -1.0, 2.0, live=True),
    )
    assert {given.name: given.values for given in read.inputs}["mode"] == (1, 5)


def test_renders_and_where_the_code_begins(write: Write) -> None:
    header = """{ "PASSES": [
        { "TARGET": "a", "WIDTH": "$WIDTH/2", "HEIGHT": 9, "PERSISTENT": true, "FLOAT": 1 },
        { "TARGET": "a" },
        {}
    ]}"""
    read = isf.read(write("renders", header, "void main() {}"))
    first, second, last = read.renders
    assert (first.target, first.persistent, first.floating) == ("a", True, True)
    assert first.width
    assert first.height
    assert (first.width({"WIDTH": 10.0}), first.height({})) == (5, 9)
    assert (second.target, second.width, last.target) == ("a", None, "")
    assert (read.line, read.code) == (5, "\nvoid main() {}")


def test_a_file_without_passes_renders_once(write: Write) -> None:
    assert isf.read(write("one", "{}")).renders == (isf.Render(),)


def test_a_transition_is_one_by_its_three_inputs(write: Write) -> None:
    images = '{"NAME": "startImage", "TYPE": "image"}, {"NAME": "endImage", "TYPE": "image"}'
    half = isf.read(write("half", f'{{"INPUTS": [{images}]}}'))
    whole = isf.read(write("whole", f'{{"INPUTS": [{images}, {{"NAME": "progress", "TYPE": "float"}}]}}'))
    assert (half.transition, whole.transition) == (False, True)
    assert whole.params == ()  # the stage feeds it, no show does


def test_line_ends_of_windows(write: Write, tmp_path: Path) -> None:
    path = write("crlf", "{}")
    path.write_bytes(b'/*{\r\n "INPUTS": [\r\n  {"NAME": 1}]\r\n}*/')
    with pytest.raises(ShaderError, match=r"crlf\.fs:3:12: NAME wants text"):
        isf.read(path)


def entry(text: str) -> str:
    return f'{{ "INPUTS": [\n  {{ "NAME": "x", {text} }}\n] }}'


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ('{ "INPUTS": [ }', "1:17: the header is no JSON: expected a value"),
        ("[]", "1:3: the header wants one table in braces"),
        ('{ "INPUTS": 3 }', "1:15: INPUTS wants a list in brackets"),
        ('{ "INPUTS": [\n  3 ] }', "2:3: INPUTS wants tables in braces"),
        ('{ "INPUTS": [ {} ] }', "1:17: an input without a NAME"),
        ('{ "INPUTS": [\n\t{ "NAME": "1st" } ] }', "2:12: '1st' cannot name a uniform"),
        ('{ "INPUTS": [\n{ "NAME": "gl_x" } ] }', "2:11: 'gl_x' cannot name a uniform"),
        ('{ "INPUTS": [\n{ "NAME": "TIME" } ] }', "2:11: 'TIME' cannot name a uniform"),
        ('{ "INPUTS": [\n{ "NAME": "ü" } ] }', "2:11: 'ü' cannot name a uniform"),
        (entry('"TYPE": "flaot"'), "2:26: input x: there is no type 'flaot'\n  did you mean 'float'?"),
        (entry('"TYPE": 4'), "2:26: TYPE wants text in double quotes"),
        (entry('"LABEL": ""'), "2:3: input x: there is no type ''"),
        (entry('"TYPE": "image"'), "2:13: input x: a pass is fed inputImage, startImage, endImage only"),
        (entry('"TYPE": "audio"'), "2:26: input x: there is no type 'audio'"),
        (entry('"TYPE": "float", "DEFAULT": true'), "2:46: DEFAULT wants a number"),
        (entry('"TYPE": "float", "MIN": 2, "MAX": 1'), "2:42: input x: MIN is above MAX"),
        (entry('"TYPE": "float", "DEFAULT": 2'), "2:46: input x: DEFAULT is outside MIN and MAX"),
        (entry('"TYPE": "bool", "DEFAULT": "yes"'), "2:45: DEFAULT wants true or false"),
        (entry('"TYPE": "color", "DEFAULT": [1, 2]'), "2:46: DEFAULT wants a list of 4 numbers"),
        (entry('"TYPE": "color", "DEFAULT": [1, 2, 1, 1]'), "2:46: input x: DEFAULT is outside MIN and MAX"),
        (entry('"TYPE": "point2D", "MIN": [0, "a"]'), "2:44: MIN wants a list of 2 numbers"),
        (entry('"TYPE": "long", "VALUES": [0.5]'), "2:44: VALUES wants a list of whole numbers"),
        (entry('"TYPE": "long", "VALUES": [1], "LABELS": []'), "2:3: input x: DEFAULT is none of VALUES"),
        (entry('"TYPE": "long", "VALUES": [0], "LABELS": ["a", "b"]'), "2:59: input x: LABELS and VALUES do not match"),
        ('{ "PASSES": [ { "WIDTH": "$WIDHT" } ] }', "1:28: WIDTH: there is no $WIDHT; there are $WIDTH, $HEIGHT"),
        ('{ "PASSES": [ { "PERSISTENT": 2 } ] }', "1:33: PERSISTENT wants true or false"),
        ('{ "PASSES": [ { "TARGET": "a b" } ] }', "1:29: 'a b' cannot name a uniform"),
        (
            '{ "INPUTS": [ { "NAME": "a", "TYPE": "bool" } ], "PASSES": [ { "TARGET": "a" } ] }',
            "1:64: the name 'a' is taken twice",
        ),
        ('{ "IMPORTED": {"a": {"PATH": "a.png"}} }', "1:17: IMPORTED pictures cannot be fed to a pass"),
    ],
)
def test_what_is_wrong_and_where(header: str, message: str, write: Write) -> None:
    path = write("wrong", header)
    with pytest.raises(ShaderError) as caught:
        isf.read(path)
    text = str(caught.value)
    assert text == f"{path}:{message}" or (text.splitlines()[0] == f"{path}:{message}" and "one of" in text)


def test_no_header_no_file_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.fs"
    with pytest.raises(ShaderError, match=r"a\.fs:1:1: cannot be read"):
        isf.read(path)
    path.write_text("// { }\nvoid main() {}")
    with pytest.raises(ShaderError, match=r"a\.fs:1:1: no ISF header"):
        isf.read(path)
    path.write_bytes(b"/*{}*/\xff")
    with pytest.raises(ShaderError, match=r"a\.fs:1:1: cannot be read"):
        isf.read(path)


def test_a_pass_by_its_name(write: Write, tmp_path: Path) -> None:
    write("mine", '{"INPUTS": [{"NAME": "a", "TYPE": "float", "LABEL": "h"}]}')
    assert pass_params("mine", Library(tmp_path)) == (Param("a", "float", 0.0, 0.0, 1.0, help="h", live=True),)
    with pytest.raises(InstallationError, match="there is no pass 'mien'"):
        pass_params("mien", Library(tmp_path))
