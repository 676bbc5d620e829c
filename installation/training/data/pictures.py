"""A folder of pictures as something a trainer draws from.

Pictures are squared and scaled once and stay on the device as bytes; where they would take more than a quarter of its
memory they stay in the computer's own and only what is drawn goes over. Where ``data.yaml`` has ``crops``, random crops
are drawn. All chance comes from torch's global generators.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.errors import InstallationError
from installation.training.data.about import About, Fit
from installation.training.data.crops import Crops
from installation.training.data.decode import load
from installation.training.data.folder import READERS, Looked, look
from installation.training.data.pyramid import resized

PART = 50  # crops cut in one go
SHARE = 0.25  # of a device's memory that pictures may take

Progress = Callable[[int, int], None]


class Drawn(Protocol):
    def draw(self, count: int, size: int | None = None) -> Tensor:
        """float32 (count, 3, size, size) in -1..1, on the device; ``size`` None: as opened."""


class Data:
    """``count`` pictures that a training draws from."""

    def __init__(self, looked: Looked, size: int, drawn: Drawn) -> None:
        self.looked = looked
        self.about: About = looked.about
        self.count = len(looked.pictures)
        self.size = size
        self._drawn = drawn

    def draw(self, count: int, size: int | None = None) -> Tensor:
        """float32 (count, 3, size, size) in -1..1, on the device; ``size`` None: as opened."""
        return self._drawn.draw(count, size)


class Squared:
    """``pictures`` uint8 (N, 3, S, S), drawn as they are, or as mirror images."""

    def __init__(self, pictures: Tensor, flip: bool, device: torch.device | str) -> None:
        self._device = torch.device(device)
        self.pictures = place(pictures, self._device)
        self._flip = flip

    def draw(self, count: int, size: int | None = None) -> Tensor:
        which = torch.randint(len(self.pictures), (count,), device=self.pictures.device)
        drawn = self.pictures[which].to(self._device).float().mul_(2 / 255).sub_(1)
        drawn = scaled(drawn, size)
        return mirrored(drawn, torch.rand(count, device=self._device) < 0.5) if self._flip else drawn


def open_data(
    folder: Path,
    size: int,
    device: torch.device | str = "cpu",
    progress: Progress | None = None,
    looked: Looked | None = None,
) -> Data:
    """``looked``: what ``look`` said of the folder, where it was asked already. Raises InstallationError, Mistakes."""
    looked = looked or look(folder, size)
    looked.check()
    about = looked.about
    if about.crops:
        mask = load(folder / about.crops.mask)[0] if about.crops.mask else None
        return Data(looked, size, Crops([load(p) for p in looked.pictures], about.crops, size, device, mask))
    return Data(looked, size, Squared(squares(looked.pictures, size, about.fit, progress), about.flip, device))


def stills(looked: Looked, size: int, crops: int, progress: Progress | None = None) -> Tensor:
    """uint8 (N, 3, size, size): the folder's pictures, each once; of a map ``crops`` pieces of it."""
    if not looked.about.crops:
        return squares(looked.pictures, size, looked.about.fit, progress)
    data = open_data(looked.folder, size, looked=looked)
    parts = []
    for start in range(0, crops, PART):
        parts.append(data.draw(min(PART, crops - start)).add(1).mul(127.5).round().to(torch.uint8))
        if progress:
            progress(start + len(parts[-1]), crops)
    return torch.cat(parts)


def squares(paths: Sequence[Path], size: int, fit: Fit = "cover", progress: Progress | None = None) -> Tensor:
    """uint8 (N, 3, size, size)."""
    out = torch.empty(len(paths), 3, size, size, dtype=torch.uint8)
    with ThreadPoolExecutor(READERS) as pool:
        for number, picture in enumerate(pool.map(lambda path: squared(load(path), size, fit), paths)):
            out[number] = picture
            if progress:
                progress(number + 1, len(paths))
    return out


def squared(picture: Tensor, size: int, fit: Fit = "cover") -> Tensor:
    """uint8 (3, H, W) as (3, size, size)."""
    _, height, width = picture.shape
    if fit == "cover":
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        return resized(picture[:, top : top + side, left : left + side], (size, size))
    if fit == "stretch":
        return resized(picture, (size, size))
    side = max(height, width)
    high, wide = max(1, round(size * height / side)), max(1, round(size * width / side))
    out = torch.zeros(3, size, size, dtype=torch.uint8)
    top, left = (size - high) // 2, (size - wide) // 2
    out[:, top : top + high, left : left + wide] = resized(picture, (high, wide))
    return out


def place(pictures: Tensor, device: torch.device) -> Tensor:
    """On the device where there is room, else where they are."""
    if device.type == "cuda":
        room = SHARE * torch.cuda.get_device_properties(device).total_memory
        return pictures.to(device) if pictures.numel() <= room else pictures
    if device.type == "mps":
        return pictures.to(device) if pictures.numel() <= SHARE * torch.mps.recommended_max_memory() else pictures
    return pictures


def scaled(drawn: Tensor, size: int | None) -> Tensor:
    """float (n, 3, S, S) brought down to ``size``: the mean of what a pixel covers."""
    if size is None or size == drawn.shape[-1]:
        return drawn
    if size > drawn.shape[-1]:
        raise InstallationError(f"pictures of {drawn.shape[-1]} pixels were asked for with {size}")
    down: Tensor = F.interpolate(drawn, (size, size), mode="area")
    return down


def mirrored(drawn: Tensor, which: Tensor) -> Tensor:
    return torch.where(which.view(-1, 1, 1, 1), drawn.flip(3), drawn)
