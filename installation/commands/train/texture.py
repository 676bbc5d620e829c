"""``train texture``: a picture, or a folder of them, each an automaton."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from installation.commands.train.asked import Asked
from installation.commands.train.course import free, go
from installation.commands.train.given import LEAST, MOST, about, eye, found_device, looked_at
from installation.errors import InstallationError

ON_GPU, ON_CPU = 128, 64  # pixels of a side


def texture(source: str, side: int | None, asked: Asked) -> None:
    import torch

    from installation.training.data.decode import load
    from installation.training.data.pictures import squared
    from installation.training.texture.trainer import MULTIPLE, Recipe, TextureTrainer

    path, device = Path(source), found_device(asked.device)
    side = side or (ON_GPU if device.name == "cuda" else ON_CPU)
    if side % MULTIPLE or not LEAST <= side <= MOST:
        near = MULTIPLE * round(min(MOST, max(LEAST, side)) / MULTIPLE)
        raise InstallationError(f"a texture cannot be learnt at {side} pixels", f"write --side {near}")
    pictures = list(looked_at(path, side).pictures) if path.is_dir() else [path]
    if not pictures:
        raise InstallationError(f"{path} holds no pictures", "name a picture, or a folder that holds some")
    given = torch.stack([squared(load(picture), side) for picture in pictures])
    name = asked.called(path)
    each = replace(asked, name="") if path.is_dir() else asked
    words = [each.words(picture, about(path)) for picture in pictures]
    made = [its.name for its in words]
    free(asked, name, made)
    batch: dict[str, Any] = {"batch": asked.batch} if asked.batch else {}
    trainer = TextureTrainer(given, Recipe(seed=asked.seed, **batch), device, words, eye(device))
    go(trainer, name, device, asked, made=made)
