"""Reads the weights out of an ``.onnx`` file: its initialisers by name. The graph itself is not run; ours is.

Tensors that point outside the file are refused: the path in such a file is somebody else's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from installation.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor


def read(path: Path) -> dict[str, Tensor]:
    """Name -> tensor. Raises ModelError."""
    import onnx
    import torch
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    try:
        model = onnx.load(str(path), load_external_data=False)
    except (DecodeError, OSError, ValueError) as error:
        raise ModelError(f"{path.name} is no ONNX file: {error}") from error
    outside = [tensor.name for tensor in model.graph.initializer if tensor.external_data]
    if outside:
        raise ModelError(f"{path.name} keeps '{outside[0]}' in another file, which is not followed")
    arrays = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    if not arrays:
        raise ModelError(f"{path.name} holds no tensors")
    return {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}
