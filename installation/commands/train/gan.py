"""``train gan``."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from installation import terminal
from installation.commands.train.asked import Asked
from installation.commands.train.course import free, go
from installation.commands.train.given import LEAST, MOST, eye, found_device, opened
from installation.errors import InstallationError

if TYPE_CHECKING:
    from installation.training.data.pictures import Data
    from installation.training.device import Device
    from installation.training.kid import Distance

FEW = 5000  # pictures below which they are augmented
ON_GPU, ON_CPU = 6144, 2048  # capacities
MEASURED = 1024  # pictures of each kind that KID is measured with


def gan(source: str, resolution: int, augment: str, path_length: float, asked: Asked) -> None:
    from installation.training.data import sets
    from installation.training.gan.trainer import GanTrainer, Recipe

    if resolution.bit_count() != 1 or not LEAST <= resolution <= MOST:
        near = 2 ** round(math.log2(min(MOST, max(LEAST, resolution))))
        raise InstallationError(
            f"a GAN cannot paint {resolution}x{resolution}", f"write a power of two, such as {near}"
        )
    folder = sets.find(source)
    name = asked.called(folder)
    free(asked, name)
    device = found_device(asked.device)
    data = opened(folder, resolution, device)
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
    trainer = GanTrainer(data.draw, recipe, device, asked.words(folder, data.about))
    go(trainer, name, device, asked, None if measure is None else partial(measure.of, trainer.painted))


def _measure(data: Data, device: Device) -> Distance | None:
    """KID, where its network can be had; a training goes on without, and says so."""
    from installation.training.kid import Distance

    try:
        network = eye(device)
    except InstallationError as error:
        terminal.complain(f"without KID: {error.message}")
        return None
    return Distance(network, data.draw, device, MEASURED if device.name == "cuda" else MEASURED // 4)
