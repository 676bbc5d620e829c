"""A seeded orthonormal matrix: leads a few numbers (a hand) into many (a latent) without squashing any of them.

``Q`` of a QR decomposition of seeded normal numbers. LAPACK is free to flip the sign of any column, and builds differ;
fixing the diagonal of R to be positive makes the decomposition unique, so a seed means the same directions on every
BLAS, to float32's rounding.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


@lru_cache(maxsize=32)
def projection(size: int, inputs: int, seed: int) -> NDArray[np.float32]:
    """Read-only float32 (size, inputs). Its columns are orthonormal when size >= inputs, else its rows are.

    So ``projection(512, 10, 0) @ v`` has the length of v, and each component of v its own direction.
    """
    tall, narrow = max(size, inputs), min(size, inputs)
    q, r = np.linalg.qr(np.random.RandomState(seed).randn(tall, narrow))
    q *= np.where(np.diag(r) < 0, -1.0, 1.0)
    matrix = np.ascontiguousarray(q if size >= inputs else q.T, dtype=np.float32)
    matrix.setflags(write=False)  # shared by everyone who asks
    return matrix
