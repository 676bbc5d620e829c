"""``train style``: a painting, and photographs to practise on."""

from __future__ import annotations

from pathlib import Path

from installation.commands.train.asked import Asked
from installation.commands.train.course import free, go
from installation.commands.train.given import LEAST, MOST, about, eye, found_device, opened
from installation.errors import InstallationError

SIDE = 256  # pixels of the photographs
STRONGEST = 100.0  # weight of a style


def style(source: str, onto: str, strength: float, stroke: int, asked: Asked) -> None:
    from installation.training.data import sets
    from installation.training.data.decode import load
    from installation.training.data.pyramid import resized
    from installation.training.style.trainer import Recipe, StyleTrainer

    if not 0 < strength <= STRONGEST or not LEAST <= stroke <= MOST:
        raise InstallationError(
            f"a style cannot have strength {strength:g} and a stroke of {stroke}",
            f"write a strength up to {STRONGEST:g}, a stroke of {LEAST} to {MOST}",
        )
    path, photographs = Path(source), sets.find(onto)
    name = asked.called(path)
    free(asked, name)
    device, painting = found_device(asked.device), load(path)
    scale = stroke / min(painting.shape[1:])
    painting = resized(painting, (round(painting.shape[1] * scale), round(painting.shape[2] * scale)))
    data = opened(photographs, SIDE, device)
    recipe = Recipe(style=strength, seed=asked.seed, batch=asked.batch or (8 if device.name == "cuda" else 4))
    trainer = StyleTrainer(data.draw, painting, recipe, device, asked.words(path, about(path)), eye(device))
    go(trainer, name, device, asked)
