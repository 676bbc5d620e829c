"""Small pickles that ask for much: memory, depth, time."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tests.checkpoints.foreign.writing import (
    call,
    name,
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


def cases() -> Iterator[tuple[str, bytes]]:
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
