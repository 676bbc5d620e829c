"""Reads the header of a shader file: Interactive Shader Format 2 (isf.video, Vidvox), JSON in the first comment.

What is read: INPUTS of type float, bool, long, color, point2D, image, event with DEFAULT, MIN, MAX, VALUES, LABELS,
LABEL; PASSES with TARGET, PERSISTENT, FLOAT, WIDTH, HEIGHT. Of our own: an input's UNIT and DESCRIPTION.
``inputImage`` makes a filter; ``startImage``, ``endImage`` and ``progress`` make a transition.

This module knows nothing of GL: it serves ``installation check`` on any laptop.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation.errors import ShaderError, did_you_mean
from installation.params import Param
from installation.stage.header_json import HeaderError, Value, parse
from installation.stage.isf_fields import Fields
from installation.stage.size_expression import Expression

TYPES = ("float", "bool", "long", "color", "point2D", "image", "event")
IMAGES = ("inputImage", "startImage", "endImage")
_COMMENT = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Input:
    """One input. ``param`` is None for images and a transition's progress: the stage feeds those, not the show."""

    name: str
    type: str
    param: Param | None = None
    values: tuple[int, ...] = ()  # of a long with labels: what the uniform gets for each choice


@dataclass(frozen=True, slots=True)
class Render:
    """One render of the file: into a buffer that later renders read by its name, or (no target) onto the canvas."""

    target: str = ""
    persistent: bool = False
    floating: bool = False
    width: Expression | None = None
    height: Expression | None = None


@dataclass(frozen=True, slots=True)
class Isf:
    """A shader file, read but not compiled. ``code`` is everything after the header; it begins on line ``line``."""

    path: Path
    description: str
    inputs: tuple[Input, ...]
    renders: tuple[Render, ...]
    code: str
    line: int

    @property
    def transition(self) -> bool:
        return {"startImage", "endImage", "progress"} <= {given.name for given in self.inputs}

    @property
    def params(self) -> tuple[Param, ...]:
        return tuple(given.param for given in self.inputs if given.param)


