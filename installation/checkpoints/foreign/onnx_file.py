"""An .onnx file: its initialisers as tensors, and what its graph takes, gives and is made of as facts.

Nothing of the graph is run. A tensor that is kept in another file is refused wherever it hides: the path in such a
file is somebody else's. Format: onnx/onnx.proto3.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator
from typing import Any

from installation.checkpoints.foreign.plain import Facts
from installation.checkpoints.foreign.records import SIZES, Contents, Storage, Tensor, broken, count, named, said
from installation.checkpoints.foreign.records import tensor as view_of
from installation.errors import ModelError

# TensorProto.DataType -> element type, the field that holds it where raw_data does not, and one element as array has it
KINDS = {
    1: ("F32", "float_data", "f"), 2: ("U8", "int32_data", "B"), 3: ("I8", "int32_data", "b"),
    5: ("I16", "int32_data", "h"), 6: ("I32", "int32_data", "i"), 7: ("I64", "int64_data", "q"),
    9: ("BOOL", "int32_data", "B"), 10: ("F16", "int32_data", "H"), 11: ("F64", "double_data", "d"),
    16: ("BF16", "int32_data", "H"),
}  # fmt: skip
EXTERNAL = 1  # TensorProto.DataLocation
DEEPEST = 16  # graphs in graphs
MOST_NODES = 100_000


def read(data: memoryview) -> Contents:
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    try:
        model = onnx.ModelProto.FromString(bytes(data))
    except DecodeError:
        raise broken("it is no whole ONNX file") from None
    if model.training_info:
        raise ModelError("it is an ONNX file for training, not for painting", "export it again without training")
    if not model.opset_import:
        raise broken("it does not say which operators it means")
    operators: Counter[str] = Counter()
    domains: set[str] = set()  # of what is in it: some exporters import domains they do not use
    for body in _bodies(model):
        for node in body.node:
            operators[node.op_type] += 1
            domains.add(node.domain or "ai.onnx")
    tensors: dict[str, Tensor] = {}
    for held in model.graph.initializer:
        if held.name in tensors:
            raise ModelError(f"it holds two tensors named {said(held.name)}")
        tensors[named(held.name)] = _tensor(held)
    facts = {
        "inputs": [_value(value) for value in model.graph.input if value.name not in tensors],
        "outputs": [_value(value) for value in model.graph.output],
        "domains": sorted(domains),
        "opset": next((opset.version for opset in model.opset_import if opset.domain in ("", "ai.onnx")), 0),
        "operators": dict(operators),
    }
    return Contents("onnx", tensors, Facts().table(facts))


def _bodies(model: Any) -> Iterator[Any]:
    """The graph, the functions and all graphs inside their nodes, every tensor in them checked."""
    waiting = [(model.graph, 0), *((function, 0) for function in model.functions)]
    nodes = 0
    while waiting:
        body, depth = waiting.pop()
        nodes += 1 + len(body.node)
        if depth > DEEPEST or nodes > MOST_NODES:
            raise ModelError("its graph is larger than any network's")
        if depth or body is model.graph:
            _inside(body.initializer, body.sparse_initializer)
        for node in body.node:
            for attribute in node.attribute:
                _inside([attribute.t, *attribute.tensors], attribute.sparse_tensors)
                if attribute.HasField("sparse_tensor"):
                    _inside([], [attribute.sparse_tensor])
                waiting += [(inner, depth + 1) for inner in attribute.graphs]
                if attribute.HasField("g"):
                    waiting.append((attribute.g, depth + 1))
        yield body


def _inside(tensors: Any, sparse: Any) -> None:
    if sparse:
        raise ModelError("it holds sparse tensors, which are not read here")
    for held in tensors:
        if held.data_location == EXTERNAL or held.external_data:
            raise ModelError(
                f"it keeps '{said(held.name)}' in another file, which is not followed",
                "export it as one file: onnx.save(model, 'one.onnx', save_as_external_data=False)",
            )


def _tensor(held: Any) -> Tensor:
    if held.data_type not in KINDS:
        raise ModelError(f"its tensor '{said(held.name)}' is of a type that is not read here")
    dtype, typed, element = KINDS[held.data_type]
    shape = tuple(count(side, "the side of a tensor") for side in held.dims)
    try:
        raw = held.raw_data if held.HasField("raw_data") else array(element, getattr(held, typed)).tobytes()
    except OverflowError:
        raise broken("a number in it does not fit its tensor") from None
    numel = math.prod(shape)
    if len(raw) != numel * SIZES[dtype]:
        raise broken("a tensor in it has another size than its data")
    return view_of(Storage(dtype, numel, lambda: memoryview(raw)), 0, shape)


def _value(value: Any) -> dict[str, Any]:
    kind = value.type.tensor_type
    sides = [side.dim_value if side.HasField("dim_value") else side.dim_param or "?" for side in kind.shape.dim]
    return {"name": value.name, "shape": sides, "dtype": KINDS.get(kind.elem_type, ("other",))[0]}
