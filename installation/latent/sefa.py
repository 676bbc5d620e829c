"""SeFa: directions that change the picture most, out of the weights alone. Shen and Zhou 2021 (2007.06600).

Every layer takes its style from the latent by a matrix, ``A w``. The directions along which the styles change most are
the eigenvectors of ``A^T A``, which are the right singular vectors of ``A``, all layers' matrices stacked. No picture
and no sample is needed, so they are found when a model is converted.

Signs are fixed by the largest number of each vector being positive: the same weights give the same directions
everywhere. ``sigma`` is measured from ``samples`` of the latent where they are given; z is normal and has 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from installation.latent.space import Direction

COUNT = 32


def directions(
    matrix: NDArray[np.float32], count: int = COUNT, samples: NDArray[np.float32] | None = None
) -> dict[str, Direction]:
    """``sefa.0``, the strongest, and so on. matrix (rows, size), samples (n, size). Raises ValueError."""
    if matrix.ndim != 2 or not np.isfinite(matrix).all():
        raise ValueError(f"a style matrix is (rows, size) and finite, not {matrix.shape}")
    wide = matrix.astype(np.float64)
    # Eigenvectors of the small square instead of a decomposition of thousands of rows: the same, in milliseconds.
    _, vectors = np.linalg.eigh(wide.T @ wide)
    top = positive(vectors.T[::-1][:count])
    sigmas = np.ones(len(top)) if samples is None else (samples.astype(np.float64) @ top.T).std(axis=0)
    return {
        f"sefa.{index}": Direction(vector.astype(np.float32), float(sigma))
        for index, (vector, sigma) in enumerate(zip(top, sigmas, strict=True))
    }


def positive(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each row with the sign that makes its largest number positive: an eigenvector's own sign is anyone's guess."""
    largest = np.take_along_axis(rows, np.abs(rows).argmax(axis=1)[:, None], axis=1)
    made: NDArray[np.float64] = rows * np.where(largest < 0, -1.0, 1.0)
    return made
