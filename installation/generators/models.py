"""From a model's card to a program that runs: card -> weights -> network -> recipe -> backend.

Adding a family is one network file and one row here.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from installation.backends import BACKENDS, PRECISIONS
from installation.backends.choose import load
from installation.backends.recipe import Input, Recipe
from installation.checkpoints import weights
from installation.checkpoints.card import Card, Classes
from installation.errors import ModelError
from installation.params import REQUIRED, Param
from installation.types import Params, Program

if TYPE_CHECKING:
    from torch import nn

    from installation.types import Vector

MODEL = Param("model", "text", REQUIRED, help="a model's name: installation models list")
BACKEND = Param("backend", "choice", "auto", choices=("auto", *BACKENDS), help="what runs the network")
PRECISION = Param("precision", "choice", "auto", choices=("auto", *PRECISIONS), help="bf16 is faster, fp32 exact")

OUTPUT = "rgba"  # not "image": one name may not be both an input and the output of a graph
FADE = 0.1  # below this sum of weights the card's default class comes in


@dataclass(frozen=True, slots=True)
class Family:
    """Where a family's network is, and the wrapper that puts bytes on its ends."""

    module: str
    network: str
    wrapper: str


FAMILIES = {
    "dcgan": Family("installation.networks.dcgan", "ConditionalDCGAN", "LatentToRGBA"),
    "multistyle": Family("installation.networks.multistyle", "MultiStyle", "ImageToRGBA"),
}
WRAPPERS = "installation.networks.rgba"


def program(card: Card, size: tuple[int, int], backend: str, precision: str) -> Program:
    """The model on a device, for pictures of (width, height). Raises ModelError."""
    return load(recipe(card, size), backend, precision)


def recipe(card: Card, size: tuple[int, int]) -> Recipe:
    family = FAMILIES[card.family]
    if missing := card.missing():
        raise ModelError(
            f"the model '{card.name}' lacks {missing[0]}", f"fetch it: installation models get {card.name}"
        )

    def build() -> nn.Module:
        network = getattr(importlib.import_module(family.module), family.network)
        wrapper = getattr(importlib.import_module(WRAPPERS), family.wrapper)
        try:
            net: nn.Module = wrapper(network.from_state(weights.state(card)))
        except ValueError as error:
            raise ModelError(f"the weights of '{card.name}' are no {card.family}: {error}") from error
        return net

    parts = (*(weight.sha256 for weight in card.weights), _code(family.module), _code(WRAPPERS))
    return Recipe(card.name, _inputs(card, size), OUTPUT, parts, build)


def _inputs(card: Card, size: tuple[int, int]) -> dict[str, Input]:
    classes = len(card.classes.names) if card.classes else 0
    if card.latent:
        return {"z": Input((1, card.latent), "float32"), "classes": Input((1, classes), "float32")}
    width, height = size
    return {
        "image": Input((1, height, width, 3), "uint8"),
        "styles": Input((1, classes), "float32"),
        "strength": Input((1,), "float32"),
    }


def _code(module: str) -> str:
    """The sha256 of a module's source, found without importing it (it would import torch)."""
    path = Path(__file__).parents[1].joinpath(*module.split(".")[1:]).with_suffix(".py")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def class_params(classes: Classes | None) -> tuple[Param, ...]:
    """One live weight a class: ``style.ink``, ``colour.blue``."""
    if classes is None:
        return ()
    return tuple(
        Param(f"{classes.name}.{name}", "float", 0.0, 0.0, 1.0, help=_help(classes, name), live=True)
        for name in classes.names
    )


def _help(classes: Classes, name: str) -> str:
    only = "; alone while all are 0" if name == classes.default else ""
    return f"share of this {classes.name} in the mixture{only}"


def mixture(classes: Classes, params: Params, prefix: str = "generator") -> Vector:
    """Weights as the network wants them, (1, K) summing to 1, out of free sliders.

    Only their ratios count. Where all are near 0 the default class comes in continuously: nothing jumps when the last
    slider reaches the floor.
    """
    raw = np.array([params[f"{prefix}.{classes.name}.{name}"] for name in classes.names], np.float32)
    raw[classes.names.index(classes.default)] += max(0.0, FADE - float(raw.sum()))
    return (raw / raw.sum())[None]


def finite(arrays: Mapping[str, Vector]) -> None:
    """Stop a NaN at the border: past it, it is a black picture, and in a feedback loop it spreads for ever."""
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ModelError(f"the generator's input {name} is not finite")
