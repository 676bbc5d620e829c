"""project: a vector signal (both hands) pushes the latent, every component of it in a direction of its own.

The push is ``gain * sqrt(size) * P v`` with P seeded and orthonormal: gain 1 and a vector of length 1 push as far as
the latent is long, which turns it by 45 degrees. The result is brought back to the norm it had: a longer latent would
lie off the shell the network was trained on and show as burnt contrast, not as another picture.

After a step that works in w it pushes there, all layers alike and straight: gain 1 as far as one w is from another's
mean, on the average of the model (``Space.spread``).

While the signal is stale the last push stays: a hand that leaves does not make the picture jump. Let it go gently by
mapping ``gain`` from the hand's presence through ``smooth``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.latent.projection import projection
from installation.latent.space import Space
from installation.latent.step import Step
from installation.params import REQUIRED, Param

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector

MOST = 1e6  # a component past this is broken, and its square would not fit a float32


class Project(Step):
    """Pushes the latent along a vector, such as both hands."""

    params: ClassVar[tuple[Param, ...]] = (
        Param("vector", "signal", REQUIRED, unit="vector", help="the vector signal that pushes, such as hands.both"),
        Param("seed", "int", 0, 0, 2**32 - 1, help="which directions its components push in"),
        Param("gain", "float", 0.5, 0.0, 2.0, help="how far; 1 is 45 degrees for a vector of length 1", live=True),
    )

    def __init__(self, options: Mapping[str, Any], space: Space, address: str) -> None:
        super().__init__(options, space, address)
        self._vector: str = options["vector"]
        self._seed: int = options["seed"]
        self._gain = f"{address}.gain"
        self._push: Vector | None = None
        self._seen = 0

    def __call__(self, latent: Vector, params: Params, signals: Signals) -> Vector:
        sample = signals[self._vector]
        if not sample.stale and sample.seq != self._seen:
            self._seen = sample.seq
            self._turn_to(sample.value, latent.shape[-1])
        if self._push is None:
            return latent
        push = np.float32(params[self._gain]) * self._push
        if latent.ndim == 2:
            return latent + np.float32(self.space.spread) * push
        pushed = latent + push
        before, after = np.linalg.norm(latent), np.linalg.norm(pushed)
        # Nothing to keep the norm of (no walk before it), or pushed exactly into the origin: leave it as it is.
        return pushed if before == 0 or after == 0 else pushed * np.float32(before / after)

    def _turn_to(self, value: Any, size: int) -> None:
        """The push of a new sample; one that is no vector of sound numbers is passed over."""
        try:
            vector = np.asarray(value, np.float32).reshape(-1)
        except (TypeError, ValueError):
            return
        if vector.size and (np.abs(vector) < MOST).all():
            self._push = np.float32(size**0.5) * (projection(size, vector.size, self._seed) @ vector)
