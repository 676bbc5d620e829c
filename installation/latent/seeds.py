"""Seeds as artists trade them: a seed's latent is ``RandomState(seed).randn(size)``, the field's convention since
NVIDIA's generators, so seeds picked from anyone's seed sheet mean the same picture here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from installation.errors import InstallationError
from installation.latent.slerp import Array

MOST = 2.0**32 - 1  # the largest seed RandomState takes


def latents(seeds: Sequence[float], size: int, address: str = "seeds") -> Array:
    """Float64 (n, size). Raises InstallationError for a seed that is no whole number."""
    if broken := [seed for seed in seeds if seed != int(seed)]:
        raise InstallationError(f"{address} wants whole numbers, not {broken[0]:g}", "write [3, 14, 15]")
    return np.stack([np.random.RandomState(int(seed)).randn(size) for seed in seeds])
