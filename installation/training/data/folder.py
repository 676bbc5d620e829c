"""Looks a folder of pictures through before a training begins, and says everything that is wrong with it at once."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from installation.errors import InstallationError
from installation.training.data.about import NAME, About, read_about
from installation.training.data.alike import alike, fingerprint
from installation.training.data.decode import ENDINGS, decode

FEWEST = 5  # pictures that can be learnt from at all, unless crops are made of them
FEW = 50  # below this a network will know them by heart
READERS = 4  # threads: decoding runs outside Python's lock

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Trouble:
    """``file`` is empty where it is the folder's. ``fatal``: there can be no training before it is mended."""

    file: str
    words: str
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    folder: Path
    pictures: tuple[Path, ...]  # those to be used, sorted by name
    sizes: tuple[tuple[int, int], ...]  # height, width of each
    troubles: tuple[Trouble, ...]
    about: About

    def check(self) -> None:
        """Raises InstallationError with all that is fatal."""
        if fatal := [trouble.words for trouble in self.troubles if trouble.fatal]:
            raise InstallationError("; ".join(fatal), f"look into {self.folder}")


@dataclass(frozen=True, slots=True)
class _Seen:
    path: Path
    broken: str = ""
    sha256: str = ""
    size: tuple[int, int] = (0, 0)
    grey: bool = False
    see_through: bool = False
    print: int = 0


def look(folder: Path, size: int, progress: Progress | None = None) -> Looked:
    """``size`` is what will be drawn, in pixels. Raises InstallationError where there is no folder, Mistakes for its
    data.yaml; all else is a trouble."""
    about = read_about(_folder(folder))
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not _hidden(path, folder)]
    beside = {folder / NAME, folder / about.crops.mask if about.crops and about.crops.mask else folder / NAME}
    named = [path for path in files if path.suffix.lower() in ENDINGS and path not in beside]
    others = [path for path in files if path not in {*named, *beside}]
    troubles = [Trouble(_name(path, folder), "is no picture: not used") for path in others]
    seen = []
    with ThreadPoolExecutor(READERS) as pool:
        for number, one in enumerate(pool.map(_see, named), start=1):
            seen.append(one)
            if progress:
                progress(number, len(named))
    troubles += [Trouble(_name(one.path, folder), one.broken) for one in seen if one.broken]
    whole, copies = _without_copies([one for one in seen if not one.broken], folder)
    troubles += copies
    for one in whole:
        troubles += [Trouble(_name(one.path, folder), words) for words in _about_one(one, size, about)]
    troubles += _about_all(whole, about, folder)
    return Looked(folder, tuple(s.path for s in whole), tuple(s.size for s in whole), tuple(troubles), about)


def summary(troubles: Sequence[Trouble], most: int = 3) -> list[str]:
    """A line a kind of trouble, with the first few files that have it: what fits a terminal."""
    kinds: dict[tuple[bool, str], list[str]] = defaultdict(list)
    for trouble in troubles:
        kinds[trouble.fatal, trouble.words.split(": ")[0] if trouble.file else trouble.words].append(trouble.file)
    lines = []
    for (_, words), names in sorted(kinds.items(), key=lambda kind: not kind[0][0]):
        told = ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
        lines.append(f"{told}: {words}" if told else words)
    return lines


def _see(path: Path) -> _Seen:
    try:
        data = path.read_bytes()
        got = decode(data, path.name)
    except OSError as error:
        return _Seen(path, f"cannot be read: {error.strerror}")
    except InstallationError:
        return _Seen(path, "is broken, or no picture: not used")
    height, width = got.pixels.shape[:2]
    sha256 = hashlib.sha256(data).hexdigest()
    return _Seen(path, "", sha256, (height, width), got.grey, got.see_through, fingerprint(got.pixels))


def _without_copies(seen: list[_Seen], folder: Path) -> tuple[list[_Seen], list[Trouble]]:
    first: dict[str, _Seen] = {}
    copies = [(one, same) for one in seen if (same := first.setdefault(one.sha256, one)) is not one]
    troubles = [
        Trouble(_name(one.path, folder), f"is a copy: of {_name(same.path, folder)}, not used") for one, same in copies
    ]
    kept = list(first.values())
    for one, like in alike([one.print for one in kept]):
        words = f"looks like another: {_name(kept[like].path, folder)}"
        troubles.append(Trouble(_name(kept[one].path, folder), words))
    return kept, troubles


def _about_one(one: _Seen, size: int, about: About) -> list[str]:
    height, width = one.size
    words = []
    if min(height, width) < size:
        words.append(f"is smaller than {size} pixels and will be enlarged: {width}x{height}")
    if one.see_through:
        words.append("is transparent in places: black will be there")
    if about.crops and about.crops.projection == "equirectangular" and width != 2 * height:
        words.append(f"is no map of the whole globe, twice as wide as high: {width}x{height}")
    return words


def _about_all(seen: list[_Seen], about: About, folder: Path) -> list[Trouble]:
    troubles = []
    fewest = 1 if about.crops else FEWEST
    if len(seen) < fewest:
        words = f"{folder} holds {len(seen)} pictures to learn from; the fewest are {fewest}"
        troubles.append(Trouble("", words, fatal=True))
    elif len(seen) < FEW and not about.crops:
        words = f"only {len(seen)} pictures: a network will know them by heart; {FEW} are few, hundreds are better"
        troubles.append(Trouble("", words))
    grey = sum(one.grey for one in seen)
    if 0 < grey < len(seen):
        troubles.append(Trouble("", f"{grey} of {len(seen)} pictures are grey, the others have colour"))
    if about.crops and about.crops.mask and not (folder / about.crops.mask).is_file():
        troubles.append(Trouble(about.crops.mask, f"the mask {about.crops.mask} is not there", fatal=True))
    return troubles


def _folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise InstallationError(f"there is no folder {folder}", "name a folder with pictures in it")
    return folder


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _name(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder))
