"""A finished training as a model folder: the way of an artist's own file from there on (``checkpoints/families``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from installation.checkpoints.card import Card, read_card
from installation.checkpoints.families import recognise
from installation.checkpoints.found import Found
from installation.errors import ModelError
from installation.latent import stored
from installation.models import recipes, written
from installation.models.directions import found_in_weights
from installation.training import film
from installation.training.trainer import Picture

WEIGHTS = "weights.safetensors"
DIRECTIONS = "directions.safetensors"
SHEET = "sheet.jpg"


@dataclass(frozen=True, slots=True)
class Words:
    """What the card says of the model. ``notes`` tells the recipe, the seed, the pictures seen."""

    name: str
    title: str
    licence: str
    author: str
    source: str
    notes: str = ""

    def telling(self, *more: str) -> Words:
        """With more notes, a sentence each."""
        return replace(self, notes=". ".join(filter(None, (self.notes, *more))))


def export(folder: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any], words: Words, sheet: Picture) -> Card:
    """Writes card, weights, directions, sample sheet. ``tensors``, ``facts``: as its family's own program saves them.

    Weights are kept in half precision where that loses nothing a picture shows: three digits of each. Raises ModelError
    where one is not finite: a training that diverged gives no model.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = Found("training", {name: tuple(tensor.shape) for name, tensor in tensors.items()}, facts)
    recognised = recognise(found)
    state = {name: _half(tensor.detach().cpu()) for name, tensor in recognised.rename(tensors).items()}
    for name, tensor in state.items():
        if not bool(torch.isfinite(tensor).all()):
            raise ModelError(f"{name} holds numbers that are not finite: the training diverged", "begin anew")
    save_file(state, folder / WEIGHTS)
    film.picture(folder / SHEET, sheet)
    written.write(folder, words.name, recognised, [], WEIGHTS, words=_told(words))
    net = recipes.network(read_card(folder / "model.yaml", words.name))
    directions = ""
    if hasattr(net, "style_matrix"):
        directions = DIRECTIONS
        stored.write_directions(folder / directions, found_in_weights(net))
    written.write(folder, words.name, recognised, [], WEIGHTS, list(net.layers), directions, words=_told(words))
    return read_card(folder / "model.yaml", words.name)


def _told(words: Words) -> dict[str, str]:
    told = {"title": words.title, "licence": words.licence, "author": words.author, "source": words.source}
    return told | ({"notes": words.notes} if words.notes else {})


def _half(tensor: Tensor) -> Tensor:
    return (tensor.half() if tensor.is_floating_point() else tensor).contiguous()
