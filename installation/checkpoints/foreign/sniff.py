"""What kind of file this is, by its first bytes and never by its suffix; and a word for what it is where it is none.

Signatures: the formats' own specifications. ONNX has none: its protobuf fields are walked instead (onnx.proto3).
"""

from __future__ import annotations

from installation.checkpoints.foreign.opcodes import KNOWN
from installation.checkpoints.foreign.records import broken, cut_short
from installation.errors import ModelError

AGAIN = "it is a download that failed: download it again"
UNPACK = "unpack it and convert what is inside"
EXPORT = "export it to ONNX and convert that"
WRONG = "is it the file that the training wrote?"

STRANGERS = (  # first bytes, what that is, what to do
    (b"version https://git-lfs", "a git-lfs pointer, not the file it points to", "git lfs pull, or download the file"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file (Keras, TensorFlow), which is not read here", EXPORT),
    (b"GGUF", "a GGUF file: a language model, no picture-making network", WRONG),
    (b"\x93NUMPY", "a NumPy array (.npy), no checkpoint", WRONG),
    (b"\x89PNG", "a picture", WRONG), (b"\xff\xd8\xff", "a picture", WRONG), (b"GIF8", "a picture", WRONG),
    (b"RIFF", "a picture, sound or film", WRONG), (b"%PDF", "a PDF", WRONG), (b"\x7fELF", "a program", WRONG),
    (b"MZ", "a program", WRONG), (b"\x1f\x8b", "a gzip archive", UNPACK), (b"BZh", "a bzip2 archive", UNPACK),
    (b"\xfd7zXZ", "an xz archive", UNPACK), (b"\x28\xb5\x2f\xfd", "a zstd archive", UNPACK),
    (b"7z\xbc\xaf", "a 7z archive", UNPACK), (b"Rar!", "a RAR archive", UNPACK),
)  # fmt: skip
PAGE = (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml", b"<!--")
LEGACY = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # LONG1 of the magic number, STOP; PROTO and FRAME may come before
ONNX_FIELDS = {1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2}  # of a ModelProto: wire type
GRAPH = 7


def container(data: memoryview) -> str:
    """``zip``, ``legacy``, ``pickle``, ``safetensors`` or ``onnx``. Raises ModelError for what is none of them."""
    head = bytes(data[:512])
    if not head:
        raise ModelError("it is empty", AGAIN)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(PAGE):
        raise ModelError("it is a web page, not a checkpoint", AGAIN)
    for start, what, hint in STRANGERS:
        if head.startswith(start):
            raise ModelError(f"it is {what}", hint)
    if head[4:8] == b"TFL3":
        raise ModelError("it is a TensorFlow Lite file, which is not read here", EXPORT)
    if head[257:262] == b"ustar":
        raise ModelError("it is a tar archive", "unpack it; if torch itself wrote it, before 2017, save it again there")
    if not any(head) and len(data) <= len(head):
        raise broken("it holds nothing but zeros")
    return _kind(data, head)


def _kind(data: memoryview, head: bytes) -> str:
    if head[:4] == b"PK\x03\x04" or head[:4] == b"PK\x05\x06":
        return "zip"
    if head[:2].startswith(b"\x80") and LEGACY in head[:32]:
        return "legacy"
    if head[8:9] == b"{":
        if int.from_bytes(head[:8], "little") > len(data) - 8:
            raise cut_short()
        return "safetensors"
    if head[:1] == b"\x80" and len(head) > 1:
        return "pickle"
    if (fields := _onnx_fields(data)) is not None:
        if GRAPH not in fields:
            raise ModelError("it is a protobuf, but no ONNX graph is in it", EXPORT)
        return "onnx"
    if head[0] in KNOWN and b"." in head[-1:] + bytes(data[-1:]):
        return "pickle"
    raise ModelError("it is no kind of checkpoint we know", WRONG)


def _onnx_fields(data: memoryview) -> set[int] | None:
    """The numbers of the top fields, when all are fields of an ONNX model and the first of them is its version.
    Raises ModelError when the last one reaches beyond the file."""
    seen: set[int] = set()
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        field, wire = tag >> 3, tag & 7
        if ONNX_FIELDS.get(field) != wire or (not seen and field != 1):
            return None
        length, at = _varint(data, at)
        seen.add(field)
        if wire == 2:
            at += length
            if at > len(data) or length < 0:
                if len(seen) > 1:
                    raise cut_short()
                return None
    return seen


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    """(value, where it ends); value -1 when there is none."""
    value = 0
    for shift in range(0, 64, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    return -1, at
