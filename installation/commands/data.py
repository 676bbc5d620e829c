"""The ``data`` commands: list, get, look."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from installation import terminal
from installation.errors import InstallationError
from installation.training.data import sets
from installation.training.data.published import SETS


def list_sets(as_json: bool) -> None:
    listing = [
        {
            "name": name,
            "title": one.about.title,
            "pictures": len(one.files) - len(one.raw),
            "download": one.size,
            "licence": one.about.licence,
            "source": one.about.source,
            "here": sets.here(name),
            "folder": str(sets.place(name)) if sets.here(name) else "",
        }
        for name, one in SETS.items()
    ]
    if as_json:
        return terminal.plain(json.dumps(listing, indent=2))
    terminal.rows(
        ["set", "pictures", "download", "here", "title", "licence"],
        [
            (
                one["name"],
                one["pictures"],
                f"{SETS[str(one['name'])].size / 1e6:.0f} MB",
                "yes" if one["here"] else "no",
                one["title"],
                one["licence"],
            )
            for one in listing
        ],
    )


def get(names: Sequence[str], into: Path | None) -> None:
    if not names:
        raise InstallationError("which set?", "name one; to list the choices: installation data list")
    if into and len(names) > 1:
        raise InstallationError("--into takes one set at a time", f"installation data get {names[0]} --into {into}")
    with terminal.downloads() as progress:
        for name in names:
            folder = sets.get(name, into, progress)
            terminal.plain(f"{name}: {folder}")


def look(name: str, size: int) -> None:
    from installation.training.data.folder import look as looked_through
    from installation.training.data.folder import summary

    with terminal.steps("looking") as progress:
        looked = looked_through(sets.find(name), size, progress)
    about = looked.about
    for key in ("title", "author", "licence", "source"):
        if words := getattr(about, key):
            terminal.plain(f"{key:>14}  {words}")
    terminal.plain(f"{'pictures':>14}  {len(looked.pictures)}")
    if looked.sizes:
        smallest, largest = (pick(looked.sizes, key=lambda size: size[0] * size[1]) for pick in (min, max))
        terminal.plain(f"{'sizes':>14}  {smallest[1]}x{smallest[0]} to {largest[1]}x{largest[0]}")
    for line in summary(looked.troubles):
        terminal.plain(f"{'note':>14}  {line}")
    looked.check()
