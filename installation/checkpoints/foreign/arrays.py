"""NumPy's values in a pickle: element types, scalars and arrays, read by hand from their bytes.

An array becomes a Tensor over its own bytes; a scalar becomes a plain number. Words, objects and structures are no
tensors and are refused by type. See numpy/_core/src/multiarray/descriptor.c for the states.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from installation.checkpoints.foreign.budget import Budget
from installation.checkpoints.foreign.names import Buildable
from installation.checkpoints.foreign.records import Name, Storage, Tensor, broken, said, tensor
from installation.errors import ModelError

# NumPy's word -> the element type and how struct reads one of it. A type that tensors do not have has none.
KINDS = {
    "f8": ("F64", "d"), "f4": ("F32", "f"), "f2": ("F16", "e"), "i8": ("I64", "q"), "i4": ("I32", "i"),
    "i2": ("I16", "h"), "i1": ("I8", "b"), "u1": ("U8", "B"), "b1": ("BOOL", "?"), "u2": ("", "H"), "u4": ("", "I"),
    "u8": ("", "Q"),
}  # fmt: skip


@dataclass(slots=True, eq=False)
class Dtype(Buildable):
    kind: str
    order: str = "|"

    def build(self, state: Any, _: Budget) -> None:
        """``(version, byte order, ...)``; the rest describes structures, which these are not."""
        if type(state) is not tuple or len(state) < 2 or state[1] not in ("<", ">", "|", "="):
            raise broken("an element type of an array is none")
        self.order = state[1]

    @property
    def form(self) -> str:
        return f"{'>' if self.order == '>' else '<'}{KINDS[self.kind][1]}"

    @property
    def size(self) -> int:
        return struct.calcsize(self.form)


@dataclass(slots=True, eq=False)
class Array(Buildable):
    tensor: Tensor | None = None

    def build(self, state: Any, _: Budget) -> None:
        """``(version, shape, dtype, whether Fortran order, bytes)``"""
        if type(state) is not tuple or len(state) != 5:
            raise broken("an array in it is none")
        _, shape, dtype, fortran, raw = state
        self.tensor = _array(raw, dtype, shape, fortran is True)


def dtype(arguments: tuple[Any, ...], _: Budget) -> Dtype:
    word = arguments[0] if arguments else None
    if type(word) is str and word[:1] in "<>|=" and word[1:] in KINDS:
        return Dtype(word[1:], word[0])
    if type(word) is not str or word not in KINDS:
        raise ModelError(f"it holds an array of a type that is not read here: {said(word)}")
    return Dtype(word)


def scalar(arguments: tuple[Any, ...], _: Budget) -> int | float | bool:
    if len(arguments) != 2 or type(arguments[0]) is not Dtype or type(arguments[1]) is not memoryview:
        raise broken("a number in it is none")
    kind, raw = arguments
    if len(raw) != kind.size:
        raise broken("a number in it is none")
    value: int | float | bool = struct.unpack(kind.form, raw)[0]
    return value


def reconstruct(arguments: tuple[Any, ...], _: Budget) -> Array:
    """``numpy._core.multiarray._reconstruct(ndarray, (0,), b'b')``: an empty array that BUILD fills."""
    if not arguments or type(arguments[0]) is not Name or arguments[0].name != "ndarray":
        raise broken("an array in it is none")
    return Array()


def frombuffer(arguments: tuple[Any, ...], _: Budget) -> Array:
    """``numpy._core.numeric._frombuffer(bytes, dtype, shape, order)``: arrays of protocol 5."""
    if len(arguments) != 4:
        raise broken("an array in it is none")
    raw, kind, shape, order = arguments
    return Array(_array(raw, kind, shape, order == "F"))


def _array(raw: Any, kind: Any, shape: Any, fortran: bool) -> Tensor:
    if type(raw) is not memoryview or type(kind) is not Dtype or type(shape) is not tuple:
        raise broken("an array in it is none")
    element = KINDS[kind.kind][0]
    if not element:
        raise ModelError(f"it holds an array of a type that is not read here: {kind.kind}")
    if len(raw) % kind.size:
        raise broken("an array in it has half an element")
    storage = Storage(element, len(raw) // kind.size, lambda: raw, kind.order == ">")
    whole = tensor(storage, 0, shape)
    if whole.nbytes != len(raw):
        raise broken("an array in it has another size than its bytes")
    if fortran:
        mirrored = tensor(storage, 0, shape[::-1])
        whole = tensor(storage, 0, shape, mirrored.strides[::-1])
    return whole


def numbers(array: Tensor) -> list[int | float | bool]:
    """The numbers of an array of one row, for the facts beside a network."""
    kind = next(form for element, form in KINDS.values() if element == array.dtype)
    order = ">" if array.storage.big_endian else "<"
    return list(struct.unpack(f"{order}{array.storage.numel}{kind}", array.storage.source()))
