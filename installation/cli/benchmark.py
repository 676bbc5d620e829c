"""``installation benchmark``: what a show costs, and what the networks cost."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from installation.cli.options import Home, Report, ShowName, Verbose

benchmark = App(name="benchmark")


@benchmark.default
def show(
    show: ShowName = "terra",
    /,
    *,
    take: Annotated[str, Parameter(help="The take it is performed from.")] = "rehearsal",
    unpaced: Annotated[
        bool, Parameter(negative="", show_default=False, help="As fast as it goes, instead of at the show's fps.")
    ] = False,
    frames: Annotated[int, Parameter(help="Frames to measure.")] = 300,
    home: Home = None,
    report: Report = None,
    verbose: Verbose = False,
) -> None:
    """Measure what a frame costs: the bare generator, the show around it, and the drawing, apart."""
    from installation.commands import measure
    from installation.commands.perform import Asked

    measure.show(Asked(show, home, headless=True, report=report, verbose=verbose), take, unpaced, frames)


@benchmark.command
def models(
    *names: Annotated[str, Parameter(help="Samples to measure; all when left out.")],
    threads: Annotated[int, Parameter(help="Cores to use.")] = 1,
    rounds: Annotated[int, Parameter(help="Turns a backend; the best picture counts.")] = 7,
    report: Report = None,
) -> None:
    """Measure what the networks cost: every family as its authors' program runs it, and as a show does.

    All in one run, side by side. plain is the network as its paper draws it,
    in torch; a family without that is measured against our own in torch fp32.
    The weights are random; they do not change the cost.
    """
    from installation.commands import measure

    measure.models(names, rounds, threads, report)
