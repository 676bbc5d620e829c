"""Latents and directions on disk, beside a model's card. Plain arrays only; nothing in these files can run.

    directions.safetensors    NAME (size,) or (layers, size), a unit vector; NAME.sigma (1,), 1 where it is not there
    latents/NAME.npz          w (layers, W) or (1, W) in W models, z (Z,) in the others

Names are what a show writes: ``sefa.0``, ``ganspace.3``, ``mine``. Everything is checked when it is read: names,
shapes, sizes, finite numbers. Raises ModelError in one line.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from installation.errors import ModelError
from installation.files import write_atomically
from installation.latent.space import Array, Direction

DIRECTIONS = "directions.safetensors"
LATENTS = "latents"
SIGMA = ".sigma"
MOST_BYTES = 64 << 20  # of a file: a thousand directions of a thousand numbers are 4 MB
MOST_NUMBERS = 1 << 20  # of one latent: (18, 512) are nine thousand

# What zipfile and numpy raise for files that are broken, encrypted or absurd.
BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, MemoryError,
)  # fmt: skip

_AGAIN = "find them again: installation models directions MODEL"
_KEEP = "keep it again: installation models project MODEL PICTURE"


def write_directions(path: Path, directions: Mapping[str, Direction]) -> None:
    """Replaces the file. To add to it, read it first."""
    from safetensors.numpy import save

    tensors: dict[str, Array] = {}
    for name, direction in directions.items():
        tensors[name] = np.ascontiguousarray(direction.vector, np.float32)
        tensors[name + SIGMA] = np.array([direction.sigma], np.float32)
    _write(path, save(tensors))


def read_directions(path: Path) -> dict[str, Direction]:
    """By name; empty when there is no such file."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    if not path.exists():
        return {}
    try:
        tensors = load(_bytes(path))
    except (SafetensorError, KeyError, ValueError, TypeError) as error:  # KeyError, TypeError: types numpy has not
        raise ModelError(f"{path} is no safetensors file of directions: {error}", _AGAIN) from error
    found = {}
    for name, tensor in sorted(tensors.items(), key=lambda row: _counted(row[0])):
        if name.endswith(SIGMA):
            continue
        vector = _sound(tensor, (1, 2), f"{path}: {name}")
        sigma = _sound(tensors.get(name + SIGMA, np.ones(1, np.float32)), (1,), f"{path}: {name}{SIGMA}")
        if sigma.size != 1:
            raise ModelError(f"{path}: {name}{SIGMA} has {sigma.size} numbers, wanted 1", _AGAIN)
        found[name] = Direction(vector, float(sigma[0]))
    return found


def write_latent(folder: Path, name: str, latent: Array) -> Path:
    """``latents/NAME.npz`` in the model's folder: (layers, W) is a w, (Z,) a z."""
    data = io.BytesIO()
    np.savez(data, allow_pickle=False, **{"w" if latent.ndim == 2 else "z": latent.astype(np.float32)})
    path = folder / LATENTS / f"{name}.npz"
    _write(path, data.getvalue())
    return path


def read_latent(path: Path) -> Array:
    try:
        data = io.BytesIO(_bytes(path))
        with zipfile.ZipFile(data) as packed:
            if sum(member.file_size for member in packed.infolist()) > MOST_BYTES:
                raise ModelError(f"{path} unpacks to more than {MOST_BYTES >> 20} MB: that is no latent")
        with np.load(data, allow_pickle=False) as stored:
            kinds = [name for name in ("w", "z") if name in stored.files]
            if not kinds:
                raise ModelError(f"{path} holds neither w nor z", _KEEP)
            return _sound(stored[kinds[0]], (2,) if kinds[0] == "w" else (1,), f"{path}: {kinds[0]}")
    except BROKEN as error:
        raise ModelError(f"{path} is no .npz of a latent: {error}", _KEEP) from error


class Saved(Mapping[str, Array]):
    """The latents kept beside a model, by name; each is read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._paths = {path.stem: path for path in sorted((folder / LATENTS).glob("*.npz"))}

    def __getitem__(self, name: str) -> Array:
        return read_latent(self._paths[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _counted(name: str) -> tuple[str, int]:
    """``sefa.2`` before ``sefa.10``."""
    kind, _, index = name.rpartition(".")
    return (kind, int(index)) if index.isdecimal() else (name, 0)


def _sound(tensor: Array, axes: Iterable[int], what: str) -> Array:
    if tensor.ndim not in axes or not 0 < tensor.size <= MOST_NUMBERS or tensor.dtype.kind not in "fiu":
        raise ModelError(f"{what} is {tensor.dtype} {tensor.shape}, which is none")
    made: Array = np.array(tensor, np.float32)
    if not np.isfinite(made).all():
        raise ModelError(f"{what} holds numbers that are not finite")
    return made


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ModelError(f"{path} is larger than {MOST_BYTES >> 20} MB: that is something else")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}") from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    except OSError as error:
        raise ModelError(
            f"{path} cannot be written: {error.strerror}", "copy the model's folder into a models/ of your own"
        ) from error
