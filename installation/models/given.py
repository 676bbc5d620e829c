"""Arrays that somebody hands to a model, made what its graph takes, or refused in one line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from installation.checkpoints.card import Card
from installation.errors import InstallationError
from installation.models.families import class_count, noise_layers, style_layers

Array = NDArray[Any]

KNOWN = (
    "z", "c", "w", "psi", "cutoff", "noise", "transform", "label", "truncation", "statistics", "image", "style",
    "weights", "alpha", "look", "instance", "state", "turn",
)  # fmt: skip
NOISE: Mapping[str, float] = {"const": 1.0, "none": 0.0}


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of an ``.npz``. Raises InstallationError for what cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, AttributeError) as error:  # AttributeError: a bare .npy has no names
        raise InstallationError(f"{path} is no .npz of plain arrays: {error}") from error
    return arrays


class Given:
    """``arrays`` for the model of a card. Every method raises InstallationError."""

    def __init__(self, card: Card, arrays: Mapping[str, Array]) -> None:
        of_graph = list(card.network["inputs"]) if card.family == "onnx" else []
        if unknown := [name for name in arrays if name not in (*KNOWN, *of_graph)]:
            raise InstallationError(
                f"'{card.name}' takes no '{unknown[0]}'", f"known: {', '.join((*KNOWN, *of_graph))}"
            )
        self._card = card
        self._arrays = arrays

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def floats(self, name: str, axes: int, last: int | None = None) -> Array:
        """float32 of so many axes, finite; ``last`` is how long the last one must be."""
        if name not in self._arrays:
            raise InstallationError(f"the model '{self._card.name}' needs '{name}'")
        array = _float32(name, self._arrays[name])
        if array.ndim != axes or (last is not None and array.shape[-1] != last):
            wanted = ", ".join(["N", *["any"] * (axes - 2), str(last or "any")])
            raise InstallationError(f"{name} is {array.shape}, wanted ({wanted})")
        return array

    def pictures(self, name: str) -> Array:
        """(N, C, H, W); one picture may come without its N."""
        if name in self._arrays and self._arrays[name].ndim == 3:
            return _float32(name, self._arrays[name])[None]
        return self.floats(name, 4)

    def number(self, name: str, default: float) -> float:
        """In full precision: BigGAN's statistics change at 0.4, and 0.4 in float32 is past it. Written out and read
        again, a float32 is the number that was meant."""
        if name not in self._arrays:
            return float(default)
        _float32(name, self._arrays[name])
        return float(str(self._arrays[name].reshape(-1)[0]))

    def word(self, name: str, choices: tuple[str, ...], default: str) -> str:
        asked = str(self._arrays[name].reshape(-1)[0]) if name in self._arrays else default
        if asked not in choices:
            raise InstallationError(f"{name} cannot be '{asked}'", f"one of: {', '.join(choices)}")
        return asked

    def plain(self, name: str) -> Array | None:
        return self._arrays.get(name)

    def w(self) -> Array:
        """(N, layers, W), out of (N, W) or (N, 1, W) too."""
        w = _float32("w", self._arrays["w"])
        w = w[:, None] if w.ndim == 2 else w
        layers = style_layers(self._card)
        if w.ndim != 3 or w.shape[1] not in (1, layers) or w.shape[2] != self._card.network["w_dim"]:
            raise InstallationError(f"w is {w.shape}, wanted (N, {layers}, {self._card.network['w_dim']})")
        return np.array(np.broadcast_to(w, (len(w), layers, w.shape[2])))

    def transform(self) -> Array:
        """(3, 3), the identity where there is none."""
        matrix = _float32("transform", self._arrays.get("transform", np.eye(3)))
        if matrix.size != 9:
            raise InstallationError(f"transform is {matrix.shape}, wanted (3, 3)")
        return matrix.reshape(3, 3)

    def labels(self, name: str, rows: int) -> Array:
        """(N, K) weights; indices are made one-hot. A model without classes takes (N, 0) and ignores it."""
        count = class_count(self._card)
        if not count:
            return np.zeros((rows, 0), np.float32)
        if name not in self._arrays:
            raise InstallationError(f"the model '{self._card.name}' knows {count} classes and needs '{name}'")
        given = self._arrays[name]
        if given.ndim == 1 and np.issubdtype(given.dtype, np.integer):
            if given.min() < 0 or given.max() >= count:
                raise InstallationError(f"{name} must be 0..{count - 1}")
            given = np.eye(count)[given]
        weights = _float32(name, given)
        if weights.shape != (rows, count):
            raise InstallationError(f"{name} is {weights.shape}, wanted ({rows}, {count})")
        return weights

    def noise(self) -> Array:
        """A strength for each layer that adds noise."""
        given, count = self._arrays.get("noise", np.array("const")), noise_layers(self._card)
        if given.dtype.kind in "US":
            return np.full(count, NOISE[self.word("noise", tuple(NOISE), "const")], np.float32)
        strengths = _float32("noise", given).reshape(-1)
        if len(strengths) not in (1, count):
            raise InstallationError(
                f"noise is {given.shape}: this model has {count} layers with noise", "give one each"
            )
        return np.array(np.broadcast_to(strengths, (count,)))


def _float32(name: str, array: Array) -> Array:
    if array.dtype.kind not in "fiub" or not array.size:
        raise InstallationError(f"{name} is {array.dtype} {array.shape}, wanted numbers")
    made = np.ascontiguousarray(array, np.float32)
    if not np.isfinite(made).all():
        raise InstallationError(f"{name} holds numbers that are not finite")
    return made.reshape(array.shape)  # ascontiguousarray gives a single number an axis
