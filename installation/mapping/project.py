"""project: a vector into a vector of another size, each component in a seeded direction of its own."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from installation.latent.projection import projection
from installation.mapping.arguments import Argument
from installation.params import REQUIRED, Param


class Project:
    """``project 16`` or ``project 16 7``: n numbers, and the seed. Keeps the vector's length where n is not smaller."""

    params: ClassVar[tuple[Argument, ...]] = (
        Param("size", "int", REQUIRED, 1, 4096, help="how many numbers come out"),
        Param("seed", "int", 0, 0, 2**32 - 1, help="which directions"),
    )

    def __init__(self, size: int, seed: int) -> None:
        self._size = size
        self._seed = seed

    def shape(self, size: int) -> int:
        if not size:
            raise ValueError("wants a vector, and this is a number")
        return self._size

    def __call__(self, value: NDArray[np.float64] | None, dt: float) -> NDArray[np.float64] | None:
        return None if value is None else projection(self._size, len(value), self._seed) @ value

    def reset(self) -> None:
        """Nothing is kept."""
