"""The commands that measure: benchmark, benchmark models."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from installation import app, terminal
from installation.commands.perform import Asked
from installation.library import Library


def show(asked: Asked, take: str, unpaced: bool, frames: int) -> None:
    from installation.benchmark import run as bench

    library = Library(asked.home)
    show, _ = app.from_take(app.load_show(asked.show, library), take, library, loop=True)
    terminal.log_to_terminal(asked.verbose)
    with terminal.downloads() as progress:
        app.fetch_models(show, library, progress)
    report = (bench.unpaced if unpaced else bench.paced)(show, library, frames)
    terminal.timing_table(report)
    terminal.cost_table(report["costs_ms"])
    if asked.report:
        app.write_report(asked.report, report)


def models(names: Sequence[str], rounds: int, threads: int, report: Path | None) -> None:
    from installation.benchmark import models as bench
    from installation.benchmark import samples
    from installation.benchmark.run import system
    from installation.errors import InstallationError, did_you_mean

    wanted = list(names) or list(samples.SAMPLES)
    if unknown := [name for name in wanted if name not in samples.SAMPLES]:
        raise InstallationError(f"there is no sample '{unknown[0]}'", did_you_mean(unknown[0], samples.SAMPLES))
    with terminal.steps("measuring") as progress:
        rows, refused = bench.measure(wanted, rounds, threads, progress)
    terminal.rows(
        ["network", "runs on", "GMAC", "ms", "p50", "p99", "ratio", "error", "of matmul peak"],
        [
            (r.name, f"{r.backend} {r.precision}", f"{r.gmac:.2f}", f"{r.ms:.2f}", f"{r.p50:.2f}", f"{r.p99:.2f}",
             f"{r.ratio:.1f}x", f"{r.error:.1e}", f"{100 * r.peak:.0f} %")
            for r in rows
        ],
    )  # fmt: skip
    for line in refused:
        terminal.complain(line)
    machine = {**system(), "threads": threads}
    terminal.plain(json.dumps(machine))
    if report:
        app.write_report(report, {"schema": 1, "system": machine, "models": bench.as_data(rows)})
