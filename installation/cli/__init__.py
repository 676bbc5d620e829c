"""The commands. Thin: parse, call, print. What a command needs is imported when it runs, so that --help is quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from installation import __version__
from installation.cli.benchmark import benchmark
from installation.cli.data import data
from installation.cli.favourites import favourites
from installation.cli.models import models
from installation.cli.options import Headless, Home, Json, Report, Seconds, ShowName, Verbose
from installation.cli.train import train

app = App(
    name="installation",
    version=__version__,
    help_format="plaintext",  # the default loads a Markdown parser for every --help
    help="Play generative networks with hands, cameras, sound and OSC. A show is one YAML file.",
    help_epilogue="Start here:  installation new my_folder    then    installation run my_show",
)
app.command(models)
app.command(benchmark)
app.command(data)
app.command(train)
app.command(favourites)


@app.command
def run(
    show: ShowName = "terra",
    /,
    *,
    home: Home = None,
    headless: Headless = False,
    stand_in: Annotated[
        bool, Parameter(negative="", show_default=False, help="No screen or camera here? Film the rehearsal.")
    ] = False,
    live: Annotated[
        bool, Parameter(negative="", show_default=False, help="Never use a rehearsal; wait for the hardware.")
    ] = False,
    seconds: Seconds = None,
    record: Annotated[Path | None, Parameter(help="Film what is shown (mp4).")] = None,
    sheet: Annotated[Path | None, Parameter(help="Leave a contact sheet (png).")] = None,
    report: Report = None,
    verbose: Verbose = False,
) -> None:
    """Perform a show.

    In a window, sources are always live: a camera that is absent is waited
    for. Headless, sources whose hardware is not here are replaced by the
    show's rehearsal, and the first line says so. Esc, closing the window or
    Ctrl-C ends it; a table then says what the time went on.
    """
    from installation.commands import perform

    perform.run(
        perform.Asked(
            show, home, headless=headless, stand_in=stand_in, live=live, seconds=seconds, report=report, verbose=verbose
        ),
        record=record,
        sheet=sheet,
    )


@app.command
def check(
    *files: Annotated[str, Parameter(help="Paths or names; every show that is found when left out.")],
    home: Home = None,
    kinds: Annotated[bool, Parameter(negative="", show_default=False, help="List every kind a show can name.")] = False,
) -> None:
    """Check shows without opening any hardware. All mistakes are told at once; exit 2 if there is one."""
    from installation.commands import tell

    sys.exit(tell.kinds() if kinds else tell.check(files, home))


@app.command
def signals(show: ShowName, /, *, home: Home = None, json: Json = False) -> None:
    """List the signals of a show: what a mapping can start from."""
    from installation.commands import tell

    tell.signals(show, home, json)


@app.command
def params(show: ShowName, /, *, home: Home = None, json: Json = False) -> None:
    """List the live parameters of a show: what a mapping or a cue can move."""
    from installation.commands import tell

    tell.params(show, home, json)


@app.command
def record(
    show: ShowName = "terra",
    /,
    *,
    to: Annotated[Path, Parameter(name=["--to", "-o"], help="Folder of the take; made if missing.")],
    frames: Annotated[
        bool, Parameter(negative="", show_default=False, help="Keep camera frames too, as JPEG.")
    ] = False,
    home: Home = None,
    headless: Headless = False,
    seconds: Seconds = None,
    report: Report = None,
    verbose: Verbose = False,
) -> None:
    """Perform a show and write its signals to a take, so that it can be performed again."""
    from installation.commands import perform

    asked = perform.Asked(show, home, headless=headless, live=True, seconds=seconds, report=report, verbose=verbose)
    perform.record(asked, to, frames)


@app.command
def replay(
    show: ShowName,
    take: Annotated[Path, Parameter(help="The folder of a take, or a name in takes/.")],
    /,
    *,
    home: Home = None,
    headless: Headless = False,
    seconds: Seconds = None,
    record: Annotated[Path | None, Parameter(help="Film it (mp4): every frame, however long it takes.")] = None,
    sheet: Annotated[Path | None, Parameter(help="Leave a contact sheet (png).")] = None,
    report: Report = None,
    verbose: Verbose = False,
) -> None:
    """Perform a show from a take: the same parameters, bit for bit, every time."""
    from installation.commands import perform

    asked = perform.Asked(show, home, headless=headless, seconds=seconds, report=report, verbose=verbose)
    perform.replay(asked, take, record=record, sheet=sheet)


@app.command
def doctor(*, home: Home = None, json: Json = False) -> None:
    """Look at this machine: backends, GL, screens, cameras, sound, models. Exit 1 if a show cannot run here."""
    from installation.commands import tell

    sys.exit(tell.doctor(home, json))


@app.command
def new(folder: Annotated[Path, Parameter(help="Must not be there yet, or be empty.")], /) -> None:
    """Make a folder of your own with a show and a shader to begin with."""
    from installation.commands import tell

    tell.new(folder)


def main() -> None:
    """Run one command. An error meant for people is printed as it is, without a traceback, and exits 2."""
    from installation.errors import InstallationError

    try:
        app()
    except InstallationError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # `installation params eyes | head`
        sys.exit(0)
