"""``installation data``: pictures to train on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from installation.cli.options import Json

data = App(
    name="data",
    help="Pictures to train on: sets that can be had, and a look through a folder of your own.",
    help_epilogue="A folder of yours:  installation data look FOLDER    A set:  installation data get earth",
)


@data.command(name="list")
def list_(*, json: Json = False) -> None:
    """Every set of pictures that can be had, its licence, and whether it is here."""
    from installation.commands import data as command

    command.list_sets(json)


@data.command
def get(
    *names: Annotated[str, Parameter(help="Sets, as 'data list' has them.")],
    into: Annotated[Path | None, Parameter(help="A folder of yours that gets it; else your cache.")] = None,
) -> None:
    """Fetch a set of pictures, checked by their hash, with a data.yaml that says whose they are."""
    from installation.commands import data as command

    command.get(names, into)


@data.command
def look(
    folder: Annotated[str, Parameter(help="A folder with pictures, or a set as 'data list' has it.")],
    /,
    *,
    size: Annotated[int, Parameter(help="Side of the pictures to be trained on, in pixels.")] = 256,
) -> None:
    """Look a folder through before training on it: too few, too small, broken, copies. Exit 2 if it cannot be used."""
    from installation.commands import data as command

    command.look(folder, size)
