"""Makes pickles and torch files by hand, instruction by instruction, so that a test can lie where torch would not;
and by torch, where it does not lie."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from collections.abc import Mapping

import torch

MAGIC, VERSION = 0x1950A86A20F9469CFC6C, 1001
SYSTEM = {"protocol_version": VERSION, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}


def word(text: str) -> bytes:
    raw = text.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def number(value: int) -> bytes:
    if -(1 << 31) <= value < 1 << 31:
        return b"J" + struct.pack("<i", value)
    return b"\x8a\x10" + value.to_bytes(16, "little", signed=True)


def raw(data: bytes) -> bytes:
    return b"B" + struct.pack("<I", len(data)) + data


def name(module: str, what: str) -> bytes:
    return f"c{module}\n{what}\n".encode()


def many(*parts: bytes) -> bytes:
    return b"(" + b"".join(parts) + b"t"


def call(module: str, what: str, *arguments: bytes) -> bytes:
    return name(module, what) + many(*arguments) + b"R"


def table(entries: Mapping[str, bytes]) -> bytes:
    return b"}(" + b"".join(word(key) + value for key, value in entries.items()) + b"u"


def pickled(body: bytes, protocol: int = 2) -> bytes:
    return bytes([0x80, protocol]) + body + b"."


def storage(key: str = "0", numel: int = 4, kind: str = "FloatStorage", view: bytes | None = None) -> bytes:
    parts = [word("storage"), name("torch", kind), word(key), word("cpu"), number(numel)]
    return many(*parts, *([view] if view else [])) + b"Q"


def tensor(
    store: bytes | None = None, offset: int = 0, size: tuple[int, ...] = (2, 2), stride: tuple[int, ...] = (2, 1)
) -> bytes:
    shape, steps = many(*map(number, size)), many(*map(number, stride))
    hooks = call("collections", "OrderedDict")
    return call("torch._utils", "_rebuild_tensor_v2", store or storage(), number(offset), shape, steps, b"\x89", hooks)


FOUR = struct.pack("<4f", 1, 2, 3, 4)


def torch_zip(
    body: bytes,
    storages: Mapping[str, bytes] | None = None,
    extra: Mapping[str, bytes] | None = None,
    packed: bool = False,
) -> bytes:
    """A file as torch.save writes it today, around the pickle ``body``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        archive.writestr("a/data.pkl", pickled(body))
        for key, data in ({"0": FOUR} if storages is None else storages).items():
            archive.writestr(f"a/data/{key}", data)
        for member, data in (extra or {}).items():
            archive.writestr(member, data)
    return out.getvalue()


def head(magic: object = MAGIC, version: object = VERSION, system: object = SYSTEM) -> bytes:
    """The three pickles that a file of torch.save before 1.6 begins with."""
    return b"".join(pickle.dumps(value, protocol=2) for value in (magic, version, system))


def torch_legacy(
    body: bytes, storages: Mapping[str, bytes] | None = None, size: int = 4, system: object = SYSTEM
) -> bytes:
    """A file as torch.save wrote it before 1.6. ``size``: bytes of an element."""
    kept = {"0": FOUR} if storages is None else storages
    keys = pickle.dumps(list(kept), protocol=2)
    behind = b"".join(struct.pack("<q", len(data) // size) + data for data in kept.values())
    return head(system=system) + pickled(body) + keys + behind


def saved(value: object, **how: object) -> bytes:
    """A file as torch itself writes it."""
    out = io.BytesIO()
    torch.save(value, out, **how)
    return out.getvalue()


def nested(body: bytes | None = None, storages: Mapping[str, bytes] | None = None) -> bytes:
    """A storage as NVIDIA's pickles hold it."""
    return call("torch.storage", "_load_from_bytes", raw(torch_legacy(body or storage(), storages)))


def module(parameters: Mapping[str, bytes], modules: Mapping[str, bytes] | None = None, **more: bytes) -> bytes:
    """One of NVIDIA's persistent modules. Its source text would raise, and is never looked at."""
    state = {
        "training": b"\x89", "_parameters": table(parameters), "_buffers": b"}", "_modules": table(modules or {}),
        "_init_args": b")", "_init_kwargs": b"}", **more,
    }  # fmt: skip
    meta = {
        "type": word("class"), "version": number(6), "module_src": word("raise SystemExit('the source was run')"),
        "class_name": word("Generator"), "state": table(state),
    }  # fmt: skip
    return call("torch_utils.persistence", "_reconstruct_persistent_obj", table(meta))


def network(body: bytes) -> bytes:
    return pickled(table({"G_ema": body}))
