"""``installation favourites``: the pictures of a model that you like, kept, shown, printed, ruled for a wall."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from installation.cli.models import Backend, ModelName
from installation.cli.options import Home, Json

favourites = App(
    name="favourites",
    help="The pictures of a model that you like best: keep them, print them, rule one for a wall.",
    help_epilogue="Look first:  installation models sheet MODEL    then    installation favourites add MODEL 3,14,15",
)

Seed = Annotated[str, Parameter(help="A seed, or the name of a kept latent.")]
Which = Annotated[float | None, Parameter(help="Which, where the seed is kept at several psi.", show_default=False)]
PaperName = Annotated[Literal["a4", "a3", "letter"], Parameter(help="The paper; upright or across as fits best.")]


@favourites.command(name="list")
def list_(name: ModelName, /, *, home: Home = None, json: Json = False) -> None:
    """List a model's favourites, the best first. The number is what a show's 'favourite' step calls them by."""
    from installation.commands import favourites as command

    command.list_favourites(name, home, json)


@favourites.command
def add(
    name: ModelName,
    seeds: Annotated[str, Parameter(help="3,14,15 or 0-7, or names of kept latents.")],
    /,
    *,
    stars: Annotated[int | None, Parameter(help="1 to 5; 3 when left out.", show_default=False)] = None,
    psi: Annotated[
        float | None, Parameter(help="Truncation, 0 to 2; left out, 0.7, and 1 for a kept latent.", show_default=False)
    ] = None,
    note: Annotated[str | None, Parameter(help="A few words.", show_default=False)] = None,
    home: Home = None,
) -> None:
    """Keep favourites in favourites/MODEL.yaml. One that is there already gets the stars and the note."""
    from installation.commands import favourites as command

    command.add(name, seeds, stars, psi, note, home)


@favourites.command
def star(
    name: ModelName,
    seed: Seed,
    stars: Annotated[int, Parameter(help="1 to 5.")],
    /,
    *,
    psi: Which = None,
    home: Home = None,
) -> None:
    """Say how much you like one."""
    from installation.commands import favourites as command

    command.star(name, seed, stars, psi, home)


@favourites.command
def remove(name: ModelName, seed: Seed, /, *, psi: Which = None, home: Home = None) -> None:
    """Take one off the list. Its number goes to the next."""
    from installation.commands import favourites as command

    command.remove(name, seed, psi, home)


@favourites.command
def sheet(
    name: ModelName,
    /,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"], help="A .pdf, or a .png a page.")] = Path(
        "out/favourites.pdf"
    ),
    paper: PaperName = "a4",
    stars: Annotated[int, Parameter(help="Only those with as many stars or more.")] = 1,
    backend: Backend = "auto",
    home: Home = None,
) -> None:
    """Print them: every favourite with its number, seed, stars and note, 300 dots an inch."""
    from installation.commands import favourites as command

    command.sheet(name, output, paper, stars, backend, home)


@favourites.command
def tracing(
    name: ModelName,
    seed: Seed,
    /,
    *,
    wall: Annotated[str, Parameter(help="Width x height of the wall in centimetres.")] = "400x300",
    cell: Annotated[float, Parameter(help="Side of a cell of the grid, in centimetres.")] = 25.0,
    output: Annotated[Path, Parameter(name=["--output", "-o"], help="A .pdf; a .png is the first page alone.")] = Path(
        "out/tracing.pdf"
    ),
    tiles: Annotated[
        bool, Parameter(negative="", show_default=False, help="Pages in true size too, to be glued on the wall.")
    ] = False,
    tones: Annotated[int, Parameter(help="Colours that the outlines tell apart, 2 to 8.")] = 5,
    paper: PaperName = "a4",
    psi: Annotated[
        float | None, Parameter(help="Truncation; left out, that of the favourite.", show_default=False)
    ] = None,
    backend: Backend = "auto",
    home: Home = None,
) -> None:
    """Rule a picture for a wall: under a grid, as outlines, and in true size to be traced."""
    from installation.commands import favourites as command

    asked = command.Traced(wall, cell, tones, tiles, paper)
    command.tracing(name, seed, asked, output, psi, backend, home)
