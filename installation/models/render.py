"""The parity door: arrays in, the picture out as the network itself gives it, on any backend. For comparing, not shows.

In (an ``.npz``, read without pickles), by family; a first axis of N makes N pictures:

    StyleGAN     z (N, Z) or w (N, layers, W) or (N, W); c (N, C); psi, cutoff; noise; transform (3, 3)
                 noise: 'const' (as stored), 'none', a strength, or one strength a layer
                 transform: what the network's ``transform`` buffer holds, the inverse of the picture's movement
    BigGAN       z (N, Z), label (N, K) or (N,) indices, truncation 0.02..1, statistics 'compat' | 'correct'
    DCGAN        z (N, Z), label where it knows classes
    pictures     image (N, C, H, W) in the network's own range; label (N, 1, H, W) ids, and instance, for label maps;
                 style (S, 3, H, W) pictures and weights (S,) for AdaIN, or (N, S) weights; alpha; look eval | batch
    textures     state (N, 12, H, W), turn (N, 2, H, W), cosine and sine

Out: ``image`` float32 NCHW in the network's own range (of textures ``change``), and ``ws`` (N, layers, W) for StyleGAN.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

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
    style_layers,
)
from installation.models.given import Given
from installation.models.labels import one_hot
from installation.models.style import StyleMapping

Array = NDArray[Any]
Arrays = Mapping[str, Array]


def render(card: Card, arrays: Arrays, backend: str, precision: str) -> dict[str, Array]:
    """``image``, and ``ws`` where there is a W. Raises ModelError, InstallationError."""
    door = _Door(card, Given(card, arrays), backend, precision)
    if has_w(card):
        return door.style()
    if recipes.family_of(card).plays == "itself":
        return {"change": door.change()}
    return {"image": door.picture() if from_picture(card) else door.latent()}


class _Door:
    """One call: the model, what it was given, and where it runs."""

    def __init__(self, card: Card, given: Given, backend: str, precision: str) -> None:
        self._card = card
        self._given = given
        self._family = recipes.family_of(card)
        self._where = (backend, precision)

    def style(self) -> dict[str, Array]:
        given, layers = self._given, style_layers(self._card)
        z = None if "w" in given else given.floats("z", 2, self._card.latent)
        mapping = StyleMapping(self._card, self._where[0], batch=1 if z is None else len(z))
        ws = given.w() if z is None else np.repeat(mapping.map(z, given.labels("c", len(z)))[:, None], layers, 1)
        if "psi" in given:
            ws = mapping.truncated(ws, given.number("psi", 1.0), int(given.number("cutoff", layers)))
        mapping.close()
        inputs: dict[str, Array] = {"ws": np.ascontiguousarray(ws, np.float32)}
        if self._card.family == "stylegan2":
            inputs["noise"] = given.noise()
        else:
            inputs["transform"] = given.transform()
        return {"image": self._run(self._family.picture, inputs), "ws": inputs["ws"]}

    def latent(self) -> Array:
        z = self._given.floats("z", 2, self._card.latent)
        inputs: dict[str, Array] = {"z": z}
        if class_count(self._card):
            inputs["classes"] = self._given.labels("label", len(z))
        if self._card.family == "biggan":
            inputs["stats"] = self._statistics()
        return self._run(self._family.picture, inputs | self._beside(inputs))

    def change(self) -> Array:
        """Of a texture's cells."""
        state, turn = self._given.pictures("state"), self._given.pictures("turn")
        return self._run(self._family.picture, {"state": state, "turn": turn}, (state.shape[3], state.shape[2]))

    def picture(self) -> Array:
        image = self._image()
        size = (image.shape[3], image.shape[2])
        multiple = int(self._card.preprocessing.get("multiple", 1))
        if size[0] % multiple or size[1] % multiple:
            raise InstallationError(f"'{self._card.name}' takes sides that are multiples of {multiple}, not {size}")
        inputs: dict[str, Array] = {"image": image}
        if self._card.family == "multistyle":
            inputs["styles"] = self._given.labels("style", len(image))
        if self._card.family == "adain":
            inputs["statistics"] = np.repeat(self._style_statistics(), len(image), 0)
            inputs["alpha"] = np.array([self._given.number("alpha", 1.0)], np.float32)
        inputs |= self._beside(inputs)
        changes = {"look": self._given.word("look", ("eval", "batch"), "eval")} if "look" in self._given else {}
        return self._run(self._family.picture, inputs, size, **changes)

    def _statistics(self) -> Array:
        mode: Mode = self._given.word("statistics", get_args(Mode), "compat")  # type: ignore[assignment]  # one of them
        return statistics_weights(self._given.number("truncation", 1.0), int(self._card.network["n_stats"]), mode)

    def _beside(self, inputs: Arrays) -> dict[str, Array]:
        """Whatever else somebody's own graph takes, by the card's name for it."""
        if self._card.family != "onnx":
            return {}
        rows = self._card.network["inputs"].items()
        return {name: self._given.floats(name, 2) for name, row in rows if "value" not in row and name not in inputs}

    def _image(self) -> Array:
        label = self._given.plain("label")
        if "image" not in self._given and label is not None and self._card.network.get("label_classes"):
            return one_hot(label, image_channels(self._card), self._given.plain("instance"))
        return self._given.pictures("image")

    def _style_statistics(self) -> Array:
        """What AdaIN takes from style pictures, mixed by ``weights`` (evenly when there are none)."""
        styles = self._given.pictures("style")
        weights = self._given.plain("weights")
        shares = np.asarray(np.ones(len(styles)) if weights is None else weights, np.float32).reshape(-1, 1)
        if len(shares) != len(styles) or not shares.sum() > 0:
            raise InstallationError(
                f"there are {len(styles)} styles and {len(shares)} weights", "give one each, not all 0"
            )
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
