"""What comes before and after somebody's ONNX graph: from what a show has to what the graph takes, and back.

Written with operators that every opset since 8 has in the same form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from installation.backends.onnx_nodes import Nodes
from installation.backends.recipe import Input
from installation.errors import ModelError

KINDS = {"F32": "float32", "F16": "float16", "F64": "float64", "U8": "uint8", "I32": "int32", "I64": "int64"}
RESIZES = 11  # the opset from which Resize is as it is now
TO_NHWC, TO_NCHW = (0, 2, 3, 1), (0, 3, 1, 2)


class Ends:
    """``network``: the card's. ``asked``: the recipe's inputs. ``prefix``: before every name inside the model's graph.

    The picture that came in is ``plain`` once ``painted_front`` has run: (N, C, H, W) in 0..1.
    """

    def __init__(self, network: Mapping[str, Any], asked: Mapping[str, Input], prefix: str, model: Any) -> None:
        self._network, self._asked, self._prefix = network, asked, prefix
        self._opset = next(int(row.version) for row in model.opset_import if row.domain in ("", "ai.onnx"))
        self._quantised = any(node.op_type == "DequantizeLinear" for node in model.graph.node)
        self._low, self._high = span(str(network["range"]))
        self._nodes = Nodes("ends.")
        self._plain = ""

    def numeric_front(self) -> tuple[list[Any], list[Any]]:
        """(nodes, constants) that bring every input to its place in the graph."""
        if row := self._network["inputs"].get("image"):
            self._place(row, self._laid("image", row, self._asked["image"].shape))
        return self._others()

    def painted_front(self) -> tuple[list[Any], list[Any]]:
        if row := self._network["inputs"].get("image"):
            add, number = self._nodes.add, self._nodes.number
            value = add("Transpose", self._nodes.cast("image", "float32"), perm=TO_NCHW)
            self._plain = add("Mul", value, number(1 / 255))
            value = add("Add", add("Mul", self._plain, number(self._high - self._low)), number(self._low))
            self._place(row, self._laid(value, row, turned(self._asked["image"].shape, TO_NCHW)))
        return self._others()

    def numeric_back(self, sides: tuple[int, ...], output: str) -> tuple[list[Any], list[Any], Input]:
        """(nodes, constants, what the output is), after the graph's own picture, which is of ``sides``."""
        value, sides = self._picture(sides)
        self._nodes.add("Identity", value, to=output)
        return (*self._nodes.taken(), Input(sides, "float32"))

    def painted_back(self, sides: tuple[int, ...], output: str) -> tuple[list[Any], list[Any], Input]:
        value, sides = self._picture(sides)
        add, number = self._nodes.add, self._nodes.number
        value = add("Mul", add("Add", value, number(-self._low)), number(1 / (self._high - self._low)))
        if self._plain:
            plain = self._as_large(sides)
            value = add("Add", plain, add("Mul", add("Sub", value, plain), "strength"))
        value = add("Min", add("Max", value, number(0.0)), number(1.0))
        value = add("Add", add("Mul", value, number(255.0)), number(0.5))
        batch, channels, height, width = sides
        parts = [value] * 3 if channels == 1 else [value]
        if channels != 4:
            parts.append(self._nodes.constant(np.full((batch, 1, height, width), 255, np.float32)))
        value = add("Transpose", add("Concat", *parts, axis=1), perm=TO_NHWC)
        self._nodes.cast(value, "uint8", to=output)  # the last node: TensorRT has bytes at a graph's ends only
        return (*self._nodes.taken(), Input((batch, height, width, 4), "uint8"))

    def _place(self, row: Mapping[str, Any], value: str) -> None:
        self._nodes.add("Identity", value, to=self._prefix + row["name"])

    def _others(self) -> tuple[list[Any], list[Any]]:
        for public, row in self._network["inputs"].items():
            if public != "image":
                self._place(row, self._numbers(public, row))
        return self._nodes.taken()

    def _laid(self, value: str, row: Mapping[str, Any], sides: tuple[int, ...]) -> str:
        """(N, C, H, W) as the graph has it: its layout, its type. Its own fixed sides must be those asked for."""
        if row["layout"] == "nhwc":
            value, sides = self._nodes.add("Transpose", value, perm=TO_NHWC), turned(sides, TO_NHWC)
        for wanted, side in zip(row["shape"], sides, strict=True):
            if not isinstance(wanted, str) and wanted != side:
                fixed, ours = ("x".join(map(str, shape)) for shape in (row["shape"], sides))
                raise ModelError(f"it takes pictures of {fixed} ({row['layout']}), not of {ours}")
        if row["dtype"] == "U8":
            value = self._nodes.add("Add", value, self._nodes.number(0.5))  # the cast truncates
        return self._nodes.cast(value, KINDS[row["dtype"]])

    def _numbers(self, public: str, row: Mapping[str, Any]) -> str:
        """(N, L) floats, or the value that the card holds it at, in the graph's shape and type."""
        dtype = KINDS[row["dtype"]]
        batch = next(iter(self._asked.values())).shape[0]
        shape = tuple(batch if isinstance(side, str) else side for side in row["shape"])
        count = int(np.prod(shape, dtype=int))
        asked = self._asked.get(public)
        if asked is None:
            held = np.asarray(row.get("value", 0), dtype).reshape(-1)
            if held.size not in (1, count):
                raise ModelError(f"its '{public}' takes {count} numbers, the card holds it at {held.size}")
            value = self._nodes.constant(np.broadcast_to(held, (count,)).reshape(shape))
            return self._open(value, dtype) if self._quantised else value
        if int(np.prod(asked.shape, dtype=int)) != count:
            raise ModelError(f"its '{public}' takes {shape}, not {asked.shape}")
        target = self._nodes.constant(np.array(shape, np.int64))
        return self._nodes.cast(self._nodes.add("Reshape", public, target), dtype)

    def _open(self, value: str, dtype: str) -> str:
        """A constant that looks as if it depended on an input: OpenVINO 2026.4 cannot compile quantised operators of
        one that does not."""
        add, constant = self._nodes.add, self._nodes.constant
        number = self._nodes.cast(next(iter(self._asked)), "float32")
        number = add("Reshape", number, constant(np.array([-1], np.int64)))
        number = add("Gather", number, constant(np.array(0, np.int64)), axis=0)
        return add("Add", value, self._nodes.cast(add("Mul", number, self._nodes.number(0.0)), dtype))

    def _picture(self, sides: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
        """The graph's picture as (N, C, H, W) floats, and its sides."""
        row = self._network["output"]
        value = self._nodes.cast(self._prefix + row["name"], "float32")
        if row["layout"] == "nhwc":
            value, sides = self._nodes.add("Transpose", value, perm=TO_NCHW), turned(sides, TO_NCHW)
        if sides[1] not in (1, 3, 4):
            raise ModelError(f"its picture has {sides[1]} channels", "is network.output.layout in the card right?")
        return value, sides

    def _as_large(self, sides: tuple[int, ...]) -> str:
        """What came in, as large as what comes out."""
        batch, tall, wide, channels = self._asked["image"].shape
        if channels not in (1, sides[1]):  # one channel goes over three
            raise ModelError(f"it makes {sides[1]} channels out of {channels}, which cannot be shown in one picture")
        if (tall, wide) == sides[2:]:
            return self._plain
        if self._opset < RESIZES:
            raise ModelError(
                f"it makes another size than it takes, for which its opset {self._opset} is too old",
                f"export it again with opset {RESIZES} or later",
            )
        target = self._nodes.constant(np.array([batch, channels, *sides[2:]], np.int64))
        return self._nodes.add("Resize", self._plain, "", "", target, mode="linear")


def turned(sides: tuple[int, ...], order: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sides[axis] for axis in order)


def span(words: str) -> tuple[float, float]:
    """``-1..1`` as two numbers. Raises ModelError."""
    low, _, high = words.partition("..")
    try:
        numbers = float(low), float(high)
    except ValueError:
        numbers = 0.0, 0.0
    if not numbers[0] < numbers[1]:
        raise ModelError(f"'{words}' is no range", "write 0..1, -1..1 or 0..255")
    return numbers
