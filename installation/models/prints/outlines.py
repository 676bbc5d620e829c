"""A picture as lines that a hand can follow: where its tones meet, smooth, in the wall's centimetres.

Its tones are the colours that stand best for all others (Lloyd 1982, in Lab): sea, forest and sand come apart even
where they are equally light. Every dot takes the tone that most of its neighbourhood has, which takes out what is
thinner than a brush; then the borders are traced (borders.py). What is shorter than a stroke is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from installation.models.prints.borders import Traced
from installation.models.prints.paper import enlarged

if TYPE_CHECKING:
    from installation.types import Pixels

Array = NDArray[np.float64]

LONG = 1024  # dots of the longer side while lines are found
SOFT = 0.003  # of the longer side: the picture's blur ...
BRUSH = 0.011  # ... and how far a dot's neighbourhood reaches
SHORTEST = 0.08  # of the longer side
ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Line:
    """``way`` (n, 2), cm; ``level``: 0 between the first tone and the next."""

    way: Array
    level: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Outlines:
    """``colours`` (tones, 3): the mean colour of each tone, most often the darkest first; ``shares`` of the picture."""

    lines: list[Line]
    colours: Pixels
    shares: Array


def outlines(pixels: Pixels, width: float, tones: int) -> Outlines:
    """``pixels`` (h, w, 3) RGB fill a wall ``width`` cm wide."""
    import cv2

    scale = LONG / max(pixels.shape[:2])
    picture = enlarged(pixels, (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)))
    soft = cv2.GaussianBlur(picture, (0, 0), SOFT * LONG, borderType=cv2.BORDER_REFLECT)
    tone = _brushed(_tones(cv2.cvtColor(soft.astype(np.float32) / 255, cv2.COLOR_RGB2Lab), tones), tones)
    cm = width / picture.shape[1]
    traced = Traced(tone.shape)
    lines = [
        Line(way * cm, level, closed)
        for level in range(tones - 1)
        for way, closed in traced.around((tone > level).astype(np.uint8), SHORTEST * LONG)
    ]
    colours = [picture[tone == k].mean(axis=0) if (tone == k).any() else np.full(3, 255.0) for k in range(tones)]
    shares = np.bincount(tone.ravel(), minlength=tones) / tone.size
    return Outlines(lines, np.round(colours).astype(np.uint8), shares)


def _tones(lab: NDArray[np.float32], tones: int) -> NDArray[np.intp]:
    """Which tone each dot is nearest to, (h, w); 0 the first along the way that colours differ most, darker first."""
    few = lab[::8, ::8].reshape(-1, 3).astype(np.float64)
    _, axes = np.linalg.eigh(np.cov(few.T))
    axis = axes[:, -1] * (-1.0 if axes[0, -1] < 0 else 1.0)
    way = np.sort(few @ axis)
    starts = way[((np.arange(tones) + 0.5) / tones * len(way)).astype(int)]
    centres = np.stack([few[np.abs(few @ axis - start).argmin()] for start in starts])
    for _ in range(ROUNDS):
        nearest = _distances(few, centres).argmin(axis=1)
        centres = np.stack(
            [few[nearest == k].mean(axis=0) if (nearest == k).any() else centres[k] for k in range(tones)]
        )
    centres = centres[np.argsort(centres @ axis)]
    return _distances(lab.reshape(-1, 3), centres).argmin(axis=1).reshape(lab.shape[:2])


def _distances(colours: NDArray[Any], centres: Array) -> NDArray[Any]:
    """Squared, less what is the same for all tones: (n, tones)."""
    made: NDArray[Any] = (centres**2).sum(axis=1).astype(colours.dtype) - 2 * colours @ centres.T.astype(colours.dtype)
    return made


def _brushed(tone: NDArray[np.intp], tones: int) -> NDArray[np.intp]:
    import cv2

    near = [
        cv2.GaussianBlur((tone == k).astype(np.float32), (0, 0), BRUSH * LONG, borderType=cv2.BORDER_REFLECT)
        for k in range(tones)
    ]
    return np.argmax(near, axis=0)
