"""Finds an artist's material: models, shaders, shows, takes, favourites. Read, never imported.

The first hit wins: ``--home`` > ``$INSTALLATION_HOME`` > the working folder > the checkout > what the wheel bundles.
So an artist overlays a single file without forking. What is fetched or built goes to the user's cache
(``$INSTALLATION_CACHE``, else the system's place for caches), never into the checkout.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from installation.errors import InstallationError, did_you_mean

PACKAGE = Path(__file__).resolve().parent
FOLDERS = ("models", "shaders", "show_configs", "takes", "favourites")


class Library:
    """``Library(home)`` looks in home first; ``Library()`` starts at ``$INSTALLATION_HOME``."""

    def __init__(self, home: Path | None = None) -> None:
        asked = home or (Path(value) if (value := os.environ.get("INSTALLATION_HOME")) else None)
        if asked and not asked.is_dir():
            raise InstallationError(f"the home folder {asked} does not exist", f"make one: installation new {asked}")
        places = [asked, Path.cwd(), PACKAGE.parent, PACKAGE / "_bundled"]
        # Only folders that hold material count, so that running inside some unrelated folder finds nothing in it.
        held = [place.resolve() for place in places if place and any((place / f).is_dir() for f in FOLDERS)]
        self.places: list[Path] = list(dict.fromkeys(held))

    def own_places(self) -> list[Path]:
        """The places that are the artist's own, not the house's: where what he makes may be written."""
        ours = (PACKAGE.parent.resolve(), (PACKAGE / "_bundled").resolve())
        return [place for place in self.places if place not in ours]

    def find(self, folder: str, name: str, noun: str) -> Path:
        """The path of ``folder/name`` in the first place that has it. Raises InstallationError with a near miss."""
        return self._find(folder, name, noun, name, self.names(folder))

    def names(self, folder: str) -> list[str]:
        """Everything in ``folder/`` over all places, hidden files left out."""
        return sorted({entry.name for place in self.places for entry in _entries(place / folder)})

    def show(self, name: str) -> Path:
        """A show by path, or by name with or without ``.yaml``."""
        given = Path(name)
        if given.is_file():
            return given
        if given.parent != Path():
            raise InstallationError(f"there is no show file {name}", did_you_mean(given.stem, self.shows()))
        plain = given.stem if given.suffix in (".yaml", ".yml") else name
        return self._find("show_configs", f"{plain}.yaml", "show", plain, self.shows())

    def shows(self) -> list[str]:
        return [Path(name).stem for name in self.names("show_configs") if name.endswith(".yaml")]

    def card(self, model: str) -> Path:
        return self._find("models", f"{model}/model.yaml", "model", model, self.models())

    def models(self) -> list[str]:
        """Names of models that have a card."""
        return [
            name
            for name in self.names("models")
            if any((p / "models" / name / "model.yaml").is_file() for p in self.places)
        ]

    def favourites(self, model: str) -> Path | None:
        """The list of a model's favourite pictures, where there is one."""
        found = (place / "favourites" / f"{model}.yaml" for place in self.places)
        return next((path for path in found if path.is_file()), None)

    def shader(self, name: str) -> Path:
        return self._find("shaders", f"{name}.fs", "pass", name, self.shaders())

    def shaders(self) -> list[str]:
        return [Path(name).stem for name in self.names("shaders") if name.endswith(".fs")]

    def take(self, name: str) -> Path:
        """A take by path (a folder with take.json) or by name in ``takes/``."""
        given = Path(name)
        return given if (given / "take.json").is_file() else self.find("takes", name, "take")

    def _find(self, folder: str, inside: str, noun: str, asked: str, choices: list[str]) -> Path:
        path = Path(inside)
        if path.is_absolute() or ".." in path.parts:
            raise InstallationError(f"'{asked}' is not a name inside {folder}/", f"name a {noun} without a path")
        for place in self.places:
            if (found := place / folder / path).exists():
                return found
        raise InstallationError(f"there is no {noun} '{asked}'", did_you_mean(asked, choices))


def _entries(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (entry for entry in folder.iterdir() if not entry.name.startswith("."))


def cache_dir(*parts: str) -> Path:
    """A folder below the user's cache, made if missing."""
    from platformdirs import user_cache_path  # here: it costs start-up time that --help should not pay

    root = Path(value) if (value := os.environ.get("INSTALLATION_CACHE")) else user_cache_path("installation")
    folder = root.joinpath(*parts)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
