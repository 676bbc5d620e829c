"""What the generators that play a model share: its options, its classes as live weights, numbers kept finite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from installation.backends import BACKENDS, PRECISIONS
from installation.backends.choose import load_live
from installation.checkpoints import card as cards
from installation.checkpoints.card import Card, Classes
from installation.errors import InstallationError, ModelError
from installation.library import Library
from installation.models import recipes
from installation.models.families import from_picture, playing
from installation.params import REQUIRED, Param
from installation.types import Params, Program

if TYPE_CHECKING:
    from installation.types import Vector

MODEL = Param("model", "text", REQUIRED, help="a model's name: installation models list")
BACKEND = Param("backend", "choice", "auto", choices=("auto", *BACKENDS), help="what runs the network")
PRECISION = Param("precision", "choice", "auto", choices=("auto", *PRECISIONS), help="fp32 exact, bf16 and fp16 faster")

OUTPUT = recipes.OUTPUT
FADE = 0.1  # below this sum of weights the card's default class comes in


def program(
    card: Card, backend: str, precision: str, size: tuple[int, int] = recipes.NO_SIZE, **changes: Any
) -> Program:
    """What makes the picture, on a device; ``size`` for models that take any. Raises ModelError."""
    return load_live(recipes.painted(card, size, **changes), backend, precision)


def playable(name: str, library: Library, what: Literal["latent", "image"], kind: str) -> Card:
    """The model's card, if a generator that paints from ``what`` can play it. Raises InstallationError."""
    card = cards.of_family(cards.load(name, library), playing(what), kind)
    if from_picture(card) != (what == "image"):  # a family that is either: its file decides
        source, other = ("a picture", "image") if from_picture(card) else ("a latent", "gan")
        wrong = f"the model '{name}' paints from {source}, which '{kind}' has not"
        raise InstallationError(wrong, f"write kind: {other}")
    return card


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
