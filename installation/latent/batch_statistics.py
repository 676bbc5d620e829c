"""Which of BigGAN's stored batch statistics a truncation needs: t in 0..1 -> weights (n_stats,), float32, sum 1.

A checkpoint holds means and variances for the truncations 0, 1/(n-1) ... 1 (Brock, Donahue, Simonyan 2019, standing
statistics). Between two of them,

    correct   the nearer one weighs more, as one would expect
    compat    what pytorch-pretrained-BigGAN computes, and what its pictures were made with: the weights of the two are
              the wrong way round, and next to a stored truncation rounding decides whether it is met at all

The two agree at the stored truncations that float64 division meets exactly. ``compat`` jumps at each of them; to move
a truncation live, take ``correct``.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Mode = Literal["compat", "correct"]


def statistics_weights(truncation: float, n_stats: int, mode: Mode = "compat") -> NDArray[np.float32]:
    """Raises ValueError outside of 0..1."""
    if not 0.0 <= truncation <= 1.0:
        raise ValueError(f"the truncation is {truncation}, wanted 0..1")
    weights = np.zeros(n_stats, np.float32)
    # The division by a rounded step is the official one: 0.14 / 0.02 is 7.000000000000001 in float64.
    part, whole = math.modf(truncation / (1.0 / (n_stats - 1))) if n_stats > 1 else (0.0, 0.0)
    index = min(int(whole), n_stats - 1)
    if part == 0.0 or index == n_stats - 1:
        weights[index] = 1.0
    elif mode == "compat":
        weights[index], weights[index + 1] = part, 1.0 - part
    else:
        weights[index], weights[index + 1] = 1.0 - part, part
    return weights
