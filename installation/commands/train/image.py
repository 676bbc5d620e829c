"""``train image``: from targets alone, soft or drawn; from pairs; from two folders that know nothing of each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from installation import terminal
from installation.commands.train.asked import Asked
from installation.commands.train.course import free, go
from installation.commands.train.given import eye, found_device, looked_at, opened
from installation.errors import InstallationError

if TYPE_CHECKING:
    from installation.training.device import Device
    from installation.training.trainer import Trainer

SIDE = 256  # pixels of the pictures that it learns from
CROPS = 1000  # of a map, where drawings are made of them


def image(source: str, manner: str, into: str | None, asked: Asked) -> None:
    from installation.training.data import sets

    if (into is not None) != (manner == "unpaired"):
        raise InstallationError("--into goes with --manner unpaired, which needs it", "name both folders")
    folder = sets.find(source)
    name = asked.called(folder)
    free(asked, name)
    device = found_device(asked.device)
    if into is not None:
        trainer = _unpaired(folder, sets.find(into), device, asked)
    else:
        trainer = {"sight": _sight, "pairs": _pairs, "lines": _lines}[manner](folder, device, asked)
    go(trainer, name, device, asked)


def _sight(folder: Path, device: Device, asked: Asked) -> Trainer:
    from installation.training.image.trainer import ImageTrainer, Recipe

    data = opened(folder, SIDE, device)
    recipe = Recipe(batch=asked.batch or (32 if device.name == "cuda" else 4), seed=asked.seed)
    return ImageTrainer(data.draw, recipe, device, asked.words(folder, data.about), eye(device))


def _pairs(folder: Path, device: Device, asked: Asked) -> Trainer:
    from installation.training.data.pairs import open_pairs
    from installation.training.image.pairs import PairsTrainer, Recipe

    given = open_pairs(folder, SIDE, device.torch)
    recipe = Recipe(seed=asked.seed, **_batch(asked))
    return PairsTrainer(given.draw, recipe, device, asked.words(folder, given.about))


def _lines(folder: Path, device: Device, asked: Asked) -> Trainer:
    import torch

    from installation.training.data.lined import Lined
    from installation.training.data.pictures import stills
    from installation.training.image.pairs import PairsTrainer, Recipe

    looked = looked_at(folder, SIDE)
    looked.check()
    torch.manual_seed(asked.seed)
    with terminal.steps("reading the pictures") as progress:
        pictures = stills(looked, Lined.held(SIDE), CROPS, progress)
    with terminal.steps("drawing their lines") as progress:
        lined = Lined(pictures, looked.about, SIDE, device.torch, progress)
    recipe = Recipe(seed=asked.seed, **_batch(asked))
    return PairsTrainer(lined.draw, recipe, device, asked.words(folder, looked.about), {"colour": "lines"})


def _unpaired(folder: Path, wanted: Path, device: Device, asked: Asked) -> Trainer:
    from installation.training.image.unpaired import Recipe, UnpairedTrainer

    first, second = opened(folder, SIDE, device), opened(wanted, SIDE, device)
    recipe = Recipe(seed=asked.seed, **_batch(asked))
    return UnpairedTrainer(first.draw, second.draw, recipe, device, asked.words(wanted, second.about))


def _batch(asked: Asked) -> dict[str, Any]:
    return {"batch": asked.batch} if asked.batch else {}
