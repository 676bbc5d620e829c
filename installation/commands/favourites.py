"""The ``favourites`` commands: list, add, star, remove, sheet, tracing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from installation import terminal
from installation.checkpoints.card import Card
from installation.commands.opened import checked, named, one_of, open_list, to_trace
from installation.errors import InstallationError
from installation.latent import favourites_edit as edit
from installation.latent.favourites import PSI, PSI_KEPT, STARS, Favourite

MOST_TONES = 8


def list_favourites(model: str, home: Path | None, as_json: bool) -> None:
    found = open_list(model, home).favourites
    if as_json:
        rows = [{"number": number, **asdict(favourite)} for number, favourite in enumerate(found, 1)]
        return terminal.plain(json.dumps(rows, indent=2, ensure_ascii=False))
    if not found:
        return terminal.plain(f"none yet; add some: installation favourites add {model} SEEDS")
    terminal.rows(
        ["number", "seed", "psi", "stars", "note"],
        [
            (number, one.name, f"{one.psi:g}", "★" * one.stars, one.note)
            for number, one in sorted(enumerate(found, 1), key=lambda row: -row[1].stars)
        ],
    )


def add(model: str, seeds: str, stars: int | None, psi: float | None, note: str | None, home: Path | None) -> None:
    opened = open_list(model, home)
    words = " ".join(note.split()) if note is not None else None
    asked = [
        checked(
            Favourite(
                seed,
                latent,
                (PSI if seed is not None else PSI_KEPT) if psi is None else round(psi, 4),
                STARS if stars is None else stars,
                words or "",
            )
        )
        for seed, latent in named(seeds, opened.card)
    ]
    there = {favourite.key for favourite in opened.favourites}
    changes = {key: value for key, value in (("stars", stars), ("note", words)) if value is not None}
    text = opened.text or edit.HEAD.format(model=model)
    for favourite in asked:
        if favourite.key in there and changes:
            text = edit.changed(opened.path, text, favourite.key, **changes)
    new = [favourite for favourite in asked if favourite.key not in there]
    opened.save(edit.added(opened.path, text, new) if new else text)
    already = len(asked) - len(new)
    terminal.plain(f"{len(new)} added" + (f", {already} there already" if already else ""))


def star(model: str, seed: str, stars: int, psi: float | None, home: Path | None) -> None:
    opened = open_list(model, home)
    favourite = one_of(opened.favourites, seed, psi, model)
    checked(replace(favourite, stars=stars))
    opened.save(edit.changed(opened.path, opened.text, favourite.key, stars=stars))


def remove(model: str, seed: str, psi: float | None, home: Path | None) -> None:
    opened = open_list(model, home)
    favourite = one_of(opened.favourites, seed, psi, model)
    opened.save(edit.removed(opened.path, opened.text, favourite.key))


def sheet(model: str, to: Path, paper: str, stars: int, backend: str, home: Path | None) -> None:
    from installation.models.prints import favourites_sheet, written
    from installation.models.prints.painted import pictures
    from installation.models.prints.paper import PAPERS

    opened = open_list(model, home)
    chosen = [(number, one) for number, one in enumerate(opened.favourites, 1) if one.stars >= stars]
    if not chosen:
        such = f" with {stars} stars or more" if opened.favourites else ""
        raise InstallationError(f"{model} has no favourites{such}", f"add some: installation favourites add {model} 3")
    written.check(to)
    with terminal.steps(f"{model}: painting") as progress:
        painted = pictures(opened.card, [one for _, one in chosen], backend, progress)
    pages = favourites_sheet.pages(opened.card.title, _imprint(opened.card), chosen, painted, PAPERS[paper])
    for path in written.write(pages, to, opened.card.title):
        terminal.plain(f"look at it: {path}")


@dataclass(frozen=True, slots=True)
class Traced:
    """What is asked of a tracing: ``wall`` as written, cm of a cell, tones, whether in true size too, the paper."""

    wall: str
    cell: float
    tones: int
    tiles: bool
    paper: str


def tracing(model: str, seed: str, asked: Traced, to: Path, psi: float | None, backend: str, home: Path | None) -> None:
    from installation.models.prints import tiles, written
    from installation.models.prints.painted import pictures
    from installation.models.prints.paper import PAPERS, Page, on_white
    from installation.models.prints.tracing import Told, cropped, lines_page, overview
    from installation.models.prints.wall import wall

    written.check(to)
    ruled, paper = wall(asked.wall, asked.cell), PAPERS[asked.paper]
    if not 2 <= asked.tones <= MOST_TONES:
        raise InstallationError(f"{asked.tones} tones: wanted 2..{MOST_TONES}", "write --tones 5")
    whole = to.suffix.lower() == ".pdf"
    total = (2 + (tiles.tiling(ruled, paper).count if asked.tiles else 0)) if whole else 1
    opened = open_list(model, home)
    favourite = to_trace(opened, seed, psi)
    with terminal.steps(f"{model}: painting") as progress:
        (painted,) = pictures(opened.card, [favourite], backend, progress)
    told = Told(
        opened.card.title,
        f"seed {favourite.name}" if favourite.seed is not None else favourite.name,
        f"psi {favourite.psi:g}; {_imprint(opened.card)}",
    )

    def pages() -> Iterator[Page]:
        from installation.models.prints.outlines import outlines

        picture = cropped(on_white(painted), ruled)
        yield overview(picture, ruled, told, paper)
        if whole:
            found = outlines(picture, ruled.width, asked.tones)
            yield lines_page(found, ruled, told, paper)
            if asked.tiles:
                yield from tiles.pages(found, ruled, told, paper)

    with terminal.steps(f"{model}: drawing") as progress:
        (path,) = written.write(pages(), to, f"{told.title}, {told.name}", lambda done: progress(done, total))
    terminal.plain(f"look at it: {path}")
    if total > 1:
        terminal.plain(f"{total} pages; print them at 100 %, not fitted to the page")


def _imprint(card: Card) -> str:
    return ", ".join(word for word in (card.author, card.licence) if word)
