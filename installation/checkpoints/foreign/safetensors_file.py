"""A stranger's .safetensors: eight bytes of length, a JSON header, raw data. Every claim of the header is checked.

Format: https://huggingface.co/docs/safetensors (offsets lie within the data, touch each other, and leave no hole).
"""

from __future__ import annotations

import json
import math
from typing import Any

from installation.checkpoints.foreign.plain import Facts
from installation.checkpoints.foreign.records import SIZES, Contents, Storage, Tensor, broken, count, named, said
from installation.checkpoints.foreign.records import tensor as view_of
from installation.errors import ModelError

MOST_HEADER = 16 << 20  # bytes; a few hundred a tensor


def read(data: memoryview) -> Contents:
    length = int.from_bytes(data[:8], "little")
    if length > min(MOST_HEADER, len(data) - 8):
        raise broken("its header is longer than the file")
    rows = _header(data[8 : 8 + length])
    metadata = rows.pop("__metadata__", {})
    if type(metadata) is not dict:
        raise broken("its header is none")
    body = data[8 + length :]
    tensors = {named(name): _tensor(row, body) for name, row in rows.items()}
    if not tensors:
        raise ModelError("it holds no tensors")
    at = 0
    for begin, end in sorted(row["data_offsets"] for row in rows.values()):
        if begin != at:
            raise broken("tensors in it overlap, or leave a hole")
        at = end
    if at != len(body):
        raise broken("it holds data that belongs to no tensor")
    return Contents("safetensors", tensors, {"metadata": Facts().table(metadata)})


def _header(raw: memoryview) -> dict[str, Any]:
    try:
        rows = json.loads(str(raw, "utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise broken("its header is none") from None
    if type(rows) is not dict:
        raise broken("its header is none")
    return rows


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a name is given twice")
    return table


def _tensor(row: Any, body: memoryview) -> Tensor:
    if type(row) is not dict or set(row) != {"dtype", "shape", "data_offsets"} or type(row["shape"]) is not list:
        raise broken("its header is none")
    dtype, offsets = row["dtype"], row["data_offsets"]
    if type(dtype) is not str or dtype not in SIZES:
        raise ModelError(f"it holds tensors of a type that is not read here: {said(dtype)}")
    if type(offsets) is not list or len(offsets) != 2:
        raise broken("its header is none")
    begin, end = (count(offset, "the place of a tensor") for offset in offsets)
    shape = tuple(count(side, "the side of a tensor") for side in row["shape"])
    if not begin <= end <= len(body) or end - begin != math.prod(shape) * SIZES[dtype]:
        raise broken("a tensor in it has another size than its data")
    raw = body[begin:end]
    return view_of(Storage(dtype, math.prod(shape), lambda: raw), 0, shape)
