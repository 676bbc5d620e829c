"""From a trainer to a model: it trains in ``training/NAME`` of the home, and what it made goes into ``models/``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from installation import terminal
from installation.commands.train.asked import Asked
from installation.errors import ModelError

if TYPE_CHECKING:
    from installation.training.device import Device
    from installation.training.run import Score
    from installation.training.trainer import Trainer


def free(asked: Asked, name: str, made: Sequence[str] = ()) -> None:
    """``made``: names of the models, where they are not the training's own. Raises ModelError for one that a model has
    which was not trained here: hours later it would be gone."""
    for each in made or [name]:
        model = asked.model(each)
        if model.exists() and not asked.training(name).exists():
            raise ModelError(f"there is a model '{each}' already, in {model}", "choose another --name")


def go(
    trainer: Trainer, name: str, device: Device, asked: Asked, score: Score | None = None, made: Sequence[str] = ()
) -> None:
    """``made``: names of the models, where the trainer exports several: a folder each."""
    from installation.models.convert import put
    from installation.training import ranks
    from installation.training.run import MODEL, Budget, Often, Run

    place = asked.training(name)
    budget = Budget(steps=asked.steps) if asked.steps else Budget(hours=asked.hours)
    with ranks.joined() as all_ranks, terminal.training(name) as tell:
        run = Run(trainer, budget, place, device, name, Often(show=60 * asked.show_every), score, tell, all_ranks)
        beside = f", {all_ranks.count} of them" if all_ranks.count > 1 else ""
        terminal.plain(f"{name} on {device}{beside}; watch it: {place / 'index.html'}")
        finished = run.go()
    if not all_ranks.first:
        return
    if not finished:
        terminal.plain(f"stopped after {trainer.seen:,} pictures; the same command goes on from there")
        return
    at_home = f" --home {asked.home}" if asked.home else ""
    for each in made or [name]:
        model = asked.model(each)
        model.parent.mkdir(parents=True, exist_ok=True)
        put(place / MODEL / each if made else place / MODEL, model)
        terminal.plain(f"{each} is in {model}; next: installation models inspect {each}{at_home}")
