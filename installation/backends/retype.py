"""An ONNX graph rewritten to say in which type each part computes: what TensorRT wants.

Its newer versions are strongly typed: they compute in the types that the graph names and choose none themselves. So the
graph is retyped here, by the rules of mixed precision:

    convolutions and matrix products       half: all the time goes there
    what only moves, adds or clips         as its largest input comes
    sums, squares, roots, sines            float32: half ends at 65504 and has three digits

A product of a single row (a mapping network, a style's affine layer) stays float32: it costs nothing, and everything
after it hangs on it. So does all that leads to a sine: a phase in half is noise. The names, shapes and types of the
graph's own inputs and outputs stay. float16 keeps three digits, bfloat16 two and float32's range.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, shape_inference

KINDS = {"fp16": TensorProto.FLOAT16, "bf16": TensorProto.BFLOAT16}
PRODUCTS = frozenset({"Gemm", "MatMul"})
HEAVY = frozenset({"Conv", "ConvTranspose"}) | PRODUCTS
NOT_IN_BF16 = frozenset({"ConvTranspose"})  # TensorRT for RTX 1.7 refuses it
FOLLOW = frozenset((
    "Abs", "Add", "AveragePool", "Clip", "Concat", "DepthToSpace", "Dropout", "Elu", "Expand", "Flatten", "Gather",
    "HardSigmoid", "Identity", "InstanceNormalization", "LeakyRelu", "Max", "MaxPool", "Min", "Mul", "Neg", "PRelu",
    "Pad", "Relu", "Reshape", "Resize", "Sigmoid", "Slice", "SpaceToDepth", "Split", "Squeeze", "Sub", "Tanh", "Tile",
    "Transpose", "Unsqueeze",
))  # fmt: skip
PHASES = frozenset({"Sin", "Cos"})
ANY_SIDE = 64  # what a side without a fixed size counts as, where sizes are only compared


def retyped(graph: bytes, precision: str) -> bytes:
    """The same graph computing in ``precision`` (fp32, bf16, fp16) where that is safe. Raises ValueError."""
    model = onnx.load_from_string(graph)
    if any(attribute.HasField("g") for node in model.graph.node for attribute in node.attribute):
        raise ValueError("a graph with branches or loops is not supported")
    _cast_bytes(model.graph)
    if precision in KINDS:
        model = shape_inference.infer_shapes(model)
        _Rewrite(model.graph, KINDS[precision]).run()
    made: bytes = model.SerializeToString()
    return made


def _cast_bytes(graph: onnx.GraphProto) -> None:
    """Bytes become numbers at once: TensorRT takes uint8 in, but moves no tensor of it."""
    given = [value.name for value in graph.input if value.type.tensor_type.elem_type == TensorProto.UINT8]
    for node in graph.node:
        for place, name in enumerate(node.input):
            if name in given:
                node.input[place] = f"{name}.number"
    casts = [helper.make_node("Cast", [name], [f"{name}.number"], to=TensorProto.FLOAT) for name in given]
    nodes = [*casts, *graph.node]
    del graph.node[:], graph.value_info[:]
    graph.node.extend(nodes)


class _Rewrite:
    """A tensor keeps its name in float32; its narrow twin has another. Casts are made where one is missing."""

    def __init__(self, graph: onnx.GraphProto, kind: int) -> None:
        self.graph, self.kind = graph, kind
        self.weights = {tensor.name: tensor for tensor in graph.initializer}
        self.shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
        self.floats = {tensor.name for tensor in graph.initializer if tensor.data_type == TensorProto.FLOAT}
        for value in (*graph.input, *graph.value_info, *graph.output):
            dims = value.type.tensor_type.shape.dim
            self.shapes[value.name] = tuple(dim.dim_value or ANY_SIDE for dim in dims)
            if value.type.tensor_type.elem_type == TensorProto.FLOAT:
                self.floats.add(value.name)
        self.twins: dict[str, str] = {}
        self.born: set[str] = set()  # made in half
        self.narrow_only: set[str] = set()  # and not yet cast back
        self.nodes: list[onnx.NodeProto] = []

    def run(self) -> None:
        exact = self._before_phases()
        for node in self.graph.node:
            if any(name in exact for name in node.output) or not self._narrows(node):
                for name in node.input:
                    self._widen(name)
            else:
                for place in _data(node):
                    if node.input[place] in self.floats:
                        node.input[place] = self._twin(node.input[place])
                for place, name in enumerate(node.output):
                    if name in self.floats:
                        node.output[place] = self.twins[name] = f"{name}.narrow"
                        self.born.add(name)
                        self.narrow_only.add(name)
            self.nodes.append(node)
        for output in self.graph.output:
            self._widen(output.name)
        del self.graph.node[:], self.graph.value_info[:]
        self.graph.node.extend(self.nodes)
        used = {name for node in self.nodes for name in node.input} | {output.name for output in self.graph.output}
        kept = [tensor for tensor in self.graph.initializer if tensor.name in used]
        del self.graph.initializer[:]
        self.graph.initializer.extend(kept)

    def _narrows(self, node: onnx.NodeProto) -> bool:
        given = [node.input[place] for place in _data(node) if node.input[place] in self.floats]
        made = [name for name in given if name not in self.weights]
        if self.kind == TensorProto.BFLOAT16 and node.op_type in NOT_IN_BF16:
            return False
        if node.domain or not made or not all(self._fits(name) for name in given):
            return False
        if node.op_type in HEAVY:
            shape = self.shapes.get(node.output[0], ())
            return node.op_type not in PRODUCTS or not shape or prod(shape[:-1]) > 1
        largest = max(map(self._size, made))
        follows = any(name in self.born and self._size(name) == largest for name in made)
        squares = node.op_type == "Mul" and len(set(given)) == 1
        return node.op_type in FOLLOW and follows and not squares

    def _size(self, name: str) -> int:
        return prod(self.shapes.get(name, ()))

    def _fits(self, name: str) -> bool:
        """Whether a weight survives: nothing overflows, and a lone small number (an epsilon) does not become 0."""
        if name not in self.weights or self.kind != TensorProto.FLOAT16:
            return True
        array = numpy_helper.to_array(self.weights[name])
        with np.errstate(over="ignore", under="ignore"):
            narrow = array.astype(np.float16)
        return bool(np.isfinite(narrow).all()) and (array.size > 1 or not array.any() or bool(narrow.any()))

    def _twin(self, name: str) -> str:
        if name not in self.twins:
            self.twins[name] = f"{name}.narrow"
            if name in self.weights:
                self.graph.initializer.append(self._weight(name))
            else:
                self.nodes.append(helper.make_node("Cast", [name], [f"{name}.narrow"], to=self.kind))
        return self.twins[name]

    def _weight(self, name: str) -> TensorProto:
        array: Any = numpy_helper.to_array(self.weights[name])
        dtype = helper.tensor_dtype_to_np_dtype(self.kind)
        return numpy_helper.from_array(array.astype(dtype), f"{name}.narrow")

    def _widen(self, name: str) -> None:
        if name in self.narrow_only:
            self.narrow_only.remove(name)
            self.nodes.append(helper.make_node("Cast", [self.twins[name]], [name], to=TensorProto.FLOAT))

    def _before_phases(self) -> set[str]:
        makers = {name: node for node in self.graph.node for name in node.output}
        waiting = [name for node in self.graph.node if node.op_type in PHASES for name in node.input]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in makers and name not in found:
                found.add(name)
                waiting += makers[name].input
        return found


def _data(node: onnx.NodeProto) -> Iterator[int]:
    """The places of inputs that carry the picture: Resize's scales stay float32 by its definition."""
    return iter(range(min(1, len(node.input)) if node.op_type == "Resize" else len(node.input)))
