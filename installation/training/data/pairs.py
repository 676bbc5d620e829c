"""Pairs of pictures, what is given and what is wanted of it, for pix2pix (Isola et al. 2017, 1611.07004).

A folder holds them as folders ``A/`` and ``B/`` with files of the same names, or as single pictures, twice as wide as
high, A at the left. A is given and B wanted; ``swap: true`` in data.yaml turns that round.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from installation.errors import InstallationError
from installation.training.data.about import About, read_about
from installation.training.data.decode import ENDINGS, load
from installation.training.data.pictures import mirrored, place, scaled, squared

ROOM = 286 / 256  # drawn pairs are cut at random places out of pictures so much larger (the paper, 6.2)
WIDE = 0.02  # share by which a pair may miss being exactly twice as wide as high


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files; or one that holds both."""

    a: Path
    b: Path

    def load(self) -> tuple[Tensor, Tensor]:
        """uint8 (3, H, W) each. Raises InstallationError."""
        if self.a != self.b:
            return load(self.a), load(self.b)
        both = load(self.a)
        half = both.shape[2] // 2
        return both[:, :, :half], both[:, :, -half:]


def pairs(folder: Path) -> list[Pair]:
    """Sorted by name. Raises InstallationError where there are none, or where a picture has no partner."""
    first, second = folder / "A", folder / "B"
    if first.is_dir() and second.is_dir():
        of_a, of_b = _named(first), _named(second)
        if alone := sorted(of_a.keys() ^ of_b.keys()):
            side = "A" if alone[0] in of_a else "B"
            more = f", and {len(alone) - 1} more" if len(alone) > 1 else ""
            raise InstallationError(
                f"in {folder} there is no partner for {side}/{alone[0]}{more}",
                "a pair has the same name in A/ and in B/",
            )
        found = [Pair(of_a[name], of_b[name]) for name in sorted(of_a)]
    elif folder.is_dir():
        found = [Pair(path, path) for _, path in sorted(_named(folder).items())]
        for pair in found:
            _, height, width = load(pair.a).shape
            if abs(width / (2 * height) - 1) > WIDE:
                words = f"{pair.a} is no pair: it is {width}x{height}, not twice as wide as high"
                raise InstallationError(words, "put both side by side, or into folders A/ and B/")
    else:
        raise InstallationError(f"there is no folder {folder}", "name a folder with pairs of pictures in it")
    if not found:
        raise InstallationError(f"{folder} holds no pairs", "put files of the same names into A/ and B/ in it")
    return found


class Pairs:
    """``given`` uint8 (N, C, S, S) and ``wanted`` (N, 3, S, S), S a little larger than ``size``."""

    def __init__(self, given: Tensor, wanted: Tensor, about: About, size: int, device: torch.device | str) -> None:
        self._device = torch.device(device)
        self._both = place(torch.cat((given, wanted), dim=1), self._device)  # a pair moves as one
        self.about, self.size, (self.count, self._given) = about, size, given.shape[:2]

    def draw(self, count: int, size: int | None = None) -> tuple[Tensor, Tensor]:
        """Given and wanted, float32 (count, C or 3, size, size), in -1..1, on the device."""
        held = self._both.device
        which = torch.randint(self.count, (count,), device=held)
        room = self._both.shape[-1] - self.size + 1
        top, left = torch.randint(room, (2, count, 1), device=held)
        steps = torch.arange(self.size, device=held)
        rows, columns = (top + steps).unsqueeze(2), (left + steps).unsqueeze(1)
        drawn = self._both[which.view(-1, 1, 1), :, rows, columns].permute(0, 3, 1, 2)
        drawn = scaled(drawn.to(self._device).float().mul_(2 / 255).sub_(1), size)
        if self.about.flip:
            drawn = mirrored(drawn, torch.rand(count, device=self._device) < 0.5)
        return drawn[:, : self._given].contiguous(), drawn[:, self._given :].contiguous()


def open_pairs(folder: Path, size: int, device: torch.device | str = "cpu") -> Pairs:
    """Raises InstallationError, Mistakes."""
    about = read_about(folder)
    held = int(size * ROOM)
    both = [tuple(squared(half, held, about.fit) for half in pair.load()) for pair in pairs(folder)]
    given, wanted = (torch.stack(side) for side in zip(*both, strict=True))
    return Pairs(wanted, given, about, size, device) if about.swap else Pairs(given, wanted, about, size, device)


def _named(folder: Path) -> dict[str, Path]:
    """Pictures by name without ending: a drawing's png belongs to a photograph's jpg."""
    return {path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() in ENDINGS and path.is_file()}
