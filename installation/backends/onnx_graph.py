"""Somebody's ONNX file made into a graph like our own: one size, inputs by our names, and ends a show can use.

    numeric   image (N, C, H, W) float32 in the network's range, others (N, L) float32  ->  the picture as it is
    painted   image (N, H, W, C) uint8, others (N, L) float32, strength (1,)            ->  uint8 (N, H, W, 4)

Kept at ``<cache>/graphs/<content hash>.onnx``, so that OpenVINO and TensorRT take it the way they take an exported one.
``network`` is the card's: what the file's inputs and output are called and how they lie (checkpoints/families/onnx.py).
An input that is not asked for is held at its ``value``. Raises ModelError, with the file's name.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from installation.backends.onnx_check import last_line, loaded, valid
from installation.backends.onnx_ends import Ends
from installation.backends.onnx_nodes import value_info
from installation.backends.recipe import Input
from installation.errors import ModelError
from installation.files import sha256_of, write_atomically
from installation.library import cache_dir

PREFIX = "net."  # before every name inside, so that none is ours
LARGEST = 2**30  # numbers in one tensor: 4 GB; a line in a file can ask for any
OLDEST_IR = 4  # from here on an initialiser need not be an input too


def inputs(network: Mapping[str, Any], batch: int, size: tuple[int, int]) -> dict[str, Input]:
    """What ``numeric`` takes for pictures of (width, height): the picture and every input without a ``value``."""
    width, height = size
    asked = {}
    for name, row in network["inputs"].items():
        if name == "image":
            asked[name] = Input((batch, row["channels"], height, width), "float32")
        elif "value" not in row:
            # A first side that is open is how many rows there are; a fixed one is part of the row.
            asked[name] = Input((batch, math.prod(s for s in row["shape"] if not isinstance(s, str))), "float32")
    return asked


def numeric(path: Path, network: Mapping[str, Any], asked: Mapping[str, Input], output: str) -> Path:
    return _kept("numeric", path, network, asked, output, lambda ends: (ends.numeric_front, ends.numeric_back))


def painted(path: Path, network: Mapping[str, Any], asked: Mapping[str, Input], output: str) -> Path:
    return _kept("painted", path, network, asked, output, lambda ends: (ends.painted_front, ends.painted_back))


def _kept(
    door: str,
    path: Path,
    network: Mapping[str, Any],
    asked: Mapping[str, Input],
    output: str,
    sides_of: Callable[[Ends], tuple[Any, Any]],
) -> Path:
    code = [sha256_of(source) for source in sorted(Path(__file__).parent.glob("onnx_*.py"))]
    given = [f"{name} {wanted}" for name, wanted in asked.items()]
    text = "\n".join([door, sha256_of(path), repr(network), *given, output, *code])
    kept = cache_dir("graphs") / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.onnx"
    if not kept.is_file():
        try:
            write_atomically(kept, _made(path, network, asked, output, sides_of))
        except ModelError as error:
            raise ModelError(f"{path.name}: {error.message}", error.hint) from error
    return kept


def _made(
    path: Path,
    network: Mapping[str, Any],
    asked: Mapping[str, Input],
    output: str,
    sides_of: Callable[[Ends], tuple[Any, Any]],
) -> bytes:
    model = loaded(path)
    graph = model.graph
    _prefix(graph)
    picture = PREFIX + network["output"]["name"]
    wanted = {picture, *(PREFIX + row["name"] for row in network["inputs"].values())}
    if missing := wanted - {value.name for value in (*graph.input, *graph.output)}:
        raise ModelError(f"it has no '{missing.pop().removeprefix(PREFIX)}'", "the card's network: is of another file")
    ends = Ends(network, asked, PREFIX, model)
    front, back = sides_of(ends)
    nodes, constants = front()
    body = list(graph.node)
    made = next(value for value in graph.output if value.name == picture)
    made.type.tensor_type.ClearField("shape")
    del graph.node[:], graph.input[:], graph.output[:], graph.value_info[:], graph.quantization_annotation[:]
    graph.node.extend([*nodes, *body])
    graph.initializer.extend(constants)
    graph.input.extend(value_info(name, given) for name, given in asked.items())
    graph.output.append(made)
    model.ir_version = max(model.ir_version, OLDEST_IR)
    # Only with fixed inputs in front does the size of its picture follow, and only with that what comes after it.
    nodes, constants, shown = back(_size_of_output(model), output)
    graph.node.extend(nodes)
    graph.initializer.extend(constants)
    del graph.output[:]
    graph.output.append(value_info(output, shown))
    valid(model)
    data: bytes = model.SerializeToString()
    return data


def _size_of_output(model: Any) -> tuple[int, ...]:
    """All sides of the network's picture, from OpenVINO: the only one here that follows sizes through arithmetic on
    them, which is how exporters write padding. It tells too what would not fit into any memory."""
    import openvino as ov

    try:
        graph = ov.Core().read_model(model.SerializeToString())
    except RuntimeError as error:
        raise ModelError(f"it cannot take pictures of this size: {last_line(error)}") from error
    for operator in graph.get_ordered_ops():
        for made in operator.outputs():
            shape = made.get_partial_shape()
            if shape.is_static and math.prod(side.get_length() for side in shape) > LARGEST:
                raise ModelError(f"a tensor in it is {shape}, more than any memory holds", "a smaller size?")
    sides = graph.output(0).get_partial_shape()
    if not sides.is_static or len(sides) != 4:
        raise ModelError(f"it makes no picture of a known size, but {sides}", "export it with a fixed size")
    return tuple(side.get_length() for side in sides)


def _prefix(graph: Any) -> None:
    """Before every value's name, in inner graphs too: they see the names of the outer ones."""
    for value in (*graph.input, *graph.output, *graph.initializer):
        value.name = PREFIX + value.name
    for node in graph.node:
        node.input[:] = [name and PREFIX + name for name in node.input]
        node.output[:] = [name and PREFIX + name for name in node.output]
        for attribute in node.attribute:
            for inner in (*attribute.graphs, *([attribute.g] if attribute.HasField("g") else [])):
                del inner.value_info[:]
                _prefix(inner)
