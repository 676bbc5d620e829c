"""Styles that are pictures: what AdaIN takes from each is computed once, and mixed by live weights every frame.

An artist drops pictures into ``models/NAME/styles/``; each becomes a live weight, ``style.NAME``. The statistics of a
mixture are the mixture of statistics (networks/adain.py), so mixing costs nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from installation.backends.choose import load
from installation.checkpoints.card import Card, Classes
from installation.errors import ModelError
from installation.models import recipes
from installation.models.framing import fitted

if TYPE_CHECKING:
    from installation.types import Vector

FOLDER = "styles"
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
SIDE = 512  # of a style picture, as the network's authors took them


def style_pictures(card: Card) -> dict[str, Path]:
    """Name of a style -> its picture. Raises ModelError when there is none."""
    folder = card.folder / FOLDER
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in PICTURES) if folder.is_dir() else []
    if not files:
        raise ModelError(f"the model '{card.name}' has no style pictures", f"put some .jpg or .png files into {folder}")
    return {re.sub(r"[^A-Za-z0-9_]+", "_", path.stem): path for path in files}


def style_classes(card: Card) -> Classes:
    names = tuple(style_pictures(card))
    return Classes("style", names[0], names)


def statistics(card: Card, backend: str) -> Vector:
    """(styles, 1024) float32, in the order of ``style_pictures``. Exact: it runs once. Raises ModelError."""
    import cv2

    part = recipes.family_of(card).helper
    if part is None:
        raise ModelError(f"the model '{card.name}' takes no style pictures")
    program = load(recipes.numeric(card, part, (SIDE, SIDE)), backend, "fp32")
    rows = []
    for path in style_pictures(card).values():
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
        if picture is None:
            raise ModelError(f"{path} is no picture that can be read", "save it as .png or .jpg")
        pixels = fitted(picture, (SIDE, SIDE)).astype(np.float32).transpose(2, 0, 1)[None] / 255
        rows.append(np.array(program.run({"style": np.ascontiguousarray(pixels)})[part.output][0], np.float32))
    program.close()
    return np.stack(rows)
