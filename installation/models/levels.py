"""A camera's greys brought near those that a network saw in training.

A network that knows one kind of picture knows its light too: of a table too dark it makes only sea. So the quantiles of
what the camera sees are bent towards those in the model's card. They are followed slowly: a hand that enters should
change the picture, not the light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from installation.types import Pixels

MEMORY = 3.0  # seconds after which two thirds of the light is new
STEEPEST = 4.0  # levels that one level of the camera may become: an even table is even, and not noise
EVERY = 4  # pixels along either side that are looked at: one in so many


class Levels:
    """``greys``: quantiles 0..255, evenly spaced from least to most."""

    def __init__(self, greys: Sequence[int]) -> None:
        self._wanted = np.maximum.accumulate(np.asarray(greys, np.float64))
        self._shares = np.linspace(0, 1, len(greys))
        self._seen: NDArray[np.float64] | None = None

    def matched(self, frame: Pixels, strength: float, dt: float) -> Pixels:
        """(h, w, 1) uint8 again. ``strength`` 0 leaves it, 1 gives it the training's greys. ``dt``: seconds since
        the last frame."""
        seen = self._quantiles(frame)
        follow = 1.0 if self._seen is None else 1 - np.exp(-max(0.0, dt) / MEMORY)
        self._seen = seen if self._seen is None else self._seen + follow * (seen - self._seen)
        made: Pixels = self.curve(strength)[frame]
        return made

    def curve(self, strength: float) -> Pixels:
        """uint8 (256,), rising: what becomes of each level."""
        levels = np.arange(256, dtype=np.float64)
        if self._seen is None:
            return levels.astype(np.uint8)
        # From the middle outwards, as far apart as STEEPEST asks.
        seen, middle = self._seen.copy(), len(self._seen) // 2
        least = np.maximum(np.diff(self._wanted) / STEEPEST, 1e-3)
        for i in range(middle, len(seen) - 1):
            seen[i + 1] = max(seen[i + 1], seen[i] + least[i])
        for i in range(middle, 0, -1):
            seen[i - 1] = min(seen[i - 1], seen[i] - least[i - 1])
        bent = np.interp(levels, seen, self._wanted)
        return np.clip(np.round(levels + strength * (bent - levels)), 0, 255).astype(np.uint8)

    def _quantiles(self, frame: Pixels) -> NDArray[np.float64]:
        return np.asarray(np.quantile(frame[::EVERY, ::EVERY], self._shares), np.float64)
