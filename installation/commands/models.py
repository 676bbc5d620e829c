"""The ``models`` commands: list, get, inspect, convert, render, sheet, directions, project, compile."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from installation import terminal
from installation.checkpoints import card as cards
from installation.checkpoints import catalogue
from installation.errors import InstallationError
from installation.library import Library


def list_models(home: Path | None, as_json: bool) -> None:
    listing = catalogue.list_models(Library(home))
    if as_json:
        return terminal.plain(json.dumps(listing, indent=2))
    terminal.rows(
        ["model", "family", "size", "licence", "here", "title"],
        [
            (m["name"], m["family"], m["resolution"], m["licence"], "yes" if m["present"] else "no", m["title"])
            for m in listing
        ],
    )


def get(names: Sequence[str], every: bool, home: Path | None) -> None:
    library = Library(home)
    wanted = library.models() if every else list(names)
    if not wanted:
        raise InstallationError("which model?", "name one, or --all; to list the choices: installation models list")
    with terminal.downloads() as progress:
        for name in wanted:
            catalogue.get_model(name, library, progress)
            terminal.plain(f"{name}: here")


def inspect(name: str, more: Sequence[Path], home: Path | None, as_json: bool) -> None:
    if Path(name).is_file():
        from installation.models import convert

        files = [Path(name), *more]
        data = convert.describe(*convert.look(files))
        data["next"] = f"installation models convert {' '.join(map(str, files))}"
    else:
        data = catalogue.inspect_model(name, Library(home))
    if as_json:
        return terminal.plain(json.dumps(data, indent=2))
    tensors = data.pop("tensors")
    for weight in data.pop("weights", []):
        data[weight["file"].rpartition("/")[2]] = f"{weight['file']}, {weight['bytes'] / 1e6:.1f} MB"
    for key, value in data.items():
        words = "; ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, dict) else value
        if words not in ("", 0):
            terminal.plain(f"{key:>14}  {words}")
    terminal.rows(
        ["tensor", "shape", "type"], [(t["name"], "x".join(map(str, t["shape"])), t["dtype"]) for t in tensors]
    )


def convert(files: Sequence[Path], name: str, home: Path | None, replace: bool, trust: bool) -> None:
    from installation.models import convert as converter

    asked = converter.Asked(files, home or own_home(), name, replace, trust)
    with terminal.stages() as tell:
        card = converter.convert(asked, tell)
    at_home = f" --home {home}" if home else ""
    terminal.plain(f"{card.name}: {card.notes}")
    terminal.plain(f"written to {card.folder}; say in its model.yaml whose it is and under which licence")
    look = "sheet" if card.latent else "inspect"
    terminal.plain(f"next: installation models {look} {card.name}{at_home}")


def own_home() -> Path:
    """Where an artist's models go when no home is named: the first place of the library that can be written."""
    return next(iter(Library().own_places()), Path.cwd())


def render(name: str, given: Path, to: Path, backend: str, precision: str, look: str | None, home: Path | None) -> None:
    import numpy as np

    from installation.models.given import read_arrays
    from installation.models.render import render as rendered

    arrays = read_arrays(given)
    if look:
        arrays["look"] = np.array(look)
    made = rendered(cards.load(name, Library(home)), arrays, backend, precision)
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("wb") as file:  # given a path, savez would add a suffix of its own
        np.savez(file, **made)  # type: ignore[arg-type]  # its stubs take the names for options
    terminal.plain(f"{to}: " + ", ".join(f"{key} {'x'.join(map(str, array.shape))}" for key, array in made.items()))


def sheet(
    name: str, to: Path, seeds: str, psi: str, direction: str, reach: float, backend: str, home: Path | None
) -> None:
    from installation.models import sheet as sheets

    card = cards.load(name, Library(home))
    with terminal.steps(f"{name}: painting") as progress:
        if direction:
            picture = sheets.directions_by_steps(card, direction, seeds, reach, backend, progress)
        else:
            picture = sheets.seeds_by_psi(card, seeds, psi, backend, progress)
    save(picture, to)


def directions(name: str, samples: int, count: int, seed: int, backend: str, home: Path | None) -> None:
    from installation.models import directions as finder

    card = cards.load(name, Library(home))
    with terminal.steps(f"{name}: sampling") as progress:
        path = finder.find(card, samples, count, seed, backend, progress)
    terminal.plain(f"{path}: ganspace.0 .. ganspace.{count - 1}")
    terminal.plain(f"look at them: installation models sheet {name} --direction ganspace.0-5")


def project(name: str, picture: Path, keep: str, steps: int, wide: bool, home: Path | None) -> None:
    from installation.models import projection

    card = cards.load(name, Library(home))
    with terminal.steps(f"{name}: projecting {picture.name}") as progress:
        found = projection.project(card, picture, keep or projection.plain_name(picture), steps, wide, progress)
    terminal.plain(f"{found.path}: loss {found.losses[0]:.4g} -> {found.losses[-1]:.4g}")
    save(found.comparison, found.path.with_suffix(".png"))
    terminal.plain(f"in a show: latent: [..., {{recall: {{latent: {found.path.stem}}}}}]")


def compile_engine(name: str, target: str, precision: str, size: str, home: Path | None) -> None:
    from installation.backends.tensorrt_build import compile_engine as build
    from installation.models import recipes
    from installation.params import Param

    card = cards.load(name, Library(home))
    recipe = recipes.painted(card, card.resolution or Param("size", "size").read(size))
    report = build(recipe, precision, target)
    terminal.plain(f"{report.path}: {report.bytes / 1e6:.1f} MB for {target} in {report.seconds:.1f} s")
    terminal.rows(["operator", "in the graph"], sorted(report.operators.items()))


def save(picture: Any, to: Path) -> None:
    """An RGB picture as a file."""
    import cv2

    to.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(to), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)):
        raise InstallationError(f"the picture cannot be written to {to}", "name a .png in a folder that can be written")
    terminal.plain(f"look at it: {to}")
