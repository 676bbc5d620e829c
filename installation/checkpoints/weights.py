"""A card's weights as tensors. A foreign format is read once, when fetched, and kept as safetensors; only those are
read when a show starts. Kept at ``<cache>/tensors/<sha256 of the original>.safetensors``.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from installation.checkpoints import foreign
from installation.checkpoints.card import Card
from installation.errors import ModelError
from installation.files import sha256_of
from installation.library import cache_dir

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

log = logging.getLogger(__name__)

TENSORS = (".pth", ".pt", ".onnx", ".safetensors")
MOST_HEADER = 1 << 24  # bytes; a safetensors header is a few hundred a tensor


def state(card: Card) -> dict[str, Tensor]:
    """Every tensor of the model, by name. Raises ModelError when its weights are not here."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    merged: dict[str, Tensor] = {}
    for path in tensor_files(card):
        try:
            merged.update(load_file(path))
        except (SafetensorError, OSError) as error:
            raise ModelError(
                f"{path.name} cannot be read: {error}", f"remove {path} and: installation models get {card.name}"
            ) from error
    return merged


def tensor(card: Card, name: str) -> NDArray[np.float32]:
    """One tensor by name, without loading the others and without torch. Raises ModelError."""
    from safetensors import SafetensorError, safe_open

    for path in tensor_files(card):
        try:
            with safe_open(path, framework="numpy") as stored:
                if name in stored.keys():  # noqa: SIM118  # no mapping: it has keys() and nothing else
                    return np.asarray(stored.get_tensor(name), np.float32)
        except (SafetensorError, OSError) as error:
            raise ModelError(f"{path.name} cannot be read: {error}") from error
    raise ModelError(f"the weights of '{card.name}' have no {name}")


def tensor_files(card: Card) -> list[Path]:
    """The safetensors files of a card, converted where that has not been done yet."""
    files = []
    for weight in card.weights:
        path = weight.path()
        if path.suffix not in TENSORS:
            continue
        kept = cache_dir("tensors") / f"{weight.sha256}.safetensors"
        if not kept.is_file():
            if not (path.is_file() and sha256_of(path) == weight.sha256):
                raise ModelError(
                    f"the model '{card.name}' is not here", f"fetch it: installation models get {card.name}"
                )
            if path.suffix == ".safetensors":
                kept = path
            else:
                convert(path, kept)
        files.append(kept)
    return files


def convert(source: Path, kept: Path) -> None:
    """Read a foreign file as tensors only and keep them as safetensors. Raises ModelError."""
    found = foreign.read(source, kept)
    if not found.shapes:
        kept.unlink(missing_ok=True)
        raise ModelError(f"{source.name} holds no tensors")
    log.info("converted %s: %d tensors", source.name, len(found.shapes))


def table(card: Card) -> list[dict[str, Any]]:
    """Name, shape and type of every tensor, from the files' headers alone."""
    rows = []
    for path in tensor_files(card):
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            if size > MOST_HEADER:
                raise ModelError(f"{path.name} is no safetensors file")
            header = json.loads(file.read(size))
        rows += [
            {"name": name, "shape": entry["shape"], "dtype": entry["dtype"]}
            for name, entry in header.items()
            if name != "__metadata__"
        ]
    return sorted(rows, key=lambda row: row["name"])
