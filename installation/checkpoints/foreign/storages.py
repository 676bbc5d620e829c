"""torch's part of a pickle: storages by persistent id, tensors as views of them, and the layout before torch 1.6.

That layout, as a file and nested as bytes in NVIDIA's pickles: three small pickles (magic number, protocol 1001,
system), the pickle of the object, the pickle of its storages' keys, then for every key an int64 count and raw data.
Storages are read here; ``torch.storage._load_from_bytes`` would unpickle them, so it only ever is a name.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace
from typing import Any

from installation.checkpoints.foreign.budget import Budget
from installation.checkpoints.foreign.machine import load
from installation.checkpoints.foreign.names import Allowed, Call
from installation.checkpoints.foreign.records import SIZES, Name, Storage, Tensor, broken, count, cut_short
from installation.checkpoints.foreign.records import tensor as view_of
from installation.errors import ModelError

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001
STORAGES = {
    "DoubleStorage": "F64", "FloatStorage": "F32", "HalfStorage": "F16", "BFloat16Storage": "BF16",
    "LongStorage": "I64", "IntStorage": "I32", "ShortStorage": "I16", "CharStorage": "I8", "ByteStorage": "U8",
    "BoolStorage": "BOOL",
}  # fmt: skip
WORDS = frozenset(("torch", name) for name in STORAGES)
NOTHING = Allowed({}, {}, frozenset())
_KEY = re.compile(r"[0-9]{1,20}")


def parts(saved: Any) -> tuple[str, str, int, Any]:
    """(element type, key, numel, view) of a persistent id ('storage', type, key, device, numel[, view])."""
    if type(saved) is not tuple or len(saved) not in (5, 6) or saved[0] != "storage":
        raise ModelError("it refers to something that is no storage")
    kind, name = saved[1], saved[2]
    if type(kind) is not Name or kind.module != "torch" or kind.name not in STORAGES:
        raise ModelError("it refers to a storage of no known type")
    if type(name) is not str or not _KEY.fullmatch(name):
        raise ModelError("it refers to a storage by a name that is none")
    return STORAGES[kind.name], name, count(saved[4], "the length of a storage"), saved[5] if len(saved) == 6 else None


@dataclass(slots=True)
class Shelf:
    """The storages of one file in the old layout: named by the pickle, found behind it."""

    wanted: dict[str, Storage]
    there: dict[str, memoryview]

    def persistent(self, saved: Any) -> Storage:
        dtype, name, numel, view = parts(saved)
        known = self.wanted.setdefault(name, Storage(dtype, numel, lambda: self.there[name]))
        if (known.dtype, known.numel) != (dtype, numel):
            raise broken("a storage in it has two lengths")
        if view is None:
            return known
        if type(view) is not tuple or len(view) != 3:
            raise broken("a view of a storage in it is none")
        start, length = count(view[1], "the start of a view"), count(view[2], "the length of a view")
        if start + length > numel:
            raise ModelError("a view reaches beyond its storage")
        size = SIZES[dtype]
        return Storage(dtype, length, lambda: self.there[name][start * size : (start + length) * size])


def legacy(data: memoryview, allowed: Allowed, budget: Budget) -> Any:
    """The object that lies in ``data``, its storages checked against what is there. Raises ModelError."""
    at = 0
    head = []
    for _ in range(3):
        value, at = load(data, at, NOTHING, budget)
        head.append(value)
    if head[0] != MAGIC or head[1] != VERSION or type(head[2]) is not dict:
        raise broken("it does not begin as torch's files do")
    if head[2].get("little_endian") is not True:
        raise ModelError("it was written by a big-endian machine", "save it again on today's machine with torch.save")
    shelf = Shelf({}, {})
    value, at = load(data, at, replace(allowed, persistent=shelf.persistent), budget)
    keys, at = load(data, at, NOTHING, budget)
    if type(keys) is not list or not all(type(key) is str for key in keys) or len(set(keys)) != len(keys):
        raise broken("the list of its storages is none")
    for key in keys:
        at = _storage(data, at, key, shelf)
    if missing := set(shelf.wanted) - set(shelf.there):
        raise broken(f"{len(missing)} of its storages are not there")
    return value


def _storage(data: memoryview, at: int, key: str, shelf: Shelf) -> int:
    wanted = shelf.wanted.get(key)
    if wanted is None:
        raise broken("it holds a storage that nothing refers to")
    if len(data) < at + 8:
        raise cut_short()
    numel: int = struct.unpack("<q", data[at : at + 8])[0]
    if numel != wanted.numel:
        raise broken("a storage in it has two lengths")
    end = at + 8 + numel * SIZES[wanted.dtype]
    if end > len(data):
        raise cut_short()
    shelf.there[key] = data[at + 8 : end]
    return end


def load_from_bytes(arguments: tuple[Any, ...], budget: Budget) -> Storage:
    """A storage as NVIDIA's pickles hold it: a whole file of the old layout whose object is one storage."""
    if len(arguments) != 1 or type(arguments[0]) is not memoryview:
        raise broken("a storage in it is none")
    budget.copy(len(arguments[0]))  # the same bytes may be asked for again and again
    storage = legacy(arguments[0], Allowed({}, {}, WORDS), budget)
    if type(storage) is not Storage:
        raise ModelError("where a storage belongs it holds something else")
    return storage


def rebuild_tensor(arguments: tuple[Any, ...], _: Budget) -> Tensor:
    """``_rebuild_tensor(storage, offset, size, stride)``; version 2 adds gradients and hooks, which are not kept."""
    if len(arguments) < 4 or type(arguments[0]) is not Storage:
        raise broken("a tensor in it has no storage")
    storage, offset, size, stride = arguments[:4]
    return view_of(storage, offset, size, stride)


def rebuild_parameter(arguments: tuple[Any, ...], _: Budget) -> Tensor:
    """``_rebuild_parameter(tensor, ...)``: the tensor."""
    if not arguments or type(arguments[0]) is not Tensor:
        raise broken("a parameter in it is no tensor")
    return arguments[0]


TENSORS: dict[tuple[str, str], Call] = {
    ("torch._utils", "_rebuild_tensor"): rebuild_tensor,
    ("torch._utils", "_rebuild_tensor_v2"): rebuild_tensor,
    ("torch._utils", "_rebuild_parameter"): rebuild_parameter,
    ("torch._utils", "_rebuild_parameter_with_state"): rebuild_parameter,
}
