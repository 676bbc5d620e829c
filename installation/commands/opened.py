"""A model's favourites opened for a command: where the list is, where it goes, and which of it is meant.

The list is read from the first place of the library that has one. It is written where it was read if that place is the
artist's own, else as a copy into her own, which is then the first to be found.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from installation import terminal
from installation.checkpoints import card as cards
from installation.checkpoints.card import Card
from installation.commands.models import own_home
from installation.document import File, shown, text_of
from installation.errors import InstallationError, did_you_mean
from installation.files import write_atomically
from installation.latent.favourites import MOST_STARS, PARAMS, PSI, PSI_KEPT, Favourite, listed
from installation.library import Library
from installation.params import ParamError

FOLDER = "favourites"


class Opened:
    """A model's card, its favourites, their text, and where they go."""

    def __init__(self, card: Card, read: Path | None, path: Path) -> None:
        self.card, self.read, self.path = card, read, path
        self.text = text_of(read) if read else ""
        self.favourites = [favourite for favourite, _ in listed(File(read, self.text))] if read else []

    def save(self, text: str) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, text.encode())
        except OSError as error:
            raise InstallationError(
                f"{shown(self.path)} cannot be written: {error.strerror}", "name a folder of your own: --home FOLDER"
            ) from error
        copied = f", begun as a copy of {shown(self.read)}" if self.read and self.read != self.path else ""
        terminal.plain(f"written to {shown(self.path)}{copied}")


def open_list(model: str, home: Path | None) -> Opened:
    library = Library(home)
    card = cards.load(model, library)
    if not card.latent:
        raise InstallationError(f"the model '{model}' paints from pictures: it has no seeds to choose from")
    read = library.favourites(model)
    if read and home is None and read.parent.parent in library.own_places():
        return Opened(card, read, read)
    path = (home or own_home()).resolve() / FOLDER / f"{model}.yaml"
    return Opened(card, read, path)


def named(text: str, card: Card) -> list[tuple[int | None, str]]:
    """``3,14,15``, ``0-7``, names of kept latents: each once, in order."""
    from installation.models.latents import declared
    from installation.models.sheet import whole_numbers

    found: list[tuple[int | None, str]] = []
    known: Sequence[str] = ()
    for part in text.replace(" ", "").split(","):
        if part[:1].isdecimal() and not part.strip("0123456789-"):
            found += [(seed, "") for seed in whole_numbers(part, "seeds")]
            continue
        known = known or list(declared(card).saved)
        if part not in known:
            near = did_you_mean(part, known) or "write 3,14,15 or 0-7"
            keep = f"keep a picture's: installation models project {card.name} PICTURE"
            raise InstallationError(f"'{part}' is neither a seed nor a latent that {card.name} has kept", near or keep)
        found.append((None, part))
    return list(dict.fromkeys(found))


def one_of(favourites: Sequence[Favourite], name: str, psi: float | None, model: str) -> Favourite:
    """The favourite of that seed or name. Raises InstallationError when it is none, or several."""
    same = [one for one in favourites if one.name == name]
    found = [one for one in same if psi is None or one.psi == round(psi, 4)]
    if not found:
        hint = did_you_mean(name, [one.name for one in favourites]) or f"look: installation favourites list {model}"
        at = f" at psi {psi:g}" if same and psi is not None else ""
        raise InstallationError(f"'{name}'{at} is none of the favourites of {model}", hint)
    if len(found) > 1:
        psis = ", ".join(f"{one.psi:g}" for one in found)
        raise InstallationError(f"'{name}' is kept at psi {psis}", f"say which: --psi {found[0].psi:g}")
    return found[0]


def to_trace(opened: Opened, name: str, psi: float | None) -> Favourite:
    """A favourite as it was chosen, or any other seed or kept latent."""
    if psi is None and any(one.name == name for one in opened.favourites):
        return one_of(opened.favourites, name, psi, opened.card.name)
    seed, latent = named(name, opened.card)[0]
    usual = PSI if seed is not None else PSI_KEPT
    return checked(Favourite(seed, latent, usual if psi is None else psi))


def checked(favourite: Favourite) -> Favourite:
    """The same rules that the file is read by. Raises InstallationError."""
    values: dict[str, Any] = {"psi": favourite.psi, "stars": favourite.stars}
    for param in PARAMS:
        if param.name in values:
            try:
                param.read(values[param.name])
            except ParamError as error:
                most = f"1 to {MOST_STARS}" if param.name == "stars" else "0 to 2"
                raise InstallationError(str(error), f"write --{param.name}: {most}") from error
    return favourite
