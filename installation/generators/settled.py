"""A picture that follows another slowly: a camera's noise fades, and what moves fast goes soft."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from installation.types import Pixels


class Settled:
    """In fractions of a level, or a slow change would stop short of its end."""

    def __init__(self) -> None:
        self._kept: NDArray[np.float32] | None = None

    def after(self, frame: Pixels, settle: float, dt: float) -> Pixels:
        """The picture ``dt`` seconds later; of a change two thirds are done after ``settle`` seconds."""
        if settle <= 0:
            self._kept = None
            return frame
        if self._kept is None or self._kept.shape != frame.shape:
            self._kept = frame.astype(np.float32)
            return frame
        self._kept += (frame - self._kept) * np.float32(1 - exp(-max(0.0, dt) / settle))
        made: Pixels = (self._kept + np.float32(0.5)).astype(np.uint8)
        return made
