"""How a model's latents lie, and the way through them along which something grows.

    C       covariance of the latents, d x d; in W it is far from even: a few axes carry nearly all
    pull    how the latents vary with the thing: their covariance with a score, or the difference of two means
    way     (C + m I)^-1 pull, of unit length; m is the mean variance, trace C / d

C^-1 pull, plain regression, foretells a score best, and is weak to walk along: it prefers axes that the model hardly
uses. The pull itself stays where the latents are, and takes along whatever else goes with the thing. Half-way between
them, as one shrinks a covariance (Ledoit, Wolf 2004), the score rises furthest and most evenly. A way ``apart`` from
others is the best of those at right angles to them: the shadow that a latent casts on the others stays what it was.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from installation.errors import ModelError
from installation.latent.space import Direction

Array = NDArray[np.float32]
Double = NDArray[np.float64]

FOLDS = 5
LITTLE = 1e-3  # share of its length that must be left of a way when others are taken out of it


class Cloud:
    """``latents`` (N, d), a few thousand."""

    def __init__(self, latents: Array) -> None:
        rows = latents.astype(np.float64)
        self.mean = rows.mean(0)
        self._covariance = np.atleast_2d(np.cov(rows.T))
        self._metric = self._covariance + np.eye(rows.shape[1]) * np.trace(self._covariance) / rows.shape[1]

    def way(self, pull: Double, apart: Sequence[Array] = ()) -> Double:
        """A unit vector (d,). Raises ModelError where nothing is left of it apart from the others."""
        made: Double = np.linalg.solve(self._metric, pull)
        length = float(np.linalg.norm(made))
        if apart and length:
            across = np.concatenate([np.atleast_2d(other) for other in apart]).astype(np.float64)
            _, strengths, axes = np.linalg.svd(across, full_matrices=False)
            axes = axes[strengths > 1e-6 * strengths[0]]
            leaning = np.linalg.solve(self._metric, axes.T)
            made = made - leaning @ np.linalg.solve(axes @ leaning, axes @ made)
            made = made - axes.T @ (axes @ made)  # what rounding has left
        if not np.linalg.norm(made) > LITTLE * length:
            raise ModelError("there is no way left through this model's latents", "name fewer with --apart")
        return made / np.linalg.norm(made)

    def direction(self, way: Double) -> Direction:
        """With the deviation of the latents along it."""
        sigma = float(np.sqrt(way @ self._covariance @ way))
        return Direction(way.astype(np.float32), sigma)


def along(latents: Array, scores: Double, apart: Sequence[Array] = ()) -> tuple[Direction, float]:
    """The way along which scores (N,) grow, and how well it foretells them: the correlation of the scores with the
    latents' places along ways that were found without them."""
    rows = latents.astype(np.float64)
    foretold = np.empty(len(rows))
    for fold in range(FOLDS):
        held = np.arange(len(rows)) % FOLDS == fold
        cloud = Cloud(latents[~held])
        foretold[held] = (rows[held] - cloud.mean) @ cloud.way(_pull(rows[~held], scores[~held]), apart)
    cloud = Cloud(latents)
    found = cloud.direction(cloud.way(_pull(rows, scores), apart))
    return found, float(np.corrcoef(foretold, scores)[0, 1])


def _pull(rows: Double, scores: Double) -> Double:
    made: Double = (scores - scores.mean()) @ (rows - rows.mean(0)) / len(rows)
    return made
