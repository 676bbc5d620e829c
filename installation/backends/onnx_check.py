"""Whether an ONNX file is one that we play: valid, in one file, of ONNX's own operators. Its card pins its hash; this
guards against what ``models convert`` was not asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from installation.errors import ModelError

DOMAINS = ("", "ai.onnx", "ai.onnx.ml")
EXTERNAL = 1  # TensorProto.DataLocation


def loaded(path: Path) -> Any:
    """The model, checked. Raises ModelError."""
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    try:
        model = onnx.load(str(path), load_external_data=False)
    except (DecodeError, OSError, ValueError) as error:
        raise ModelError(f"it is no ONNX file: {first_line(error)}") from error
    for body in _bodies(model):
        for node in body.node:
            if node.domain not in DOMAINS:
                raise ModelError(f"it uses operators of '{node.domain}', which are not ONNX's own")
            for attribute in node.attribute:
                _inside(attribute.t, *attribute.tensors)
                _dense(attribute.sparse_tensors or attribute.HasField("sparse_tensor"))
        _inside(*getattr(body, "initializer", ()))
        _dense(getattr(body, "sparse_initializer", ()))
    valid(model)
    return model


def valid(model: Any) -> None:
    """Raises ModelError."""
    import onnx

    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        raise ModelError(f"it is no valid ONNX graph: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    return _line(error, 0)


def last_line(error: Exception) -> str:
    return _line(error, -1)


def _line(error: Exception, place: int) -> str:
    """A line of what a library says, as a terminal may show it."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[place]
    return "".join(c if c.isprintable() else "?" for c in line)[:200]


def _inside(*tensors: Any) -> None:
    for tensor in tensors:
        if tensor.data_location == EXTERNAL or tensor.external_data:
            raise ModelError(f"it keeps '{tensor.name}' in another file, which is not followed")


def _dense(sparse: Any) -> None:
    if sparse:
        raise ModelError("it holds sparse tensors, which are not read here")


def _bodies(model: Any) -> Iterator[Any]:
    """The graph, the functions, and all graphs inside their nodes."""
    waiting = [model.graph, *model.functions]
    while waiting:
        body = waiting.pop()
        yield body
        for node in body.node:
            for attribute in node.attribute:
                waiting += attribute.graphs
                if attribute.HasField("g"):
                    waiting.append(attribute.g)