def read(path: Path) -> Isf:
    """The file's header and code. Raises ShaderError, its message beginning with file:line:col."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ShaderError(f"{path}:1:1: cannot be read: {error}") from error
    fields = Fields(path, text)
    comment = _COMMENT.match(text)
    if not comment:
        fields.fail("no ISF header", 0, 'begin the file with /*{ "ISFVSN": "2", "INPUTS": [] }*/')
    try:
        header = parse(text, comment.start(1), comment.end(1))
    except HeaderError as error:
        fields.fail(f"the header is no JSON: {error}", error.offset)
    if not isinstance(header.data, dict):
        fields.fail("the header wants one table in braces", header.offset)
    if "IMPORTED" in header.data and header.data["IMPORTED"].data:
        fields.fail("IMPORTED pictures cannot be fed to a pass", header.data["IMPORTED"].offset)
    inputs, renders = fields.tables(header, "INPUTS"), fields.tables(header, "PASSES")
    isf = Isf(
        path,
        fields.text(header, "DESCRIPTION"),
        tuple(_input(fields, table) for table in inputs),
        tuple(_render(fields, table) for table in renders) or (Render(),),
        text[comment.end() :],
        text.count("\n", 0, comment.end()) + 1,
    )
    _refuse_doubles(fields, isf, inputs, renders)
    return isf


def _refuse_doubles(fields: Fields, isf: Isf, inputs: list[Value], renders: list[Value]) -> None:
    seen: set[str] = set()
    # Two renders into one target are lawful (a blur that goes over itself); a target named as an input is not.
    targets = {one.target: table.offset for one, table in zip(isf.renders, renders, strict=False) if one.target}
    named = [(given.name, table.offset) for given, table in zip(isf.inputs, inputs, strict=True)]
    for name, offset in [*named, *targets.items()]:
        if name in seen:
            fields.fail(f"the name '{name}' is taken twice", offset)
        seen.add(name)


def _render(fields: Fields, table: Value) -> Render:
    return Render(
        fields.name(table, "TARGET"),
        fields.switch(table, "PERSISTENT"),
        fields.switch(table, "FLOAT"),
        fields.size(table, "WIDTH"),
        fields.size(table, "HEIGHT"),
    )


def _input(fields: Fields, table: Value) -> Input:
    name = fields.name(table, "NAME")
    if not name:
        fields.fail("an input without a NAME", table.offset)
    kind = fields.text(table, "TYPE")
    if kind not in TYPES:
        fields.fail(f"input {name}: there is no type '{kind}'", fields.at(table, "TYPE"), did_you_mean(kind, TYPES))
    if kind == "image":
        if name not in IMAGES:
            fields.fail(f"input {name}: a pass is fed {', '.join(IMAGES)} only", fields.at(table, "NAME"))
        return Input(name, kind)
    help_text = fields.text(table, "DESCRIPTION") or fields.text(table, "LABEL")
    if kind in ("bool", "event"):
        default = fields.switch(table, "DEFAULT")
        return Input(name, kind, Param(name, "bool", default, help=help_text, live=True))
    if kind == "long":
        return _long(fields, table, name, help_text)
    return _ranged(fields, table, name, kind, help_text)


def _ranged(fields: Fields, table: Value, name: str, kind: str, help_text: str) -> Input:
    """A float in MIN..MAX (0..1), a colour (four numbers in 0..1), or a point, bounded where the header bounds it."""
    low: float | None = 0.0
    high: float | None = 1.0
    if kind == "float":
        low, high = fields.number(table, "MIN", 0.0), fields.number(table, "MAX", 1.0)
        spread: tuple[float, ...] = (fields.number(table, "DEFAULT", max(0.0, low)),)
    elif kind == "color":
        spread = fields.numbers(table, "DEFAULT", 4) or (0.0, 0.0, 0.0, 1.0)
    else:
        lows, highs = fields.numbers(table, "MIN", 2), fields.numbers(table, "MAX", 2)
        low, high = (min(lows) if lows else None), (max(highs) if highs else None)
        spread = fields.numbers(table, "DEFAULT", 2) or (low or 0.0, low or 0.0)
    if low is not None and high is not None and low > high:
        fields.fail(f"input {name}: MIN is above MAX", fields.at(table, "MIN"))
    if any((low is not None and n < low) or (high is not None and n > high) for n in spread):
        fields.fail(f"input {name}: DEFAULT is outside MIN and MAX", fields.at(table, "DEFAULT"))
    if name == "progress":
        return Input(name, kind)
    unit = fields.text(table, "UNIT")
    if kind == "float":
        return Input(name, kind, Param(name, "float", spread[0], low, high, unit=unit, help=help_text, live=True))
    shape: Any = "color" if kind == "color" else "point"
    return Input(name, kind, Param(name, shape, spread, low, high, unit=unit, help=help_text, live=True))


def _long(fields: Fields, table: Value, name: str, help_text: str) -> Input:
    """A whole number; with VALUES or LABELS a choice by label."""
    default = int(fields.number(table, "DEFAULT", 0))
    values = tuple(item.data for item in fields.items(table, "VALUES"))
    labels = tuple(item.data for item in fields.items(table, "LABELS"))
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        fields.fail("VALUES wants a list of whole numbers", fields.at(table, "VALUES"))
    if not (labels or values):
        low, high = (fields.number(table, key, None) for key in ("MIN", "MAX"))
        unit = fields.text(table, "UNIT")
        return Input(name, "long", Param(name, "int", default, low, high, unit=unit, help=help_text, live=True))
    labels = labels or tuple(str(value) for value in values)
    values = values or tuple(range(len(labels)))
    if len(labels) != len(values) or not all(isinstance(label, str) for label in labels):
        fields.fail(f"input {name}: LABELS and VALUES do not match", fields.at(table, "LABELS"))
    if default not in values:
        fields.fail(f"input {name}: DEFAULT is none of VALUES", fields.at(table, "DEFAULT"))
    chosen = labels[values.index(default)]
    return Input(name, "long", Param(name, "choice", chosen, choices=labels, help=help_text, live=True), values)
