"""Files that are not what they seem, pickles apart: zip, safetensors, ONNX, and what is no checkpoint at all."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from tests.checkpoints.foreign.writing import FOUR, pickled, table, tensor, torch_zip, word

GOOD = table({"w": tensor()})


def strangers() -> Iterator[tuple[str, bytes]]:
    yield "empty", b""
    yield "one byte", b"\x80"
    yield "zeros", bytes(4096)
    yield "few zeros", bytes(12)
    yield "0xff", b"\xff" * 4096
    yield "HTML", b"<!DOCTYPE html><html><body>404</body></html>"
    yield "HTML in capitals, after a line", b"\n\n<HTML><HEAD>"
    yield "HTML with a byte order mark", b"\xef\xbb\xbf<!doctype HTML>"
    yield "XML", b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"
    yield "LFS", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"
    yield "HDF5", b"\x89HDF\r\n\x1a\n" + bytes(100)
    yield "TensorFlow Lite", b"\x1c\0\0\0TFL3" + bytes(100)
    yield "GGUF", b"GGUF\x03\0\0\0" + bytes(100)
    yield "npy", b"\x93NUMPY\x01\x00" + bytes(100)
    yield "PNG", b"\x89PNG\r\n\x1a\n" + bytes(100)
    yield "JPEG", b"\xff\xd8\xff\xe0" + bytes(100)
    yield "GIF", b"GIF89a" + bytes(100)
    yield "WAV", b"RIFF\0\0\0\0WAVE" + bytes(100)
    yield "PDF", b"%PDF-1.7" + bytes(100)
    yield "ELF", b"\x7fELF" + bytes(100)
    yield "EXE", b"MZ\x90\x00" + bytes(100)
    yield "gzip", b"\x1f\x8b\x08" + bytes(100)
    yield "bzip2", b"BZh9" + bytes(100)
    yield "xz", b"\xfd7zXZ\0" + bytes(100)
    yield "zstd", b"\x28\xb5\x2f\xfd" + bytes(100)
    yield "7z", b"7z\xbc\xaf\x27\x1c" + bytes(100)
    yield "RAR", b"Rar!\x1a\x07" + bytes(100)
    yield "tar", bytes(257).replace(b"\0", b"a") + b"ustar\x0000" + bytes(300)
    yield "JSON", b'{"w": [1, 2, 3]}'
    yield "Python", b"import os\nos.system('touch canary')\n"
    yield "words", b"Not Found"
    yield "a shell script", b"#!/bin/sh\ntouch canary\n"
    yield "a pickle of text", b"cos\nsystem\n(Vtouch canary\ntR."
    yield "a pickle of a list", pickled(b"]")
    yield "a pickle of tensors without names", pickled(b"](" + word("x") + b"e")
    yield "TensorFlow's graph", b"\x0a\x10\x0a\x05input\x12\x0bPlaceholder"
    yield "random bytes", np.random.default_rng(0).bytes(4096)


def zips() -> Iterator[tuple[str, bytes]]:
    good = torch_zip(GOOD)
    yield "zip of nothing", b"PK\x05\x06" + bytes(18)
    yield "zip without its end", good[:-22]
    yield "zip of half", good[: len(good) // 2]
    yield "zip of other files", _zip({"readme.txt": b"x"})
    yield "zip of arrays", _zip({"w.npy": b"x"})
    yield "zip of a checkpoint", _zip({"model.pth": good})
    yield "Keras", _zip({"config.json": b"{}", "model.weights.h5": b"x"})
    yield "torch.export", _zip({"a/archive_format": b"pt2", "a/models/model.json": b"{}"})
    yield "two pickles", torch_zip(GOOD, extra={"b/data.pkl": pickled(b"}")})
    yield "a path for a root", _zip({"../data.pkl": pickled(GOOD), "../data/1": FOUR})
    yield "storage outside", _zip({"a/data.pkl": pickled(GOOD), "a/data/../0": FOUR, "../a/data/0": FOUR, "/0": FOUR})
    yield "big order that is none", torch_zip(GOOD, extra={"a/byteorder": b"middle"})
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bomb.compress(bytes(1 << 28)) + bomb.flush()
    numel = 1 << 26
    from tests.checkpoints.foreign.writing import storage

    body = table({"w": tensor(storage(numel=numel), 0, (numel,), (1,))})
    yield "a storage that unpacks to 256 MB", _deflated(body, zeros, 1 << 28)
    yield "a pickle that unpacks to 256 MB", _deflated_pickle(zeros, 1 << 28)
    yield "a pickle that unpacks to more than it says", _deflated_pickle(zeros, 1000)
    for what, changes in {
        "encrypted": {8: b"\x01"}, "of a method that is none": {10: b"\x0c"}, "of another length": {20: b"\x01"},
        "longer than the file": {20: b"\xff\xff\xff\x7f", 24: b"\xff\xff\xff\x7f"}, "of another sum": {16: b"\0\0\0\0"},
        "of no length": {20: b"\xff\xff\xff\xff"}, "that lies elsewhere": {42: b"\x07"},
        "that lies beyond": {42: b"\xff\xff\xff\x7f"}, "of a long name": {28: b"\xff\xff"},
        "of a long comment": {32: b"\xff\xff"}, "of a name that is no text": {46: b"\xff\xfe"},
    }.items():  # fmt: skip
        yield f"a member {what}", _patched(good, good.index(b"PK\x01\x02"), changes)
    end = good.rindex(b"PK\x05\x06")
    for what, changes in {
        "beyond the file": {16: b"\xff\xff\xff\x7f"}, "longer than the file": {12: b"\xff\xff\xff\x7f"},
        "elsewhere": {16: b"\x03\0\0\0"}, "of 64 bits that are not there": {16: b"\xff\xff\xff\xff"},
        "longer than it is": {12: b"\xf0\0\0\0"},
    }.items():  # fmt: skip
        yield f"a directory {what}", _patched(good, end, changes)
    locator = b"PK\x06\x07" + bytes(4) + struct.pack("<Q", 1 << 60) + bytes(4)
    yield "a directory of 64 bits beyond", good[:end] + locator + _patched(good[end:], 0, {16: b"\xff\xff\xff\xff"})
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("a/data.pkl", pickled(GOOD))
        archive.writestr("a/data/0", FOUR)
        archive.writestr("a/data/1", FOUR)
    yield "a member twice", twice.getvalue().replace(b"a/data/1", b"a/data/0")
    yield "a hundred thousand members", _many(100_000)
    for part in range(1, 24):
        yield f"cut at {part}/24", good[: len(good) * part // 24]


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def _many(count: int) -> bytes:
    head = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 5) + bytes(16)
    directory = b"".join(head + b"%05d" % number for number in range(count))
    return b"PK\x03\x04" + directory + b"PK\x05\x06" + bytes(8) + struct.pack("<II", len(directory), 4) + bytes(2)


def _patched(data: bytes, at: int, changes: dict[int, bytes]) -> bytes:
    changed = bytearray(data)
    for offset, new in changes.items():
        changed[at + offset : at + offset + len(new)] = new
    return bytes(changed)


def _deflated(body: bytes, packed: bytes, size: int) -> bytes:
    return _raw_zip([("a/data.pkl", 0, pickled(body), None), ("a/data/0", 8, packed, size)])


def _deflated_pickle(packed: bytes, size: int) -> bytes:
    return _raw_zip([("a/data.pkl", 8, packed, size)])


def _raw_zip(members: list[tuple[str, int, bytes, int | None]]) -> bytes:
    body, directory = b"", b""
    for name, method, data, size in members:
        size = len(data) if size is None else size
        common = struct.pack("<HHHHIIIHH", 0, method, 0, 0, zlib.crc32(data), len(data), size, len(name), 0)
        directory += b"PK\x01\x02\x14\0\x14\0" + common + bytes(10) + struct.pack("<I", len(body)) + name.encode()
        body += b"PK\x03\x04\x14\0" + common + name.encode() + data
    return body + directory + b"PK\x05\x06" + bytes(8) + struct.pack("<II", len(directory), len(body)) + bytes(2)


def _safetensors(header: Any, body: bytes = FOUR) -> bytes:
    words = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(words)) + words + body


def safetensors() -> Iterator[tuple[str, bytes]]:
    def row(dtype: Any = "F32", shape: Any = (4,), offsets: Any = (0, 16), **more: Any) -> dict[str, Any]:
        return {"dtype": dtype, "shape": shape, "data_offsets": offsets, **more}

    for what, changed in {
        "of a type that is none": row("F33"), "of float8": row("F8_E4M3"), "of a type that is a number": row(3),
        "of a type in a list": row(["F32"]), "of another shape": row(shape=[5]), "of a negative shape": row(shape=[-4]),
        "of two negative sides": row(shape=[-2, -2]), "of a fraction": row(shape=[4.0]),
        "of a truth": row(shape=[True, 4]),
        "of a huge shape": row(shape=[1 << 62, 1 << 62]), "of no shape": row(shape=None), "of a word": row(shape="4"),
        "that begins before": row(offsets=[-16, 0]), "that ends beyond": row(offsets=[0, 1 << 40], shape=[1 << 38]),
        "that ends before it begins": row(offsets=[16, 0]), "with a hole": row(offsets=[4, 16], shape=[3]),
        "of one offset": row(offsets=[0]), "of no offset": row(offsets=None),
        "of too little": row(offsets=[0, 12], shape=[3]),
        "of 17 sides": row(shape=[1] * 16 + [4]), "of more keys": row(more=1), "that is a list": [1],
        "that is null": None,
    }.items():  # fmt: skip
        yield f"a tensor {what}", _safetensors({"w": changed})
    yield "two that overlap", _safetensors({"a": row(), "b": row()})
    yield (
        "two that overlap in part",
        _safetensors({"a": row(shape=[3], offsets=[0, 12]), "b": row(shape=[2], offsets=[8, 16])}),
    )
    yield (
        "a name twice",
        _safetensors(b'{"w":' + json.dumps(row()).encode() + b',"w":' + json.dumps(row()).encode() + b"}"),
    )
    yield "a name with a line end", _safetensors({"w\n": row()})
    yield "a name of nothing", _safetensors({"": row()})
    yield "no tensors", _safetensors({}, b"")
    yield "metadata alone", _safetensors({"__metadata__": {"a": "b"}}, b"")
    yield "metadata in a list", _safetensors({"__metadata__": [], "w": row()})
    yield "data of nobody", _safetensors({"w": row()}, FOUR * 2)
    yield "a header of 2**63", struct.pack("<Q", 1 << 63) + b'{"w": {}}'
    yield "a header of 100 MB", struct.pack("<Q", 100 << 20) + b'{"w": {}}'
    yield "a header of nothing", struct.pack("<Q", 0) + b"{}"
    yield "a header of half", _safetensors({"w": row()})[:30]
    yield "a header that is no JSON", _safetensors(b"{not json at all}")
    yield "a header that is deep", _safetensors(b'{"w":' + b"[" * 200_000 + b"]" * 200_000 + b"}")
    yield "a header of many digits", _safetensors(b'{"w":' + b"9" * 100_000 + b"}")
    yield "a header that is no text", _safetensors(b'{"\xff\xfe": 1}')
    yield "a header of NaN", _safetensors(b'{"w": {"dtype": "F32", "shape": [NaN], "data_offsets": [0, 16]}}')
    yield "cut", _safetensors({"w": row()})[:-1]


def onnx() -> Iterator[tuple[str, bytes]]:
    good = numpy_helper.from_array(np.ones(4, np.float32), "w")

    def model(*initializers: TensorProto, nodes: Any = (), **more: Any) -> bytes:
        graph = helper.make_graph(list(nodes), "g", [], [], initializer=list(initializers), **more)
        return helper.make_model(graph).SerializeToString()

    def external(where: str, name: str = "w") -> TensorProto:
        held = TensorProto(name=name, data_type=1, dims=[4], data_location=TensorProto.EXTERNAL)
        held.external_data.add(key="location", value=where)
        return held

    for where in ("weights.bin", "/etc/passwd", "../../etc/passwd", "", "C:\\x", "http://127.0.0.1/", "//server/share"):
        yield f"data in {where!r}", model(external(where))
    quiet = external("/etc/passwd")
    quiet.data_location = TensorProto.DEFAULT
    yield "data elsewhere without saying so", model(quiet)
    constant = helper.make_node("Constant", [], ["c"], value=external("/etc/passwd"))
    yield "data elsewhere in a node", model(good, nodes=[constant])
    inner = helper.make_graph([constant], "inner", [], [])
    yield "data elsewhere in a branch", model(good, nodes=[helper.make_node("If", ["x"], ["y"], then_branch=inner)])
    inner = helper.make_graph([], "inner", [], [], initializer=[external("/etc/passwd")])
    yield (
        "data elsewhere in a branch's own",
        model(good, nodes=[helper.make_node("If", ["x"], ["y"], then_branch=inner)]),
    )
    function = helper.make_function("d", "f", [], [], [constant], [helper.make_opsetid("", 20)])
    whole = helper.make_model(helper.make_graph([], "g", [], [], initializer=[good]), functions=[function])
    yield "data elsewhere in a function", whole.SerializeToString()
    whole = helper.make_model(helper.make_graph([], "g", [], [], initializer=[good]))
    whole.training_info.add()
    yield "training", whole.SerializeToString()
    graph = helper.make_graph([], "g", [], [])
    for _ in range(20):
        graph = helper.make_graph([helper.make_node("If", ["x"], ["y"], then_branch=graph)], "g", [], [])
    yield "graphs 20 deep", helper.make_model(graph).SerializeToString()
    for what, held in {
        "of words": TensorProto(name="w", data_type=8, dims=[1], string_data=[b"x"]),
        "of float8": TensorProto(name="w", data_type=17, dims=[1], raw_data=b"x"),
        "of no type": TensorProto(name="w", dims=[1], raw_data=b"x"),
        "of a type that is none": TensorProto(name="w", data_type=99, dims=[1], raw_data=b"x"),
        "of a negative side": TensorProto(name="w", data_type=1, dims=[-4], raw_data=FOUR),
        "of two negative sides": TensorProto(name="w", data_type=1, dims=[-2, -2], raw_data=FOUR),
        "of huge sides": TensorProto(name="w", data_type=1, dims=[1 << 40, 1 << 40], raw_data=FOUR),
        "of too much data": TensorProto(name="w", data_type=1, dims=[3], raw_data=FOUR),
        "of too little data": TensorProto(name="w", data_type=1, dims=[5], float_data=[1, 2]),
        "of data in the wrong place": TensorProto(name="w", data_type=1, dims=[1], int64_data=[1]),
        "of a number that does not fit": TensorProto(name="w", data_type=3, dims=[1], int32_data=[1000]),
        "without a name": TensorProto(data_type=1, dims=[4], raw_data=FOUR),
        "whose name ends a line": TensorProto(name="a\nb", data_type=1, dims=[4], raw_data=FOUR),
    }.items():
        yield f"a tensor {what}", model(held)
    yield "a tensor twice", model(good, good)
    yield (
        "a sparse tensor",
        model(good, sparse_initializer=[helper.make_sparse_tensor(good, numpy_helper.from_array(np.arange(4)), [8])]),
    )
    whole = model(good)
    for part in range(1, 12):
        yield f"cut at {part}/12", whole[: len(whole) * part // 12]
    yield "no graph", whole[:2] + b"\x12\x01x"
    yield "with a field that is none", whole + b"\xfa\x7f\x01x"
    yield "with a field of 2**60 bytes", whole + b"\x32" + b"\xff" * 8 + b"\x0f"


def cases() -> Iterator[tuple[str, bytes]]:
    for group in (strangers, zips, safetensors, onnx):
        for what, data in group():
            yield f"{group.__name__}: {what}", data
