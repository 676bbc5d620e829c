"""What a training is given: its pictures, with all that is wrong with them said; VGG16; a device."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from installation import terminal

if TYPE_CHECKING:
    from installation.training.data.about import About
    from installation.training.data.folder import Looked
    from installation.training.data.pictures import Data
    from installation.training.device import Device

LEAST, MOST = 32, 1024  # pixels of a side


def found_device(name: str) -> Device:
    from installation.training import device, ranks

    if not ranks.first():
        terminal.hush()  # what the first rank says holds for all
    return device.find(name)


def looked_at(folder: Path, size: int) -> Looked:
    """All that is wrong with the folder is said."""
    from installation.training.data.folder import look, summary

    with terminal.steps("looking at the pictures") as progress:
        looked = look(folder, size, progress)
    for line in summary(looked.troubles):
        terminal.complain(line)
    return looked


def opened(folder: Path, size: int, device: Device) -> Data:
    """What is fatal about the folder ends it here."""
    from installation.training.data.pictures import open_data

    looked = looked_at(folder, size)
    with terminal.steps("reading the pictures") as progress:
        return open_data(folder, size, device.torch, progress, looked)


def about(path: Path) -> About:
    """What lies beside a picture, or in its folder, says of it."""
    from installation.training.data.about import read_about

    return read_about(path if path.is_dir() else path.parent)


def eye(device: Device) -> Any:
    """VGG16. Raises ModelError where it cannot be fetched."""
    from installation.training.vgg import vgg16

    with terminal.stages() as tell:
        tell("fetching VGG16, which judges likeness")
        return vgg16(device.torch)
