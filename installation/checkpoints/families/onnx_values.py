"""What an input or output of an ONNX graph is, by its name, shape and type: a picture, numbers, or neither.

A value is ``{name, shape, dtype}``; a side of its shape that is left open is a word.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Value = Mapping[str, Any]

PICTURES = ("F32", "F16", "U8")
NUMBERS = ("F32", "F16", "F64", "I32", "I64")
CHANNELS = (1, 3, 4)
MOST_NUMBERS = 16384  # of an input that is no picture: W+ of the largest StyleGAN has 9216


def layout(value: Value) -> str:
    """nchw, nhwc, or nothing for what is no picture."""
    shape = value["shape"]
    if len(shape) != 4 or value["dtype"] not in PICTURES:
        return ""
    # Numbers laid out like a picture of one place, (1, 1, 1, 100), are no picture.
    if shape[1] in CHANNELS and all(side != 1 for side in shape[2:]):
        return "nchw"
    if shape[3] in CHANNELS and all(side != 1 for side in shape[1:3]):
        return "nhwc"
    return ""


def may_be_picture(value: Value) -> bool:
    """Exporters leave an output's sides open, or say nothing at all."""
    shape = value["shape"]
    unknown = not shape or (len(shape) == 4 and isinstance(shape[1], str) and isinstance(shape[3], str))
    return value["dtype"] in PICTURES and unknown


def count(value: Value) -> int:
    """How many numbers one row of it holds, where the first side, if open, is how many rows; 0: not known."""
    shape = value["shape"]
    sides = shape[1:] if shape and isinstance(shape[0], str) else shape
    return math.prod(sides) if all(isinstance(side, int) for side in sides) else 0


def is_numbers(value: Value) -> bool:
    return value["dtype"] in NUMBERS and 1 <= count(value) <= MOST_NUMBERS


def picture_row(value: Value, how: str) -> dict[str, Any]:
    """The picture as a card has it."""
    shape = value["shape"]
    side = shape[1 if how == "nchw" else 3] if shape else "channels"
    return {**row(value), "layout": how, "channels": side if isinstance(side, int) else 3}


def row(value: Value) -> dict[str, Any]:
    return {"name": value["name"], "dtype": value["dtype"], "shape": list(value["shape"])}


def size(picture: Mapping[str, Any]) -> tuple[int, int] | None:
    """(width, height) of a picture that a card has; None where it is open."""
    shape = picture["shape"] or ["?"] * 4
    height, width = shape[2:] if picture["layout"] == "nchw" else shape[1:3]
    return (width, height) if isinstance(width, int) and isinstance(height, int) else None


def shown(value: Value) -> str:
    return f"'{value['name']}' ({'x'.join(map(str, value['shape'])) or 'any'} {value['dtype']})"
