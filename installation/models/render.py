"""The parity door: arrays in, the picture out as the network itself gives it, on any backend. For comparing, not shows.

In (an ``.npz``, read without pickles), by family; a first axis of N makes N pictures:

    StyleGAN     z (N, Z) or w (N, layers, W) or (N, W); c (N, C); psi, cutoff; noise; transform (3, 3)
                 noise: 'const' (as stored), 'none', a strength, or one strength a layer
                 transform: what the network's ``transform`` buffer holds, the inverse of the picture's movement
    BigGAN       z (N, Z), label (N, K) or (N,) indices, truncation 0.02..1, statistics 'compat' | 'correct'
    DCGAN        z (N, Z), label where it knows classes
    pictures     image (N, C, H, W) in the network's own range; label (N, 1, H, W) ids, and instance, for label maps;
                 style (S, 3, H, W) pictures and weights (S,) for AdaIN, or (N, S) weights; alpha; look eval | batch

Out: ``image`` float32 NCHW in the network's own range, and ``ws`` (N, layers, W) for StyleGAN.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from installation.backends.choose import load
from installation.checkpoints.card import Card
from installation.errors import InstallationError
from installation.latent.batch_statistics import Mode, statistics_weights
from installation.models import recipes
from installation.models.families import (
    ADAIN_STATISTICS,
    Part,
    Size,
    class_count,
    from_picture,
    has_w,
    image_channels,
    noise_layers,
    style_layers,
)
from installation.models.style import StyleMapping

Array = NDArray[Any]
Arrays = Mapping[str, Array]

KNOWN = (
    "z", "c", "w", "psi", "cutoff", "noise", "transform", "label", "truncation", "statistics", "image", "style",
    "weights", "alpha", "look", "instance",
)  # fmt: skip


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of an ``.npz``. Raises InstallationError for what cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, AttributeError) as error:  # AttributeError: a bare .npy has no names
        raise InstallationError(f"{path} is no .npz of plain arrays: {error}") from error
    return arrays


def render(card: Card, given: Arrays, backend: str, precision: str) -> dict[str, Array]:
    """``image``, and ``ws`` where there is a W. Raises ModelError, InstallationError."""
    of_graph = list(card.network["inputs"]) if card.family == "onnx" else []
    if unknown := [name for name in given if name not in (*KNOWN, *of_graph)]:
        raise InstallationError(f"'{card.name}' takes no '{unknown[0]}'", f"known: {', '.join((*KNOWN, *of_graph))}")
    door = _Door(card, given, backend, precision)
    if has_w(card):
        return door.style()
    return {"image": door.latent() if not from_picture(card) else door.picture()}


class _Door:
    """One call: the model, what it was given, and where it runs."""

    def __init__(self, card: Card, given: Arrays, backend: str, precision: str) -> None:
        self._card = card
        self._given = given
        self._family = recipes.family_of(card)
        self._where = (backend, precision)

    def style(self) -> dict[str, Array]:
        z = None if "w" in self._given else self._need("z", 2, self._card.latent)
        mapping = StyleMapping(self._card, self._where[0], batch=1 if z is None else len(z))
        if z is None:
            ws = self._given["w"].astype(np.float32)
            ws = np.repeat(ws[:, None], style_layers(self._card), 1) if ws.ndim == 2 else ws
        else:
            ws = np.repeat(mapping.map(z, self._labels("c", len(z)))[:, None], style_layers(self._card), 1)
        if "psi" in self._given:
            ws = mapping.truncated(ws, self._number("psi", 1.0), int(self._number("cutoff", ws.shape[1])))
        inputs: dict[str, Array] = {"ws": np.ascontiguousarray(ws, np.float32)}
        if self._card.family == "stylegan2":
            inputs["noise"] = self._noise()
        else:
            inputs["transform"] = np.asarray(self._given.get("transform", np.eye(3)), np.float32)
        return {"image": self._run(self._family.picture, inputs), "ws": inputs["ws"]}

    def latent(self) -> Array:
        z = self._need("z", 2, self._card.latent)
        inputs: dict[str, Array] = {"z": z}
        if class_count(self._card):
            inputs["classes"] = self._labels("label", len(z))
        if self._card.family == "biggan":
            inputs["stats"] = self._statistics()
        return self._run(self._family.picture, inputs | self._beside(inputs))

    def picture(self) -> Array:
        image = self._image()
        size = (image.shape[3], image.shape[2])
        inputs: dict[str, Array] = {"image": image}
        if self._card.family == "multistyle":
            inputs["styles"] = self._labels("style", len(image))
        if self._card.family == "adain":
            inputs["statistics"] = np.repeat(self._style_statistics(), len(image), 0)
            inputs["alpha"] = np.array([self._number("alpha", 1.0)], np.float32)
        inputs |= self._beside(inputs)
        changes = {"look": str(self._given["look"])} if "look" in self._given else {}
        return self._run(self._family.picture, inputs, size, **changes)

    def _statistics(self) -> Array:
        modes: dict[str, Mode] = {"compat": "compat", "correct": "correct"}
        asked = str(self._given.get("statistics", np.array("compat")))
        if asked not in modes:
            raise InstallationError(f"statistics cannot be '{asked}'", f"one of: {', '.join(modes)}")
        return statistics_weights(self._number("truncation", 1.0), int(self._card.network["n_stats"]), modes[asked])

    def _beside(self, inputs: Arrays) -> dict[str, Array]:
        """Whatever else somebody's own graph takes, by the card's name for it."""
        if self._card.family != "onnx":
            return {}
        rows = self._card.network["inputs"].items()
        return {name: self._need(name, 2) for name, row in rows if "value" not in row and name not in inputs}

    def _image(self) -> Array:
        if "image" not in self._given and "label" in self._given and self._card.network.get("label_classes"):
            from installation.models.labels import one_hot

            return one_hot(self._given["label"], image_channels(self._card), self._given.get("instance"))
        return self._need("image", 4)

    def _style_statistics(self) -> Array:
        """What AdaIN takes from style pictures, mixed by ``weights`` (evenly when there are none)."""
        styles = self._need("style", 4)
        shares = np.asarray(self._given.get("weights", np.ones(len(styles))), np.float32).reshape(-1, 1)
        size = (styles.shape[3], styles.shape[2])
        assert self._family.helper
        each = np.concatenate([self._run(self._family.helper, {"style": style[None]}, size) for style in styles])
        mixed: Array = (each * shares / shares.sum()).sum(0, keepdims=True).reshape(1, ADAIN_STATISTICS)
        return mixed

    def _run(self, part: Part, inputs: Arrays, size: Size = recipes.NO_SIZE, **changes: Any) -> Array:
        batch = len(next(iter(inputs.values())))
        recipe = recipes.numeric(self._card, part, size, batch, **changes)
        for name, array in inputs.items():
            if array.shape != recipe.inputs[name].shape:
                raise InstallationError(f"{name} is {array.shape}, wanted {recipe.inputs[name].shape}")
        program = load(recipe, *self._where)
        try:
            # A copy: the program may write over its output, and closing lets go of it.
            return np.array(program.run(inputs)[part.output], np.float32)
        finally:
            program.close()

    def _need(self, name: str, axes: int, last: int | None = None) -> Array:
        if name not in self._given:
            raise InstallationError(f"the model '{self._card.name}' needs '{name}'")
        array = np.ascontiguousarray(self._given[name], np.float32)
        if array.ndim != axes or (last is not None and array.shape[-1] != last):
            wanted = ", ".join(["N", *["any"] * (axes - 2), str(last or "any")])
            raise InstallationError(f"{name} is {array.shape}, wanted ({wanted})")
        if not np.isfinite(array).all():
            raise InstallationError(f"{name} holds numbers that are not finite")
        return array

    def _labels(self, name: str, rows: int) -> Array:
        """(N, K) weights; indices are made one-hot. A model without classes takes (N, 0) and ignores it."""
        count = class_count(self._card)
        if not count:
            return np.zeros((rows, 0), np.float32)
        given = self._given.get(name)
        if given is None:
            raise InstallationError(f"the model '{self._card.name}' knows {count} classes and needs '{name}'")
        if given.ndim == 1 and np.issubdtype(given.dtype, np.integer):
            if given.min() < 0 or given.max() >= count:
                raise InstallationError(f"{name} must be 0..{count - 1}")
            given = np.eye(count, dtype=np.float32)[given]
        weights: Array = np.ascontiguousarray(given, np.float32)
        if weights.shape != (rows, count):
            raise InstallationError(f"{name} is {weights.shape}, wanted ({rows}, {count})")
        return weights

    def _noise(self) -> Array:
        given, count = self._given.get("noise", np.array("const")), noise_layers(self._card)
        named: Mapping[str, float] = {"const": 1.0, "none": 0.0}
        if given.dtype.kind in "US":
            word = str(given.item() if given.ndim == 0 else given.reshape(-1)[0])
            if word not in named:
                raise InstallationError(f"noise cannot be '{word}'", "const, none, a strength, or one strength a layer")
            return np.full(count, named[word], np.float32)
        return np.array(np.broadcast_to(given.astype(np.float32).reshape(-1), (count,)))

    def _number(self, name: str, default: float) -> float:
        return float(np.asarray(self._given[name]).reshape(-1)[0]) if name in self._given else float(default)
