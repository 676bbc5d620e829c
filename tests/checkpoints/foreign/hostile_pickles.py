"""Pickles that name nothing forbidden and lie all the same: about sizes, shapes, memory, depth and each other."""

from __future__ import annotations

import io
import pickle
import struct
from collections.abc import Iterator

from tests.checkpoints.foreign.writing import (
    FOUR,
    MAGIC,
    SYSTEM,
    VERSION,
    call,
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
OPTIONS = name("argparse", "Namespace") + b")\x81"
DTYPE = call("numpy", "dtype", word("f4"), b"\x89", b"\x88") + many(number(3), word("<"), b"NNN", number(-1)) + b"b"
ARRAY = call("numpy._core.multiarray", "_reconstruct", name("numpy", "ndarray"), many(number(0)), raw(b"b"))


def array(shape: bytes, data: bytes, dtype: bytes = DTYPE) -> bytes:
    return ARRAY + many(number(1), shape, dtype, b"\x89", raw(data)) + b"b"


def instructions() -> Iterator[tuple[str, bytes]]:
    """Instructions that no checkpoint has, and those that are used where they do not belong."""
    yield "INST", pickled(b"(" + word("touch canary") + b"ios\nsystem\n")
    yield "INST in a zip", torch_zip(b"(" + word("touch canary") + b"ios\nsystem\n")
    yield "OBJ", pickled(b"(" + name("os", "system") + word("touch canary") + b"o")
    yield "OBJ of an allowed name", pickled(b"(" + name("collections", "OrderedDict") + b"o")
    yield "EXT1", pickled(b"\x82\x01")
    yield "EXT2", pickled(b"\x83\x01\x00")
    yield "EXT4", pickled(b"\x84\x01\x00\x00\x00")
    yield "NEWOBJ_EX", pickled(name("collections", "OrderedDict") + b")}\x92", 4)
    yield "NEXT_BUFFER", pickled(b"\x97", 5)
    yield "READONLY_BUFFER", pickled(b"\x97\x98", 5)
    yield "PERSID", pickled(b"Pstorage\n")
    yield "FROZENSET", pickled(b"(\x91", 4)
    yield "STRING", pickled(b"S'os'\n")
    yield "protocol 6", pickled(b"}", 6)
    yield "protocol 255", pickled(b"}", 255)
    yield "an instruction that is none", pickled(b"\xff")
    allowed = (
        ("collections", "OrderedDict"),
        ("builtins", "set"),
        ("torch._utils", "_rebuild_tensor_v2"),
        ("torch", "Size"),
    )
    for where, what in allowed:
        rewritten = table({"__defaults__": many(word("x")), "__code__": word("x"), "__class__": word("x")})
        yield f"BUILD on {what}", torch_zip(name(where, what) + rewritten + b"b")
        yield f"BUILD of slots on {what}", torch_zip(name(where, what) + many(b"N", rewritten) + b"b")
    yield (
        "BUILD on the persistence function",
        pickled(name("torch_utils.persistence", "_reconstruct_persistent_obj") + table({"__call__": b"N"}) + b"b"),
    )
    yield "BUILD on a module", network(module({"w": tensor(nested())}) + table({"state": b"N"}) + b"b")
    yield "BUILD on a tensor", torch_zip(table({"w": tensor() + table({"shape": many(number(1 << 40))}) + b"b"}))
    yield "BUILD on a storage", torch_zip(storage() + table({"numel": number(9)}) + b"b")
    yield "BUILD on a list", pickled(b"]" + b"}b")
    yield "BUILD on a word", pickled(word("x") + b"}b")
    yield "BUILD on None", pickled(b"N}b")
    yield "BUILD on options with no table", torch_zip(OPTIONS + number(3) + b"b")
    yield "BUILD on options with slots", torch_zip(OPTIONS + many(b"N", table({"x": b"N"})) + b"b")
    yield "NEWOBJ with arguments", torch_zip(name("argparse", "Namespace") + many(word("x")) + b"\x81")
    yield "NEWOBJ of a function", torch_zip(name("torch._utils", "_rebuild_tensor_v2") + b")\x81")
    yield "NEWOBJ of a word", torch_zip(word("os") + b")\x81")
    yield "REDUCE of a word", torch_zip(word("os.system") + many(word("x")) + b"R")
    yield "REDUCE of a tensor", torch_zip(tensor() + b")R")
    yield "REDUCE of a storage type", torch_zip(call("torch", "FloatStorage", number(4)))
    yield "REDUCE with a list", torch_zip(name("collections", "OrderedDict") + b"]R")
    yield "REDUCE of options", torch_zip(OPTIONS + b")R")
    yield "a name alone", pickled(name("collections", "OrderedDict"))
    yield "append to a word", pickled(word("x") + b"Na")
    yield "append to a tuple", pickled(b")" + b"(NNe")
    yield "set an entry of a list", pickled(b"]" + word("a") + b"Ns")
    yield "set an entry of options", torch_zip(OPTIONS + word("a") + b"Ns")
    yield "odd entries", pickled(b"}(" + word("a") + b"u")
    yield "add to a list", pickled(b"](N\x90", 4)
    yield "a list as a key", pickled(b"}" + b"]" + b"Ns")
    yield "a tuple as a key", pickled(b"}" + many(word("a")) + b"Ns")
    yield "a tensor as a key", torch_zip(b"}" + tensor() + b"Ns")
    yield "a tuple in a set", pickled(b"\x8f(" + many(word("a")) + b"\x90", 4)
    for what in "012aesut\x85\x86\x87Rb\x81\x93\x94ldQ":
        yield f"nothing to take for {what!r}", pickled(what.encode("latin1"), 4)
        yield f"nothing to take for {what!r} in a bracket", pickled(b"NN(" + what.encode("latin1") * 2, 4)
    yield "no value", pickled(b"")
    yield "only brackets", pickled(b"(((")
    yield "a value that was never kept", pickled(b"h\x07")


def sizes() -> Iterator[tuple[str, bytes]]:
    """Small files that ask for much."""
    yield "13 bytes that ask for 2 GB", b"\x80\x02B\x00\x00\x00\x80abcde."
    yield "13 bytes that ask for 2 GB of memo", b"\x80\x02Nr\xff\xff\xff\x7f0000."
    yield "BINBYTES8 of 2**62", b"\x80\x04\x8e" + struct.pack("<Q", 1 << 62) + b"."
    yield "BINBYTES8 of 2**64-1", b"\x80\x04\x8e" + b"\xff" * 8 + b"."
    yield "BYTEARRAY8 of 2**40", b"\x80\x05\x96" + struct.pack("<Q", 1 << 40) + b"."
    yield "BINUNICODE8 of 2**40", b"\x80\x04\x8d" + struct.pack("<Q", 1 << 40) + b"."
    yield "BINUNICODE of 4 GB", b"\x80\x02X\xff\xff\xff\xff."
    yield "BINSTRING of -1", b"\x80\x02T\xff\xff\xff\xff."
    yield "LONG4 of 2 GB", b"\x80\x02\x8b\xff\xff\xff\x7f."
    yield "LONG4 of -1", b"\x80\x02\x8b\xff\xff\xff\xff."
    yield "LONG4 of a million bytes", pickled(b"\x8b" + struct.pack("<i", 1 << 20) + b"\x01" * (1 << 20))
    yield "LONG1 of 255 bytes", pickled(b"\x8a\xff" + b"\x01" * 255)
    yield "LONG of many digits", pickled(b"L" + b"9" * 100_000 + b"L\n")
    yield "LONG of 4000 digits", pickled(table({"x": b"L" + b"9" * 4000 + b"L\n"}))
    yield "INT of no digits", pickled(b"Ix\n")
    yield "FLOAT of no digits", pickled(b"Fx\n")
    yield "FRAME of 2**60", b"\x80\x04\x95" + struct.pack("<Q", 1 << 60) + b"N."
    yield "PUT of -1", pickled(b"Np-1\n")
    yield "PUT of 2**70", pickled(b"Np1180591620717411303424\n")
    yield "LONG_BINPUT of 4 G", pickled(b"Nr\xff\xff\xff\xff")
    yield "a line that never ends", pickled(b"c" + b"a" * 100_000)
    yield "deep brackets", pickled(b"(" * 100_000)
    yield "deep brackets, closed", pickled(b"(" * 50_000 + b"t" * 50_000)
    yield "deep tuples", pickled(b")" + b"\x85" * 200_000)
    yield "deep lists", pickled(b"]" * 200_000 + b"a" * 199_999)
    yield "deep tables", pickled(b"".join(b"}" + word("a") for _ in range(50_000)) + b"N" + b"s" * 50_000)
    yield "deep tables of tensors", torch_zip(b"".join(b"}" + word("a") for _ in range(500)) + tensor() + b"s" * 500)
    yield "two million instructions", pickled(b"]" + b"N0" * 1_000_000)
    yield "two million members", pickled(b"](" + b"N" * 2_000_000 + b"e")
    doubled = b"}" + b"q\x00" + b"".join(b"}(" + word("a") + b"h\x00" + word("b") + b"h\x00uq\x00" for _ in range(40))
    yield "tables that double", pickled(doubled)
    yield "tables that double, in a zip", torch_zip(doubled)
    tripled = (
        tensor() + b"q\x00" + b"".join(b"}(" + word("a") + b"h\x00" + word("b") + b"h\x00uq\x00" for _ in range(40))
    )
    yield "tables of tensors that double", torch_zip(tripled)
    tuples = b"N" + b"".join(b"q\x00h\x00\x86" for _ in range(64))
    yield "tuples that double", pickled(tuples)
    yield "options of one list that doubles", torch_zip(table({"w": tensor(), "x": _lists(7)}))
    yield "options that double", torch_zip(table({"w": tensor(), **{f"x{i}": _lists(6) for i in range(2000)}}))
    yield "a list that holds itself", torch_zip(b"]q\x00h\x00a")
    yield "a table that holds itself", torch_zip(b"}q\x00" + word("a") + b"h\x00s")
    again = {"y": word("y" * 1500) + b"q\x09", **{f"x{i}": b"](" + b"h\x09" * 1000 + b"e" for i in range(20)}}
    yield "a word twenty thousand times", torch_zip(table({"w": tensor(), **again}))
    yield "a long name over names", torch_zip(table({"k" * 100_000: table({"a": tensor()})}))
    yield "bytes encoded again and again", pickled(
        b"]" + word("x" * 200_000) + b"q\x00" + word("latin1") + b"q\x010"
        + b"0" + (name("_codecs", "encode") + b"h\x00h\x01\x86Ra") * 3000
    )  # fmt: skip
    yield (
        "sets made again and again",
        pickled(
            b"]("
            + b"".join(map(number, range(50_000)))
            + b"eq\x000]"
            + (name("builtins", "set") + b"h\x00\x85Ra") * 5000
        ),
    )
    yield "a storage read again and again", pickled(
        raw(torch_legacy(storage(numel=250_000), {"0": bytes(1_000_000)})) + b"q\x000]"
        + (name("torch.storage", "_load_from_bytes") + b"h\x00\x85Ra") * 2000
    )  # fmt: skip
    yield "codecs of another encoding", pickled(call("_codecs", "encode", word("x"), word("idna")))
    yield "codecs of rot13", pickled(call("_codecs", "encode", word("x"), word("rot13")))
    yield "codecs of no latin", pickled(call("_codecs", "encode", word("€"), word("latin1")))
    yield "codecs of no word", pickled(call("_codecs", "encode", number(3), word("latin1")))
    yield "a word that is not UTF-8", pickled(b"X\x02\x00\x00\x00\xff\xfe")
    yield "a name that is not UTF-8", pickled(b"c\xff\xfe\nsystem\n")


def _lists(levels: int) -> bytes:
    """A list of lists that share: 8 ** levels entries in a few bytes."""
    return b"N" + (b"q\x050](" + b"h\x05" * 8 + b"e") * levels


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
    head = b"".join(pickle.dumps(value, 2) for value in (MAGIC, VERSION, SYSTEM)) + pickled(GOOD)
    for what, numel in (("negative", -1), ("huge", 1 << 62), ("other", 3)):
        yield f"legacy count {what}", head + pickle.dumps(["0"], 2) + struct.pack("<q", numel) + FOUR
    yield "legacy keys twice", head + pickle.dumps(["0", "0"], 2) + (struct.pack("<q", 4) + FOUR) * 2
    yield "legacy keys of numbers", head + pickle.dumps([0], 2) + struct.pack("<q", 4) + FOUR
    yield "legacy keys in a table", head + pickle.dumps({"0": 0}, 2) + struct.pack("<q", 4) + FOUR
    yield (
        "legacy of another version",
        b"".join(pickle.dumps(value, 2) for value in (MAGIC, 1002, SYSTEM)) + pickled(GOOD),
    )


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


def networks() -> Iterator[tuple[str, bytes]]:
    good = {"w": tensor(nested())}
    meta = "torch_utils.persistence", "_reconstruct_persistent_obj"
    yield "network of nothing", network(call(*meta))
    yield "network of a word", network(call(*meta, word("x")))
    yield "network of no type", network(call(*meta, table({"class_name": word("G"), "state": b"}"})))
    yield (
        "network of a function",
        network(call(*meta, table({"type": word("function"), "class_name": word("G"), "state": b"}"}))),
    )
    yield "network of no class", network(call(*meta, table({"type": word("class"), "state": b"}"})))
    yield "network of no state", network(call(*meta, table({"type": word("class"), "class_name": word("G")})))
    yield (
        "network of a list",
        network(call(*meta, table({"type": word("class"), "class_name": word("G"), "state": b"]"}))),
    )
    yield "network without tensors", network(module({}))
    yield "network without G_ema", pickled(table({"G": module(good)}))
    yield "G_ema that is no network", pickled(table({"G": module(good), "G_ema": number(1)}))
    yield "parameter of a word", network(module({"w": word("x")}))
    yield "parameter of a module", network(module({"w": module({})}))
    yield "module that is a tensor", network(module({}, {"m": tensor(nested())}))
    yield "parameters in a list", network(module(good, _parameters=b"]"))
    yield "modules in a list", network(module(good, _modules=b"]"))
    yield "kept out in a list", network(module(good, _non_persistent_buffers_set=b"]"))
    yield "arguments in a table", network(module(good, _init_args=b"}"))
    yield "keywords in a list", network(module(good, _init_kwargs=b"]"))
    yield "arguments of tensors", network(module(good, _init_args=many(tensor(nested()))))
    yield "a name with a line end", network(module({"w\nx": tensor(nested())}))
    yield "a name without letters", network(module({"": tensor(nested())}))
    yield "a name of a screen's escape", network(module({"\x1b[2J": tensor(nested())}))
    yield "a name that is reserved", torch_zip(table({"__metadata__": tensor()}))
    yield "a name of 10 000 letters", torch_zip(table({"w" * 10_000: tensor()}))
    yield "two of one name", torch_zip(table({"a.b": tensor(), "a": table({"b": tensor()})}))
    deep = module(good)
    for _ in range(60):
        deep = module({}, {"m": deep})
    yield "modules 60 deep", network(deep)
    double = module(good) + b"r\x00\x00\x01\x00"
    for _ in range(30):
        double = module({}, {"a": double, "b": b"j\x00\x00\x01\x00"}) + b"r\x00\x00\x01\x00"
    yield "modules that double", network(double)


def cases() -> Iterator[tuple[str, bytes]]:
    for group in (instructions, sizes, tensors, arrays, networks):
        for what, data in group():
            yield f"{group.__name__}: {what}", data


def cut(data: bytes, parts: int = 24) -> Iterator[tuple[str, bytes]]:
    """A good file that ends too early."""
    out = io.BytesIO(data)
    for index in range(parts):
        out.seek(0)
        yield f"{index}/{parts}", out.read(max(1, len(data) * index // parts))
