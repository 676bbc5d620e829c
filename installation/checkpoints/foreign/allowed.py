"""Every global that a checkpoint may name, by exact module and name, and what stands in for it.

Three lists, for three kinds of file. Nothing here is the thing itself: an OrderedDict becomes a Table, a network a
Persistent record with its source text never looked at.
"""

from __future__ import annotations

from typing import Any

from installation.checkpoints.foreign import arrays, storages
from installation.checkpoints.foreign.budget import Budget
from installation.checkpoints.foreign.machine import fill, key
from installation.checkpoints.foreign.names import Allowed, Call
from installation.checkpoints.foreign.records import Namespace, Persistent, Table, broken


def table(arguments: tuple[Any, ...], budget: Budget) -> Table:
    """``OrderedDict()``, or ``OrderedDict([[key, value], ...])`` as Python 2 wrote it."""
    made = Table()
    for pairs in arguments[:1]:
        if type(pairs) is not list:
            raise broken("a table in it is none")
        budget.copy(16 * len(pairs))
        for pair in pairs:
            if type(pair) not in (list, tuple) or len(pair) != 2:
                raise broken("a table in it is none")
            fill(made, list(pair))
    return made


def set_of(arguments: tuple[Any, ...], budget: Budget) -> set[Any]:
    members = arguments[0] if arguments else []
    if type(members) is not list:
        raise broken("a set in it is none")
    budget.copy(16 * len(members))
    return {key(member) for member in members}


def size(arguments: tuple[Any, ...], _: Budget) -> tuple[Any, ...]:
    """``torch.Size((1, 2))``"""
    if len(arguments) != 1 or type(arguments[0]) is not tuple:
        raise broken("a size in it is none")
    return arguments[0]


def encode(arguments: tuple[Any, ...], budget: Budget) -> memoryview:
    """``_codecs.encode(word, 'latin1')``: bytes, as protocols below 3 write them."""
    if len(arguments) != 2 or type(arguments[0]) is not str or arguments[1] != "latin1":
        raise broken("bytes in it are none")
    budget.copy(len(arguments[0]))
    try:
        return memoryview(arguments[0].encode("latin1"))
    except UnicodeEncodeError:
        raise broken("bytes in it are none") from None


def no_bytes(arguments: tuple[Any, ...], _: Budget) -> memoryview:
    """``bytes()``, as protocols below 3 write empty bytes."""
    if arguments:
        raise broken("bytes in it are none")
    return memoryview(b"")


def persistent(arguments: tuple[Any, ...], _: Budget) -> Persistent:
    if len(arguments) != 1 or type(arguments[0]) not in (dict, Table):
        raise broken("a network in it is none")
    return Persistent(arguments[0])


PLAIN: dict[tuple[str, str], Call] = {
    ("collections", "OrderedDict"): table,
    ("builtins", "set"): set_of,
    ("__builtin__", "set"): set_of,
    ("_codecs", "encode"): encode,
    ("builtins", "bytes"): no_bytes,
    ("__builtin__", "bytes"): no_bytes,
    ("torch", "Size"): size,
    ("numpy", "dtype"): arrays.dtype,
}
for _core in ("numpy.core", "numpy._core"):
    PLAIN |= {
        (f"{_core}.multiarray", "scalar"): arrays.scalar,
        (f"{_core}.multiarray", "_reconstruct"): arrays.reconstruct,
        (f"{_core}.numeric", "_frombuffer"): arrays.frombuffer,
    }
NETWORKS: dict[tuple[str, str], Call] = {
    ("torch.storage", "_load_from_bytes"): storages.load_from_bytes,
    ("torch_utils.persistence", "_reconstruct_persistent_obj"): persistent,
}
NEWS = {("argparse", "Namespace"): Namespace, ("dnnlib.util", "EasyDict"): Table, ("collections", "OrderedDict"): Table}
NDARRAY = frozenset({("numpy", "ndarray")})

# A file of torch.save keeps its storages beside the pickle, any other pickle keeps them inside: never both.
TORCH = Allowed(PLAIN | storages.TENSORS, NEWS, NDARRAY | storages.WORDS)
PICKLE = Allowed(PLAIN | storages.TENSORS | NETWORKS, NEWS, NDARRAY)
