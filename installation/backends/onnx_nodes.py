"""Nodes and constants for an ONNX graph, one after the other, each with a name of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from installation.backends.recipe import Input


class Nodes:
    """``add`` gives the name of what the node makes; ``taken`` gives what was added since and starts anew."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._count = 0

    def add(self, operator: str, *inputs: str, to: str = "", **attributes: Any) -> str:
        from onnx import helper

        made = to or self._fresh()
        self._nodes.append(helper.make_node(operator, list(inputs), [made], made, **attributes))
        return made

    def cast(self, value: str, dtype: str, to: str = "") -> str:
        from onnx import helper

        made = to or self._fresh()
        self._nodes.append(helper.make_node("Cast", [value], [made], made, to=kind(dtype)))
        return made

    def number(self, value: float) -> str:
        return self.constant(np.array(value, np.float32))

    def constant(self, array: Any) -> str:
        from onnx import numpy_helper

        name = self._fresh()
        self._constants.append(numpy_helper.from_array(np.array(array), name))
        return name

    def taken(self) -> tuple[list[Any], list[Any]]:
        taken = self._nodes, self._constants
        self._nodes, self._constants = [], []
        return taken

    def _fresh(self) -> str:
        self._count += 1
        return f"{self._prefix}{self._count}"


def value_info(name: str, given: Input) -> Any:
    from onnx import helper

    return helper.make_tensor_value_info(name, kind(given.dtype), given.shape)


def kind(dtype: str) -> int:
    """ONNX's number for numpy's name."""
    from onnx import helper

    found: int = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    return found
