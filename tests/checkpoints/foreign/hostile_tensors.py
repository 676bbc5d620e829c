"""Tensors and arrays that reach beyond what is there, or are none."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Iterator

from tests.checkpoints.foreign.writing import (
    FOUR,
    SYSTEM,
    call,
    head,
    many,
    module,
    name,
    nested,
    network,
    number,
    pickled,
    raw,
    storage,
    table,
    tensor,
    torch_legacy,
    torch_zip,
    word,
)  # fmt: skip

GOOD = table({"w": tensor()})
DTYPE = call("numpy", "dtype", word("f4"), b"\x89", b"\x88") + many(number(3), word("<"), b"NNN", number(-1)) + b"b"
ARRAY = call("numpy._core.multiarray", "_reconstruct", name("numpy", "ndarray"), many(number(0)), raw(b"b"))


def array(shape: bytes, data: bytes, dtype: bytes = DTYPE) -> bytes:
    return ARRAY + many(number(1), shape, dtype, b"\x89", raw(data)) + b"b"


def tensors() -> Iterator[tuple[str, bytes]]:
    """Tensors that reach beyond what is there."""
    shapes: dict[str, tuple[int, tuple[int, ...], tuple[int, ...]]] = {
        "too long": (0, (5,), (1,)), "offset beyond": (4, (1,), (1,)), "offset negative": (-1, (1,), (1,)),
        "offset huge": (1 << 62, (1,), (1,)), "stride beyond": (0, (2,), (4,)), "stride negative": (3, (2,), (-1,)),
        "stride huge": (0, (2,), (1 << 62,)), "side negative": (0, (-1,), (1,)),
        "two sides negative": (0, (-2, -2), (2, 1)),
        "sides huge": (0, (1 << 40, 1 << 40), (1, 1)), "sides whose product wraps": (0, (1 << 32, 1 << 32), (0, 0)),
        "more strides": (0, (2,), (1, 1)), "fewer strides": (0, (2, 2), (1,)), "100 sides": (0, (1,) * 100, (1,) * 100),
        "expanded to a terabyte": (0, (1 << 38,), (0,)), "expanded to a gigabyte": (0, (1 << 14, 1 << 14), (0, 0)),
        "empty but huge": (0, (1 << 62, 0), (1, 1)), "overlapping to a gigabyte": (0, (2, 1 << 14, 1 << 14), (1, 0, 0)),
    }  # fmt: skip
    for what, (offset, size, stride) in shapes.items():
        yield f"zip, {what}", torch_zip(table({"w": tensor(None, offset, size, stride)}))
        yield f"legacy, {what}", torch_legacy(table({"w": tensor(None, offset, size, stride)}))
        yield f"nvidia, {what}", network(module({"w": tensor(nested(), offset, size, stride)}))
    yield (
        "expanded many times",
        torch_zip(table({f"w{i}": tensor(None, 0, (1 << 11, 1 << 11), (0, 0)) for i in range(40)})),
    )
    yield (
        "a side that is a truth",
        torch_zip(table({"w": _rebuilt(storage(), number(0), many(b"\x88"), many(number(1)))})),
    )
    yield (
        "a side that is a fraction",
        torch_zip(table({"w": _rebuilt(storage(), number(0), many(b"G" + bytes(8)), many(b"\x88"))})),
    )
    yield (
        "a side that is a word",
        torch_zip(table({"w": _rebuilt(storage(), number(0), many(word("2")), many(number(1)))})),
    )
    yield "sides in a list", torch_zip(table({"w": _rebuilt(storage(), number(0), b"]", b"]")}))
    yield "no storage", torch_zip(table({"w": _rebuilt(word("0"), number(0), many(number(4)), many(number(1)))}))
    yield (
        "a storage that is a tensor",
        torch_zip(table({"w": _rebuilt(tensor(), number(0), many(number(4)), many(number(1)))})),
    )
    yield "too few arguments", torch_zip(table({"w": call("torch._utils", "_rebuild_tensor_v2", storage())}))
    yield (
        "a parameter of no tensor",
        torch_zip(table({"w": call("torch._utils", "_rebuild_parameter", number(1), b"\x88")})),
    )
    for key in (
        "../0",
        "/etc/passwd",
        "0/../0",
        "data.pkl",
        "",
        "00000000000000000000000000000",
        "１",
        "-1",
        "0 ",
        "a",
    ):
        yield f"storage key {key!r}", torch_zip(table({"w": tensor(storage(key))}), {"0": FOUR, key or "x": FOUR})
    yield "a storage that is not there", torch_zip(table({"w": tensor(storage("7"))}))
    yield "a storage of another length", torch_zip(table({"w": tensor(storage(numel=5))}))
    yield "a storage of -1", torch_zip(table({"w": tensor(storage(numel=-1))}))
    yield "a storage of 2**61", torch_zip(table({"w": tensor(storage(numel=1 << 61))}))
    yield (
        "a storage of no type",
        torch_zip(many(word("storage"), word("torch.FloatStorage"), word("0"), word("cpu"), number(4)) + b"Q"),
    )
    yield "a storage of two types", torch_zip(table({"a": tensor(), "b": tensor(storage(kind="IntStorage"))}))
    yield "a view in a zip", torch_zip(table({"w": tensor(storage(view=many(word("0"), number(0), number(2))))}))
    yield "a persistent id that is a word", torch_zip(word("0") + b"Q")
    yield (
        "a persistent id that is a module",
        torch_legacy(many(word("module"), word("x"), word("x.py"), word("import os")) + b"Q"),
    )
    yield "a persistent id that is short", torch_zip(many(word("storage")) + b"Q")
    yield "a persistent id in a plain pickle", pickled(table({"w": tensor()}))
    yield "a persistent id in NVIDIA's", network(module({"w": tensor()}))
    yield "nested bytes in a zip", torch_zip(table({"w": tensor(nested())}))
    yield "NVIDIA's module in a zip", torch_zip(table({"G_ema": module({})}))
    yield "nested in nested", network(module({"w": tensor(nested(nested()))}))
    yield "nested module", network(module({"w": tensor(nested(module({})))}))
    yield "nested table", network(module({"w": tensor(nested(b"}"))}))
    yield (
        "nested zip",
        network(module({"w": tensor(call("torch.storage", "_load_from_bytes", raw(torch_zip(storage()))))})),
    )
    yield "nested nothing", network(module({"w": tensor(call("torch.storage", "_load_from_bytes", raw(b"")))}))
    yield "nested word", network(module({"w": tensor(call("torch.storage", "_load_from_bytes", word("x")))}))
    yield "view beyond", torch_legacy(table({"w": tensor(storage(view=many(word("1"), number(3), number(2))))}))
    yield "view negative", torch_legacy(table({"w": tensor(storage(view=many(word("1"), number(-1), number(2))))}))
    yield "view of words", torch_legacy(table({"w": tensor(storage(view=word("1")))}))
    yield "legacy storage missing", torch_legacy(table({"w": tensor(storage("3"))}))
    yield "legacy storage nobody asked for", torch_legacy(GOOD, {"0": FOUR, "1": FOUR})
    yield "legacy storage twice", torch_legacy(GOOD, {"0": FOUR})[:-24] + FOUR
    yield "legacy storage of two lengths", torch_legacy(table({"a": tensor(), "b": tensor(storage(numel=3))}))
    yield "legacy big-endian", torch_legacy(GOOD, system={**SYSTEM, "little_endian": False})
    yield "legacy system of no table", torch_legacy(GOOD, system=[1])
    good = head() + pickled(GOOD)
    for what, numel in (("negative", -1), ("huge", 1 << 62), ("other", 3)):
        yield f"legacy count {what}", good + pickle.dumps(["0"], 2) + struct.pack("<q", numel) + FOUR
    yield "legacy keys twice", good + pickle.dumps(["0", "0"], 2) + (struct.pack("<q", 4) + FOUR) * 2
    yield "legacy keys of numbers", good + pickle.dumps([0], 2) + struct.pack("<q", 4) + FOUR
    yield "legacy keys in a table", good + pickle.dumps({"0": 0}, 2) + struct.pack("<q", 4) + FOUR
    yield "legacy of another version", head(version=1002) + pickled(GOOD)


def _rebuilt(*parts: bytes) -> bytes:
    return call("torch._utils", "_rebuild_tensor_v2", *parts, b"\x89", b"}")


def arrays() -> Iterator[tuple[str, bytes]]:
    for kind in ("O8", "O", "U5", "S3", "V8", "M8", "f16", "c8", "f4,f4", "<U9999999", "x" * 500):
        yield f"array of {kind[:12]}", pickled(table({"w": call("numpy", "dtype", word(kind), b"\x89", b"\x88")}))
    yield "array type of a number", pickled(table({"w": call("numpy", "dtype", number(3))}))
    yield "array type of a name", pickled(table({"w": call("numpy", "dtype", name("numpy", "ndarray"))}))
    yield (
        "array type in no order",
        pickled(table({"w": call("numpy", "dtype", word("f4")) + many(number(3), word("x")) + b"b"})),
    )
    yield "array of other bytes", pickled(table({"w": array(many(number(3)), FOUR)}))
    yield "array of half an element", pickled(table({"w": array(many(number(3)), FOUR[:-1])}))
    yield "array negative", pickled(table({"w": array(many(number(-1)), FOUR)}))
    yield "array huge", pickled(table({"w": array(many(number(1 << 40)), FOUR)}))
    yield (
        "array of unsigned",
        pickled(table({"w": array(many(number(4)), bytes(8), call("numpy", "dtype", word("u2")))})),
    )
    yield "array of no state", pickled(table({"w": ARRAY + b"Nb"}))
    yield (
        "array of another class",
        pickled(call("numpy._core.multiarray", "_reconstruct", name("torch", "Size"), b")", raw(b"b"))),
    )
    yield "array never filled", pickled(table({"w": ARRAY}))
    yield "scalar of other bytes", pickled(table({"w": call("numpy._core.multiarray", "scalar", DTYPE, raw(b"abc"))}))
    yield "scalar of an object", pickled(table({"w": call("numpy._core.multiarray", "scalar", DTYPE, word("abc"))}))


def cases() -> Iterator[tuple[str, bytes]]:
    yield from tensors()
    yield from arrays()
