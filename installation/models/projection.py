"""A picture is found in a model's latent space and kept beside its card, for a show to go there (``recall``).

w    one w for all layers: stays among what the model knows, can be steered well afterwards
w+   one w a layer: closer to the picture, further from the model
z    models that paint from z; their default class is kept
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from installation.checkpoints.card import Card
from installation.errors import ModelError
from installation.latent import stored
from installation.models import recipes
from installation.models.families import from_picture
from installation.models.framing import fitted
from installation.models.search import Search

if TYPE_CHECKING:
    from installation.types import Pixels

Array = NDArray[np.float32]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Projected:
    """``latent`` (layers, W) or (Z,); ``losses`` of every step; ``comparison`` the picture beside the painted one."""

    path: Path
    latent: Array
    losses: list[float]
    comparison: Pixels


def project(card: Card, picture: Path, keep: str, steps: int, wide: bool, progress: Progress) -> Projected:
    """Finds the latent of a picture and keeps it beside the card. Raises ModelError."""
    if from_picture(card):
        raise ModelError(f"the model '{card.name}' paints from pictures: there is no latent to find one in")
    if steps < 2:
        raise ModelError(f"{steps} steps find nothing", "write --steps 500")
    recipes.present(card)
    net = recipes.network(card)
    wanted = read_picture(picture, card.resolution or (0, 0))
    latent, losses, painted = Search(card, net, wide).find(wanted, steps, progress)
    path = stored.write_latent(card.folder, plain_name(Path(keep)), latent)
    return Projected(path, latent, losses, np.concatenate([wanted, painted], axis=1))


def plain_name(picture: Path) -> str:
    """A latent's name out of a file's: ``My Face.JPG`` -> ``my_face``."""
    return re.sub(r"[^a-z0-9]+", "_", picture.stem.lower()).strip("_")[:60] or "picture"


def read_picture(path: Path, size: tuple[int, int]) -> Pixels:
    """(h, w, 3) RGB, cropped around its middle and scaled."""
    import cv2

    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB) if path.is_file() else None
    if pixels is None:
        raise ModelError(f"{path} is no picture that can be read", "save it as .png or .jpg")
    return fitted(pixels, size)
