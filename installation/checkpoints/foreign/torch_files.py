"""Files of torch.save: the zip of torch 1.6 and later, and the layout before it.

The zip: ``NAME/data.pkl`` (a pickle whose storages are persistent ids), ``NAME/data/KEY`` (one storage each, raw),
``NAME/byteorder``. With ``NAME/constants.pkl`` or ``NAME/code/`` it is a TorchScript program: that is only said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from installation.checkpoints.foreign import allowed
from installation.checkpoints.foreign.archive import Archive
from installation.checkpoints.foreign.budget import Budget
from installation.checkpoints.foreign.machine import load
from installation.checkpoints.foreign.records import SIZES, Contents, Storage, broken
from installation.checkpoints.foreign.state_dicts import contents
from installation.checkpoints.foreign.storages import legacy, parts
from installation.errors import ModelError


def read_zip(data: memoryview, budget: Budget) -> Contents:
    archive = Archive(data, budget)
    pickles = [name for name in archive.members if name.count("/") == 1 and name.endswith("/data.pkl")]
    if len(pickles) != 1:
        raise _other_zip(archive)
    root = pickles[0].removesuffix("data.pkl")
    if any(name == f"{root}constants.pkl" or name.startswith(f"{root}code/") for name in archive.members):
        return Contents("torchscript", {}, {"torchscript": True})
    order = bytes(archive.read(f"{root}byteorder")) if f"{root}byteorder" in archive.members else b"little"
    if order not in (b"little", b"big"):
        raise broken("its byte order is none")
    shelf = _Shelf(archive, root, order == b"big", {})
    value, _ = load(archive.read(pickles[0]), 0, replace(allowed.TORCH, persistent=shelf.persistent), budget)
    return contents("torch zip", value)


def read_legacy(data: memoryview, budget: Budget) -> Contents:
    return contents("torch legacy", legacy(data, allowed.TORCH, budget))


@dataclass(slots=True)
class _Shelf:
    archive: Archive
    root: str
    big_endian: bool
    known: dict[str, Storage]

    def persistent(self, saved: Any) -> Storage:
        dtype, name, numel, view = parts(saved)
        if view is not None:
            raise broken("a storage in it is a view, which this layout has none of")
        member = f"{self.root}data/{name}"
        if member not in self.archive.members:
            raise broken("a storage of it is not there")
        if self.archive.members[member].size != numel * SIZES[dtype]:
            raise broken("a storage in it has two lengths")
        made = Storage(dtype, numel, lambda: self.archive.read(member), self.big_endian)
        known = self.known.setdefault(name, made)
        if known.dtype != dtype:
            raise broken("a storage in it has two types")
        return known


def _other_zip(archive: Archive) -> ModelError:
    names = list(archive.members)
    hint = "is it the file that the training wrote?"
    if any(name.endswith(".npy") for name in names):
        return ModelError("it is an archive of NumPy arrays (.npz), no checkpoint", hint)
    if "config.json" in names and any(name.endswith(".weights.h5") for name in names):
        return ModelError("it is a Keras file, which is not read here", "export it to ONNX and convert that")
    if any(name.startswith("archive_format") or "/archive_format" in name for name in names):
        return ModelError("it is a program of torch.export, which is not read here", "save its state_dict instead")
    if any(name.endswith((".pth", ".pt", ".pkl", ".safetensors", ".onnx")) for name in names):
        return ModelError("it is a zip archive with a checkpoint in it", "unpack it and convert what is inside")
    return ModelError("it is a zip archive, but none of torch.save", hint)
