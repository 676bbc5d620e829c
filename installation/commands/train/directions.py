"""``train directions``: a direction of a model's latent space is given a meaning by examples."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from installation import terminal
from installation.commands.models import save
from installation.commands.train.given import eye, found_device
from installation.errors import InstallationError
from installation.library import Library

if TYPE_CHECKING:
    from installation.models.sampled import Sampler
    from installation.training.meaning.features import Features
    from installation.training.meaning.find import Examples, Found

FEWEST = 3  # of a model's own pictures, as examples
MOST = 500  # pictures of a folder: more teach the judge nothing new
CROPS = 200  # of a folder whose data.yaml asks for them
SHOWN = (0, 1, 2, 3, 4)  # seeds of the sheet
POOR = 0.7  # of pairs told apart, below which the groups hardly differ
FAINT = 0.3  # correlation below which the latents hardly know of it
NAME = re.compile(r"[a-z][a-z0-9_-]*")  # others hold a dot: sefa.0, ganspace.3


@dataclass(frozen=True, slots=True)
class Asked:
    """See ``cli/train.py``. One of ``toward`` with ``away``, ``seeds`` and ``favourites``."""

    model: str
    name: str
    toward: str = ""
    away: str = ""
    seeds: str = ""
    against: str = ""
    favourites: bool = False
    apart: str = ""
    samples: int = 2000
    seed: int = 0
    backend: str = "auto"
    output: Path | None = None
    home: Path | None = None


def directions(asked: Asked) -> None:
    from installation.checkpoints import card as cards
    from installation.latent import stored
    from installation.models.latents import directions_file
    from installation.models.sampled import Sampler
    from installation.models.sheet import direction_names
    from installation.training.meaning.features import Features
    from installation.training.meaning.find import find
    from installation.training.meaning.showing import sheet

    _checked(asked)
    card = cards.load(asked.model, Library(asked.home))
    path = directions_file(card)
    known = stored.read_directions(path)
    others = [known[name].vector for name in direction_names(asked.apart, known, card.name)] if asked.apart else []
    sampler, device = Sampler(card, asked.backend), found_device("auto")
    features = Features(eye(device), device)
    examples = _examples(asked, sampler, features)
    with terminal.steps(f"{card.name}: painting and judging") as progress:
        found = find(sampler, features, examples, asked.samples, asked.seed, others, progress)
    _tell(asked, found)
    stored.write_directions(path, {**stored.read_directions(path), asked.name: found.direction})
    terminal.plain(f"'{asked.name}' is in {path}")
    save(sheet(sampler, asked.name, found.direction, SHOWN), asked.output or Path("out") / f"{asked.name}.png")
    sampler.close()
    terminal.plain(f"in a show: latent: [..., {{direction: {{name: {asked.name}, amount: 1}}}}]")


def _checked(asked: Asked) -> None:
    ways = [bool(asked.toward or asked.away), bool(asked.seeds or asked.against), asked.favourites]
    if sum(ways) != 1 or bool(asked.toward) != bool(asked.away) or (asked.against and not asked.seeds):
        raise InstallationError(
            "which examples?", "name two folders, --toward and --away; or --seeds, with --against; or --favourites"
        )
    if not NAME.fullmatch(asked.name):
        raise InstallationError(
            f"a direction cannot be called '{asked.name}'", "write small letters, digits, _ and -: --name islands"
        )


def _examples(asked: Asked, sampler: Sampler, features: Features) -> Examples:
    from installation.latent.favourites import PSI, Favourite, Favourites
    from installation.models.sheet import whole_numbers
    from installation.training.meaning.find import Examples, painted

    def of(chosen: list[Favourite], what: str) -> NDArray[np.float32]:
        if len(chosen) < FEWEST:
            raise InstallationError(
                f"{len(chosen)} {what}: {FEWEST} are the fewest, ten are better",
                f"choose more among the pictures of: installation models sheet {asked.model} --seeds 0-47",
            )
        return features(painted(sampler, sampler.chosen(chosen)))

    def seeds(text: str, what: str) -> NDArray[np.float32]:
        return of([Favourite(seed) for seed in dict.fromkeys(whole_numbers(text, what))], what)

    if asked.toward:
        return Examples(_folder(asked, asked.toward, features), _folder(asked, asked.away, features))
    if asked.seeds:
        toward = seeds(asked.seeds, "seeds")
        return Examples(toward, seeds(asked.against, "seeds against") if asked.against else None, psi=PSI)
    chosen = list(Favourites(Library(asked.home).favourites(asked.model)))
    stars = np.array([one.stars for one in chosen], np.float32)
    psi = float(stars @ [one.psi for one in chosen] / stars.sum()) if chosen else PSI
    return Examples(of(chosen, f"favourites of '{asked.model}'"), None, stars, psi)


def _folder(asked: Asked, source: str, features: Features) -> NDArray[np.float32]:
    import torch

    from installation.training.data import sets
    from installation.training.data.folder import look, summary
    from installation.training.data.pictures import stills
    from installation.training.meaning.features import SIDE

    folder = sets.find(source)
    with terminal.steps(f"looking at {source}") as progress:
        looked = look(folder, SIDE, progress)
    looked.check()
    for line in summary([trouble for trouble in looked.troubles if trouble.file]):
        terminal.complain(line)
    every = -(-len(looked.pictures) // MOST)
    torch.manual_seed(asked.seed)
    with terminal.steps(f"reading {source}") as progress:
        return features(stills(replace(looked, pictures=looked.pictures[::every]), SIDE, CROPS, progress))


def _tell(asked: Asked, found: Found) -> None:
    groups = f"{asked.toward} and {asked.away}" if asked.toward else "the chosen and the others"
    terminal.plain(f"{groups}: told apart in {found.told:.0%} of pairs that were kept back; chance is 50%")
    terminal.plain(f"{asked.model}: its latents foretell this with a correlation of {found.follows:.2f}")
    terminal.plain(f"{asked.model}: {found.share:.0%} of what it paints is more like the first")
    if found.told < max(POOR, found.chance):
        why = "hardly differ to the eye" if found.told < POOR else "are too few to be sure that they differ"
        terminal.complain(f"they {why}: the direction may mean little; give more and clearer pictures")
    if found.follows < FAINT:
        terminal.complain(f"{asked.model} hardly knows of it: look at the sheet before you use it")
