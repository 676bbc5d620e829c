"""A foreign checkpoint becomes a model of ours: ``models/NAME/{model.yaml, weights.safetensors}`` and its directions.

    file --confined child--> plain tensors --recognise, rename--> network.from_state (names, shapes, finite) --> folder

The folder appears whole or not at all. The file itself is only ever opened by the child (``checkpoints/foreign``).
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installation.checkpoints import foreign
from installation.checkpoints.card import Card, read_card
from installation.checkpoints.families import recognise
from installation.checkpoints.found import Found, Recognised
from installation.errors import ModelError
from installation.latent import stored
from installation.models import recipes, written
from installation.models.directions import found_in_weights
from installation.models.families import FAMILIES

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "weights.safetensors"
DIRECTIONS = "directions.safetensors"
KEPT = ("latents", "styles")  # folders of a model that outlive its being replaced

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """``files``: one, or those that belong together. ``name``: of the model; else made from the file's name."""

    files: Sequence[Path]
    home: Path
    name: str = ""
    replace: bool = False
    trust: bool = False  # run a TorchScript file: it is a program


def look(files: Sequence[Path], trust: bool = False) -> tuple[Found, Recognised]:
    """What files are, without loading a tensor. Raises ModelError in one line."""
    found = _joined(files, [foreign.look(_there(path)) for path in files], trust)
    return found, recognise(found)


def convert(asked: Asked, tell: Progress = lambda words: None) -> Card:
    """The card of the new model. Raises ModelError in one line; then nothing has been written."""
    name = asked.name or plain_name(asked.files[0])
    folder = asked.home / "models" / checked_name(name)
    if folder.exists() and not asked.replace:
        raise ModelError(f"there is a model '{name}' already, in {folder}", "choose another --name, or --replace it")
    with tempfile.TemporaryDirectory(prefix="convert-") as scratch:
        made = _make(asked, name, Path(scratch), tell)
        folder.parent.mkdir(parents=True, exist_ok=True)
        put(made, folder)
    return read_card(folder / "model.yaml", name)


def _make(asked: Asked, name: str, scratch: Path, tell: Progress) -> Path:
    """The finished folder, in the scratch place."""
    from safetensors.torch import load_file, save_file

    plain = [scratch / f"{index}.safetensors" for index in range(len(asked.files))]
    tell("reading")
    each = [foreign.read(_there(path), into) for path, into in zip(asked.files, plain, strict=True)]
    found = _joined(asked.files, each, asked.trust)
    recognised = recognise(found)
    tell(recognised.words)
    folder = scratch / "model"
    folder.mkdir()
    if kept := FAMILIES[recognised.family].kept:
        shutil.copyfile(asked.files[0], folder / kept)
        written.write(folder, name, recognised, asked.files, kept)
        tell("checking")
        _plays(read_card(folder / "model.yaml", name))
        return folder
    tensors: dict[str, Tensor] = {}
    for prefix, file in zip(_prefixes(asked.files), plain, strict=True):
        if file.is_file():
            tensors |= {f"{prefix}{key}": tensor for key, tensor in load_file(file).items()}
    state = {key: tensor.contiguous() for key, tensor in recognised.rename(tensors).items()}
    _sound(state)
    save_file(state, folder / WEIGHTS)
    written.write(folder, name, recognised, asked.files, WEIGHTS)
    tell("checking")
    net = recipes.network(read_card(folder / "model.yaml", name))  # raises by the first name or shape that is wrong
    directions = ""
    if hasattr(net, "style_matrix"):
        tell("finding directions")
        directions = DIRECTIONS
        stored.write_directions(folder / directions, found_in_weights(net))
    written.write(folder, name, recognised, asked.files, WEIGHTS, list(net.layers), directions)
    return folder


def _plays(card: Card) -> None:
    """A file that brings its own graph is tried once: what cannot be played should be refused now, not on the stage."""
    side = 64 * int(card.preprocessing.get("multiple", 1))
    recipe = recipes.painted(card, card.resolution or (side, side))
    if recipe.graph is None:
        recipes.network(card)


def _sound(state: Mapping[str, Tensor]) -> None:
    import torch

    for name, tensor in state.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise ModelError(f"{name} holds numbers that are not finite", "the file is damaged, or training diverged")


def _joined(files: Sequence[Path], each: Sequence[Found], trust: bool) -> Found:
    """Files that belong together as one; the names of each then begin with its file's name."""
    first = replace(each[0], facts={**each[0].facts, "trusted": trust})
    if len(each) == 1:
        return first
    shapes = {
        f"{prefix}{key}": shape
        for prefix, found in zip(_prefixes(files), each, strict=True)
        for key, shape in found.shapes.items()
    }
    return replace(first, shapes=shapes)


def _prefixes(files: Sequence[Path]) -> list[str]:
    return [f"{path.stem}." for path in files] if len(files) > 1 else [""]


def _there(path: Path) -> Path:
    if not path.is_file():
        raise ModelError(f"there is no file {path}")
    return path


def plain_name(path: Path) -> str:
    """A model's name out of a file's: ``latest_net_G.pth`` -> ``latest-net-g``."""
    return re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:60] or "model"


def checked_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", name):
        raise ModelError(f"'{name}' is no name for a model", "write letters, digits, - and _")
    return name


def put(made: Path, folder: Path) -> None:
    """A model into place in one step, so that no show ever sees half of one. What the artist keeps there stays."""
    with tempfile.TemporaryDirectory(prefix=".convert-", dir=folder.parent) as beside:
        arriving = Path(shutil.copytree(made, Path(beside) / "new"))
        if folder.exists():
            for own in KEPT:  # what the artist put there
                if (folder / own).is_dir():
                    shutil.copytree(folder / own, arriving / own)
            os.replace(folder, Path(beside) / "old")
        os.replace(arriving, folder)


def describe(found: Found, recognised: Recognised) -> dict[str, Any]:
    """What ``models inspect FILE`` says."""
    size = recognised.resolution
    return {
        "is": recognised.words,
        "container": found.container,
        "family": recognised.family,
        "resolution": f"{size[0]}x{size[1]}" if size else "any",
        "latent": recognised.latent,
        "classes": recognised.classes,
        "network": dict(recognised.network),
        "licence": recognised.licence,
        "notes": recognised.notes,
        "tensors": [{"name": name, "shape": list(shape), "dtype": ""} for name, shape in sorted(found.shapes.items())],
    }
