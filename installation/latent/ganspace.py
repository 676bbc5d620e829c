"""GANSpace: the directions a model's latents vary along most. Härkönen et al. 2020 (2004.02546).

    StyleGAN           principal components of many sampled w; each is a direction of w
    BigGAN, DCGAN      principal components of an early layer's activations y; the direction of z that moves the k-th
                       coordinate x_k is the least-squares fit of z to the coordinates: u_k = E[z x_k] / E[x_k^2]

Samples come in batches and are not kept: the running mean and the strongest ``keep`` components are (Ross et al. 2008).
With ``keep`` as large as y is long this is the exact decomposition. The same batches give the same directions, with
signs as in ``sefa``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from installation.latent.sefa import positive
from installation.latent.space import Direction

Array = NDArray[np.float64]

SPARE = 2  # components kept for each one asked for: the last of them are the ones that streaming blurs
EXACT = 1024  # numbers up to which all components are kept
HELD = 4_000_000  # numbers of samples held until they are brought into few rows: 32 MB


class Components:
    """``add`` batches of y (n, size), for models that paint from z with their z (n, Z); then ask for ``directions``."""

    def __init__(self, size: int, count: int, latent: int = 0) -> None:
        self._count = min(count, latent or size, size)
        self._keep = size if size <= EXACT else min(size, SPARE * count)
        self._seen = 0
        self._mean: Array = np.zeros(size)
        self._rows: list[Array] = [np.zeros((0, size))]  # whose square is that of all samples around their mean
        self._cross: Array = np.zeros((latent, size))  # the sum of z y^T
        self._z: Array = np.zeros(latent)

    def add(self, y: NDArray[np.float32], z: NDArray[np.float32] | None = None) -> None:
        batch = y.astype(np.float64)
        n, mean = len(batch), batch.mean(axis=0)
        shift = np.sqrt(self._seen * n / (self._seen + n)) * (mean - self._mean)
        self._rows += [batch - mean, shift[None]]
        if sum(rows.size for rows in self._rows) > HELD:
            self._axes()
        self._mean = self._mean + (mean - self._mean) * (n / (self._seen + n))
        self._seen += n
        if z is not None:
            self._cross += z.astype(np.float64).T @ batch
            self._z += z.astype(np.float64).sum(axis=0)

    def directions(self) -> dict[str, Direction]:
        """``ganspace.0``, the strongest, and so on. Raises ValueError when the samples were too few."""
        rows = self._axes()
        lengths = np.linalg.norm(rows, axis=1)
        if self._seen < 2 or len(lengths) < self._count or not (lengths[: self._count] > 0).all():
            raise ValueError(f"{self._seen} samples do not tell {self._count} directions apart")
        axes = positive(rows[: self._count] / lengths[: self._count, None])
        deviations = lengths[: self._count] / np.sqrt(self._seen - 1)
        if len(self._z):
            axes = self._regressed(axes, deviations)
            deviations = deviations * np.linalg.norm(axes, axis=1)
            axes = axes / np.linalg.norm(axes, axis=1, keepdims=True)
        return {
            f"ganspace.{index}": Direction(axis.astype(np.float32), float(deviation))
            for index, (axis, deviation) in enumerate(zip(axes, deviations, strict=True))
        }

    def _axes(self) -> Array:
        """What is held, in as few rows as ever: the principal axes, each times its singular value, strongest first."""
        self._rows = [_principal(np.concatenate(self._rows))[: self._keep]]
        return self._rows[0]

    def _regressed(self, axes: Array, deviations: Array) -> Array:
        """The z that moves each coordinate by 1, (count, Z)."""
        centred = self._cross - np.outer(self._z, self._mean)
        made: Array = (centred @ axes.T / (self._seen - 1) / deviations**2).T
        return made


def _principal(rows: Array) -> Array:
    """Right singular vectors times their singular values, strongest first: rows^T rows in as few rows as can be."""
    if len(rows) > rows.shape[1]:
        values, vectors = np.linalg.eigh(rows.T @ rows)
        made: Array = (vectors * np.sqrt(np.maximum(values, 0))).T[::-1]
        return made
    values, vectors = np.linalg.eigh(rows @ rows.T)
    # U^T rows: each already as long as its singular value.
    made = (vectors.T @ rows)[::-1]
    return made
