"""The ``train`` commands: each makes a trainer, and the run around it is the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installation import terminal
from installation.commands.models import own_home
from installation.errors import InstallationError, ModelError

if TYPE_CHECKING:
    from installation.training.data.about import About
    from installation.training.data.pictures import Data
    from installation.training.device import Device
    from installation.training.export import Words
    from installation.training.kid import Distance
    from installation.training.run import Score
    from installation.training.trainer import Trainer

FEW = 5000  # pictures below which a GAN's are augmented
LEAST, MOST = 32, 1024  # pixels of a side
SIGHT = 256  # pixels of the pictures that image-to-image networks learn from
ON_GPU, ON_CPU = 6144, 2048  # capacities of a GAN
MEASURED = 1024  # pictures of each kind that KID is measured with
UNKNOWN = "unknown: ask whoever made the pictures"


@dataclass(frozen=True, slots=True)
class Asked:
    """What every training is asked; see ``cli/train.py``."""

    name: str = ""
    hours: float = 6.0
    steps: int | None = None
    batch: int | None = None
    device: str = "auto"
    seed: int = 0
    show_every: float = 5.0
    author: str = ""
    licence: str = ""
    home: Path | None = None


def gan(name: str, resolution: int, augment: str, path_length: float, asked: Asked) -> None:
    from installation.training.data import sets
    from installation.training.gan.trainer import GanTrainer, Recipe

    if resolution.bit_count() != 1 or not LEAST <= resolution <= MOST:
        near = 2 ** round(math.log2(min(MOST, max(LEAST, resolution))))
        raise InstallationError(
            f"a GAN cannot paint {resolution}x{resolution}", f"write a power of two, such as {near}"
        )
    folder = sets.find(name)
    _free(folder, asked)
    device = _device(asked)
    data = _opened(folder, resolution, device)
    measure = _measure(data, device)  # before the trainer, which sets the seed: the same numbers with it and without
    few = data.count < FEW and not data.about.crops
    recipe = Recipe(
        resolution,
        batch=asked.batch or (32 if device.name == "cuda" else 16),
        capacity=ON_GPU if device.name == "cuda" else ON_CPU,
        path=path_length,
        augment=few if augment == "auto" else augment == "on",
        seed=asked.seed,
    )
    trainer = GanTrainer(data.draw, recipe, device, _words(folder, data.about, asked))
    _go(trainer, folder, device, asked, None if measure is None else partial(measure.of, trainer.painted))


def image(name: str, manner: str, into: str | None, asked: Asked) -> None:
    from installation.training.data import sets
    from installation.training.image import pairs, trainer, unpaired

    if (into is not None) != (manner == "unpaired"):
        raise InstallationError("--into goes with --manner unpaired, which needs it", "name both folders")
    folder = sets.find(name)
    _free(folder, asked)
    device = _device(asked)
    batch: dict[str, Any] = {"batch": asked.batch} if asked.batch else {}
    made: Trainer
    if manner == "pairs":
        from installation.training.data.pairs import open_pairs

        given = open_pairs(folder, SIGHT, device.torch)
        recipe = pairs.Recipe(seed=asked.seed, **batch)
        made = pairs.PairsTrainer(given.draw, recipe, device, _words(folder, given.about, asked))
    elif into is not None:
        wanted = sets.find(into)
        first, second = _opened(folder, SIGHT, device), _opened(wanted, SIGHT, device)
        other = unpaired.Recipe(seed=asked.seed, **batch)
        made = unpaired.UnpairedTrainer(first.draw, second.draw, other, device, _words(wanted, second.about, asked))
    else:
        data = _opened(folder, SIGHT, device)
        batch = batch or {"batch": 32 if device.name == "cuda" else 4}
        sight = trainer.Recipe(seed=asked.seed, **batch)
        made = trainer.ImageTrainer(data.draw, sight, device, _words(folder, data.about, asked), _eye(device))
    _go(made, folder, device, asked)


def _go(trainer: Trainer, folder: Path, device: Device, asked: Asked, score: Score | None = None) -> None:
    """Trains in ``training/NAME`` of the home, and puts the model into ``models/NAME``."""
    from installation.models.convert import put
    from installation.training.run import MODEL, Budget, Often, Run

    name = _name(folder, asked)
    place, model = _places(name, asked)
    budget = Budget(steps=asked.steps) if asked.steps else Budget(hours=asked.hours)
    often = Often(show=60 * asked.show_every)
    with terminal.training(name) as tell:
        run = Run(trainer, budget, place, device, name, often, score, tell)
        terminal.plain(f"{name} on {device}; watch it: {place / 'index.html'}")
        finished = run.go()
    if not finished:
        terminal.plain(f"stopped after {trainer.seen:,} pictures; the same command goes on from there")
        return
    model.parent.mkdir(parents=True, exist_ok=True)
    put(place / MODEL, model)
    at_home = f" --home {asked.home}" if asked.home else ""
    terminal.plain(f"{name} is in {model}; next: installation models inspect {name}{at_home}")


def _places(name: str, asked: Asked) -> tuple[Path, Path]:
    """Where it trains, and where the model goes."""
    home = asked.home or own_home()
    return home / "training" / name, home / "models" / name


def _free(folder: Path, asked: Asked) -> None:
    """Raises ModelError for a name that a model has which was not trained here: hours later it would be gone."""
    name = _name(folder, asked)
    place, model = _places(name, asked)
    if model.exists() and not place.exists():
        raise ModelError(f"there is a model '{name}' already, in {model}", "choose another --name")


def _device(asked: Asked) -> Device:
    from installation.training import device

    return device.find(asked.device)


def _opened(folder: Path, size: int, device: Device) -> Data:
    """All that is wrong with the folder is said; what is fatal ends it here."""
    from installation.training.data.folder import look, summary
    from installation.training.data.pictures import open_data

    with terminal.steps("looking at the pictures") as progress:
        looked = look(folder, size, progress)
    for line in summary(looked.troubles):
        terminal.complain(line)
    with terminal.steps("reading the pictures") as progress:
        return open_data(folder, size, device.torch, progress, looked)


def _name(folder: Path, asked: Asked) -> str:
    from installation.models.convert import checked_name, plain_name

    return checked_name(asked.name or plain_name(folder.resolve()))


def _words(folder: Path, about: About, asked: Asked) -> Words:
    from installation.training.export import Words

    name = _name(folder, asked)
    return Words(
        name=name,
        title=name.replace("-", " ").replace("_", " ").capitalize(),
        licence=asked.licence or about.licence or UNKNOWN,
        author=asked.author or about.author or "unknown",
        source=f"trained on {about.title or folder.resolve().name}" + (f": {about.source}" if about.source else ""),
        notes=f"installation train, seed {asked.seed}",
    )


def _eye(device: Device) -> Any:
    """VGG16. Raises ModelError where it cannot be fetched."""
    from installation.training.vgg import vgg16

    with terminal.stages() as tell:
        tell("fetching VGG16, which judges likeness")
        return vgg16(device.torch)


def _measure(data: Data, device: Device) -> Distance | None:
    """KID, where its network can be had; a training goes on without, and says so."""
    from installation.training.kid import Distance

    try:
        eye = _eye(device)
    except InstallationError as error:
        terminal.complain(f"without KID: {error.message}")
        return None
    return Distance(eye, data.draw, device, MEASURED if device.name == "cuda" else MEASURED // 4)
