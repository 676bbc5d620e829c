"""Pickles whose instructions no checkpoint has, or that use good ones where they do not belong."""

from __future__ import annotations

from collections.abc import Iterator

from tests.checkpoints.foreign.writing import (
    call,
    many,
    module,
    name,
    nested,
    network,
    number,
    pickled,
    storage,
    table,
    tensor,
    torch_zip,
    word,
)  # fmt: skip

OPTIONS = name("argparse", "Namespace") + b")\x81"


def cases() -> Iterator[tuple[str, bytes]]:
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
