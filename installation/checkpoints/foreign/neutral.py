"""Writes tensors as a .safetensors file, one after the other, so that memory holds one part of one at a time.

Contiguous, little-endian, element types as they were. Larger elements come first, as safetensors itself does it, so
that every tensor is aligned.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from installation.checkpoints.foreign.budget import Budget
from installation.checkpoints.foreign.records import SIZES, Tensor
from installation.errors import ModelError

PART = 16 << 20  # bytes of a strided tensor gathered at a time


def check(tensors: Mapping[str, Tensor], budget: Budget) -> None:
    """Raises ModelError when they would be written out to far more than the file they came from."""
    for tensor in tensors.values():
        budget.write(tensor.nbytes)


def write(tensors: Mapping[str, Tensor], out: BinaryIO) -> None:
    order = sorted(tensors, key=lambda name: -SIZES[tensors[name].dtype])
    header = {}
    at = 0
    for name in order:
        tensor = tensors[name]
        header[name] = {"dtype": tensor.dtype, "shape": tensor.shape, "data_offsets": (at, at + tensor.nbytes)}
        at += tensor.nbytes
    words = json.dumps(header, separators=(",", ":")).encode()
    words += b" " * (-len(words) % 8)
    out.write(len(words).to_bytes(8, "little"))
    out.write(words)
    for name in order:
        for part in parts(tensors[name]):
            out.write(part)


def parts(tensor: Tensor) -> Iterator[memoryview]:
    """Its elements in row-major order, little-endian."""
    storage = tensor.storage
    size = SIZES[storage.dtype]
    if not tensor.nbytes:
        return
    raw = storage.source()
    if len(raw) != storage.numel * size:
        raise ModelError("a storage of it has another length than it said")
    if tensor.contiguous and not storage.big_endian:
        yield raw[tensor.offset * size : tensor.offset * size + tensor.nbytes]
        return
    import numpy as np  # only here: it is most of what this process weighs, and few files need it

    order = ">" if storage.big_endian else "<"
    strides = tuple(step * size for step in tensor.strides)
    array = np.ndarray(tensor.shape, f"{order}u{size}", raw, tensor.offset * size, strides)
    array = array if tensor.shape else array.reshape(1)
    rows = max(1, PART // (array.nbytes // len(array)))
    for start in range(0, len(array), rows):
        yield np.ascontiguousarray(array[start : start + rows], dtype=f"<u{size}").data.cast("B")


assert sys.byteorder == "little"  # what is written is copied as it lies
