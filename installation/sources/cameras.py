"""Which camera is meant: an index, a name, a path or an address; and what is plugged in here (Linux, V4L2).

Names are those in ``/sys/class/video4linux/*/name``. They outlive what indices do not: another USB port, another
order at boot. A camera has several nodes; the lowest is the one that gives pictures.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from installation.errors import SourceError, did_you_mean

CLASS = Path("/sys/class/video4linux")
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class Camera:
    """``address`` is what opens it: an index, an URL, a file, or the pictures of a sequence."""

    form: Literal["index", "url", "film", "pictures"]
    address: str
    pictures: tuple[Path, ...] = ()


def plugged_in(folder: Path = CLASS) -> dict[int, str]:
    """Video nodes of this machine, index to name; empty where the system keeps no such list."""
    found: dict[int, str] = {}
    for node in folder.glob("video*/name"):
        try:
            found[int(node.parent.name.removeprefix("video"))] = node.read_text(
                encoding="utf-8", errors="replace"
            ).strip()
        except (OSError, ValueError):
            continue  # it went while we looked
    return dict(sorted(found.items()))


def find(device: str, folder: Path = CLASS) -> Camera:
    """What ``device`` means. Raises SourceError when nothing here answers to it."""
    if re.match(r"[a-z][a-z0-9+.-]*://", device):
        return Camera("url", device)
    if device.isdigit():
        return _index(int(device), folder)
    if node := re.fullmatch(r"/dev/video(\d+)", device):
        return _index(int(node[1]), folder)
    path = Path(device)
    if path.is_dir() or "%" in path.name or "*" in path.name:
        return _sequence(device, path)
    if path.is_file():
        return Camera("pictures", device, (path,)) if path.suffix.lower() in PICTURES else Camera("film", device)
    return _named(device, folder)


def _index(index: int, folder: Path) -> Camera:
    # Only Linux lists its cameras as files; elsewhere opening it is the only way to know.
    if sys.platform == "linux" and not os.path.exists(f"/dev/video{index}"):
        raise SourceError(f"no camera {index}: there is no /dev/video{index}", _hint(folder))
    return Camera("index", str(index))


def _named(device: str, folder: Path) -> Camera:
    if device.startswith(("/", ".")) or Path(device).suffix:
        raise SourceError(f"no camera '{device}': there is no such file", "give an index, a name, a path or a URL")
    names = plugged_in(folder)
    for index, name in names.items():
        if device.lower() in name.lower():
            return Camera("index", str(index))
    raise SourceError(f"no camera called '{device}'", did_you_mean(device, names.values()) or _hint(folder))


def _sequence(device: str, path: Path) -> Camera:
    if path.is_dir():
        files = [file for file in path.iterdir() if file.suffix.lower() in PICTURES]
    elif "*" in path.name:
        files = list(path.parent.glob(path.name))
    else:
        pattern = re.sub(r"%0?\d*d", r"\\d+", re.escape(path.name).replace(r"\%", "%"))
        files = [f for f in path.parent.glob("*") if re.fullmatch(pattern, f.name)]
    if not files:
        raise SourceError(f"no pictures at {device}", "give a folder, frames/*.png or frames/%04d.png")
    return Camera("pictures", device, tuple(sorted(files, key=_number)))


def _number(file: Path) -> tuple[int, str]:
    """Sorts 2.png before 10.png."""
    digits = re.findall(r"\d+", file.stem)
    return (int(digits[-1]) if digits else 0, file.name)


def _hint(folder: Path) -> str:
    names = plugged_in(folder)
    listed = ", ".join(f"{index} ({name})" for index, name in names.items())
    return (
        f"plugged in: {listed}" if listed else "no camera is plugged in; `rehearsal:` in a show says what to use then"
    )
