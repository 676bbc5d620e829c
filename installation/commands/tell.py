"""The commands that tell, fetch or make something: check, signals, params, doctor, new."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from installation import app, terminal
from installation.errors import Mistakes
from installation.library import Library
from installation.show.show import Show


def check(files: Sequence[str], home: Path | None) -> int:
    library = Library(home)
    broken = 0
    for file in files or [str(path) for path in app.all_shows(library)]:
        try:
            show = app.load_show(file, library)
        except Mistakes as mistakes:
            broken += 1
            terminal.complain(f"{mistakes}\n")
        else:
            terminal.plain(
                f"{file}: ok ({len(show.channels)} signals, {len(show.params)} parameters, {len(show.mapping)} mapped)"
            )
    return 2 if broken else 0


def kinds() -> int:
    for noun, names in app.all_kinds(Library()).items():
        terminal.plain(f"{noun}:")
        for name, text in names.items():
            terminal.plain(f"  {name:<14} {text}")
    return 0


def known_of(name: str, home: Path | None) -> Show:
    """As much of a show as can be understood: its mistakes send people here for the choices."""
    from installation.show.load import survey

    library = Library(home)
    show, mistakes = survey(library.show(name), library)
    if mistakes:
        terminal.complain(f"{name} has mistakes; this is what could be understood: installation check {name}")
    return show


def signals(show: str, home: Path | None, as_json: bool) -> None:
    from installation.show.listing import signals_listing

    listing = signals_listing(known_of(show, home))
    if as_json:
        return terminal.plain(json.dumps(listing, indent=2))
    terminal.rows(
        ["signal", "kind", "range", "unit", "what it is"],
        [
            (
                s["address"],
                s["kind"],
                f"{s['low']:g}..{s['high']:g}" if s["kind"] == "number" else "",
                s["unit"],
                s["help"],
            )
            for s in listing
        ],
    )


def params(show: str, home: Path | None, as_json: bool) -> None:
    from installation.show.listing import params_listing

    listing = params_listing(known_of(show, home))
    if as_json:
        return terminal.plain(json.dumps(listing, indent=2))
    terminal.rows(
        ["parameter", "type", "range", "value", "unit", "what it does", "mapped to"],
        [(p["address"], p["type"], p["range"], p["default"], p["unit"], p["help"], p["mapped"]) for p in listing],
    )


def doctor(home: Path | None, as_json: bool) -> int:
    from installation.doctor import examine

    findings = examine(Library(home))
    if as_json:
        terminal.plain(json.dumps([finding.as_data() for finding in findings], indent=2))
    else:
        terminal.rows(["", "what", "found"], [(f.state, f.what, f.found) for f in findings])
    return 1 if any(finding.state == "broken" for finding in findings) else 0


def new(folder: Path) -> None:
    from installation.scaffold import scaffold

    for path in scaffold(folder):
        terminal.plain(f"  {path}")
    terminal.plain(f"next: cd {folder} && installation run my_show")
