"""What a foreign file is read into: plain records that nothing can be called on.

Element types carry their safetensors names. Sizes are checked where a record is made, so that whoever holds a Tensor
may copy it out without looking again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from installation.errors import ModelError

SIZES = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "F16": 2, "BF16": 2, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}
MOST_SIDES = 16  # dimensions of a tensor
MOST_TENSORS = 50_000
LONGEST_NAME = 300
LONGEST_SAID = 80  # characters of a stranger's word that a message quotes


def said(word: object) -> str:
    """A stranger's word as a message may quote it: short and printable. Anything but a word is named by its type."""
    if not isinstance(word, str):
        return f"a {type(word).__name__}"
    cut = word[:LONGEST_SAID]
    return "".join(c if c.isprintable() else "?" for c in cut) + ("..." if len(word) > LONGEST_SAID else "")


def cut_short() -> ModelError:
    return ModelError("the file is cut short", "download or copy it again")


def broken(what: str) -> ModelError:
    return ModelError(f"it is broken: {what}", "download or copy it again")


def count(value: object, what: str) -> int:
    """A number that counts something, from a stranger. bool is no number, and nothing is counted beyond 2**62."""
    if type(value) is not int or not 0 <= value < 1 << 62:
        raise ModelError(f"{what} is not a number it can be")
    return value


@dataclass(frozen=True, slots=True)
class Name:
    """A global that a pickle named. It is only ever looked up in a table of ours."""

    module: str
    name: str


class Table(dict[Any, Any]):
    """A dict class of theirs (OrderedDict, EasyDict). Attributes set on it are dropped."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Namespace:
    """An argparse.Namespace: training options."""

    values: Mapping[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Persistent:
    """NVIDIA's persistence object: a table with class_name, state and more. Its source text is never looked at."""

    table: Mapping[Any, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Storage:
    """``numel`` elements in a row. ``source`` gives their bytes when somebody wants them."""

    dtype: str
    numel: int
    source: Callable[[], memoryview]
    big_endian: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """Elements of a storage, in steps of ``strides`` elements from ``offset``. Make one with ``tensor``."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def dtype(self) -> str:
        return self.storage.dtype

    @property
    def nbytes(self) -> int:
        return math.prod(self.shape) * SIZES[self.dtype]

    @property
    def contiguous(self) -> bool:
        return self.nbytes == 0 or all(
            side == 1 or step == wanted
            for side, step, wanted in zip(self.shape, self.strides, row_major(self.shape), strict=True)
        )


@dataclass(frozen=True, slots=True)
class Contents:
    """What a reader found: ``Found`` before its tensors are only shapes."""

    container: str
    tensors: dict[str, Tensor]
    facts: dict[str, Any]


def row_major(shape: tuple[int, ...]) -> tuple[int, ...]:
    steps = []
    step = 1
    for side in reversed(shape):
        steps.append(step)
        step *= side
    return tuple(reversed(steps))


def tensor(storage: Storage, offset: object, shape: object, strides: object = None) -> Tensor:
    """A view that lies wholly inside its storage. Raises ModelError when it does not."""
    if not isinstance(shape, tuple) or len(shape) > MOST_SIDES:
        raise ModelError("the shape of a tensor is not a list of sides")
    sides = tuple(count(side, "the side of a tensor") for side in shape)
    if strides is None:
        strides = row_major(sides)
    if not isinstance(strides, tuple) or len(strides) != len(sides):
        raise ModelError("a tensor has another number of strides than of sides")
    steps = tuple(count(step, "the stride of a tensor") for step in strides)
    start = count(offset, "the offset of a tensor")
    if math.prod(sides):
        last = start + sum((side - 1) * step for side, step in zip(sides, steps, strict=True))
        if last >= storage.numel:
            raise ModelError("a tensor reaches beyond its storage")
    elif any(side >= 1 << 31 for side in sides):
        raise ModelError("an empty tensor has sides that no tensor has")
    return Tensor(storage, start, sides, steps)


def named(name: object) -> str:
    """A tensor's name. Raises ModelError for what could not be shown or written in a header."""
    if not isinstance(name, str) or not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ModelError(f"a tensor has a name that is none: {said(name)}")
    if name == "__metadata__":
        raise ModelError("a tensor has a name that is none: __metadata__")
    return name
