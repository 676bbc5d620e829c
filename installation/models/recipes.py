"""From a model's card to recipes for a backend: card -> weights -> network -> one of its parts -> Recipe.

Two doors to the same network. ``numeric`` gives the network's own floats, for comparing and for the parts that make no
picture. ``painted`` puts the conversion from and to bytes inside the graph, for shows.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installation.backends import BACKENDS, onnx_graph
from installation.backends.recipe import Input, Recipe
from installation.checkpoints import weights
from installation.checkpoints.card import Card
from installation.errors import ModelError
from installation.files import sha256_of
from installation.models.altered import AS_IT_IS, Altered
from installation.models.families import (
    FAMILIES,
    Family,
    Part,
    Size,
    from_picture,
    image_channels,
    numbers,
    value_range,
)

if TYPE_CHECKING:
    from torch import nn

NETWORKS = Path(__file__).parents[1] / "networks"
OUTPUT = "rgba"  # not "image": one name may not be both an input and the output of a graph
NO_SIZE = (0, 0)
GRAPHS = ("tensorrt", "openvino")  # backends that run a graph; torch runs modules


def family_of(card: Card) -> Family:
    try:
        return FAMILIES[card.family]
    except KeyError:
        raise ModelError(
            f"the model '{card.name}' is a {card.family}, which makes no pictures", f"these do: {', '.join(FAMILIES)}"
        ) from None


def numeric(
    card: Card, part: Part, size: Size = NO_SIZE, batch: int = 1, altered: Altered = AS_IT_IS, **changes: Any
) -> Recipe:
    """A part as it is: floats in, floats out. ``changes`` replace numbers of the card's ``network``."""
    present(card, altered)
    inputs = altered.inputs(part.inputs(card, batch, size))
    if not family_of(card).network:
        return _graph(card, onnx_graph.numeric, inputs, part.output)
    build = _builder(card, part, altered, changes)
    parts = _parts(card, part, "numeric", altered, changes)
    return Recipe(card.name, inputs, part.output, parts, build, runs_on=_runs_on(card))


def painted(card: Card, size: Size = NO_SIZE, altered: Altered = AS_IT_IS, **changes: Any) -> Recipe:
    """The part that makes the picture, with uint8 RGBA on its end, and uint8 on its front where it starts from one."""
    family = family_of(card)
    if family.plays == "itself":
        raise ModelError(
            f"'{card.name}' is a {card.family}: it paints from what it was", f"in a show: kind: {card.family}"
        )
    part = family.picture
    present(card, altered)
    inputs = altered.inputs(part.inputs(card, 1, size))
    if from_picture(card):
        inputs = {**inputs, "image": _bytes(card, inputs["image"]), "strength": numbers(1)}
    if not family_of(card).network:
        return _graph(card, onnx_graph.painted, inputs, OUTPUT)
    build = _builder(card, part, altered, changes)

    def wrapped() -> nn.Module:
        from installation.networks import rgba

        if labels := card.network.get("label_classes"):
            return rgba.RepaintsLabels(build(), image_channels(card), int(labels))
        return (rgba.RepaintsRGBA if from_picture(card) else rgba.PaintsRGBA)(build(), *value_range(card))

    parts = _parts(card, part, "painted", altered, changes)
    return Recipe(card.name, inputs, OUTPUT, parts, wrapped, runs_on=_runs_on(card))


def _runs_on(card: Card) -> tuple[str, ...]:
    return ("torch",) if card.family == "torchscript" else BACKENDS  # its inside cannot be seen, so not exported


def _bytes(card: Card, image: Input) -> Input:
    """A picture as a show has it: uint8 (N, H, W, C); a map of labels has one channel, the labels' numbers."""
    batch, channels, height, width = image.shape
    return Input((batch, height, width, 1 if card.network.get("label_classes") else channels), "uint8")


def _graph(
    card: Card,
    door: Callable[[Path, Mapping[str, Any], Mapping[str, Input], str], Path],
    inputs: Mapping[str, Input],
    output: str,
) -> Recipe:
    """Somebody's own graph, with our ends on it (backends/onnx_graph.py)."""
    path = door(card.weights[0].path(), card.network, inputs, output)
    return Recipe(card.name, inputs, output, (sha256_of(path),), graph=path, runs_on=GRAPHS)


def network(card: Card, **changes: Any) -> nn.Module:
    """The whole network with its weights. Raises ModelError when they are not of this family."""
    module, _, name = family_of(card).network.partition(":")
    kind = getattr(importlib.import_module(f"installation.networks.{module}"), name)
    try:
        if family_of(card).kept:
            program: nn.Module = kind.from_file(card.weights[0].path())
            return program
        net: nn.Module = kind.from_state(weights.state(card), **{**card.network, **changes})
    except (ValueError, TypeError) as error:  # TypeError: a number that the class does not have
        raise ModelError(f"the weights of '{card.name}' are no {card.family}: {error}") from error
    return net


def present(card: Card, altered: Altered = AS_IT_IS) -> None:
    for needed in (card, *([altered.blend] if altered.blend else [])):
        if missing := needed.missing():
            raise ModelError(
                f"the model '{needed.name}' lacks {missing[0]}", f"fetch it: installation models get {needed.name}"
            )


def _builder(card: Card, part: Part, altered: Altered, changes: Mapping[str, Any]) -> Callable[[], nn.Module]:
    def build(one: Card) -> nn.Module:
        net = network(one, **changes)
        made: nn.Module = net.get_submodule(part.module) if part.module else net
        return made

    return lambda: altered.build(build, card)


def _parts(card: Card, part: Part, door: str, altered: Altered, changes: Mapping[str, Any]) -> tuple[str, ...]:
    """All that decides what the graph computes."""
    sums = [weight.sha256 for weight in card.weights]
    changed = repr(sorted({**card.network, **changes}.items()))
    return (*sums, changed, card.family, part.module, door, *altered.parts(), definitions())


@lru_cache(maxsize=1)
def definitions() -> str:
    """A hash of every network's source, found without importing one (it would import torch)."""
    digest = hashlib.sha256()
    for path in sorted(NETWORKS.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
