"""Where a StyleGAN3 looks its picture up: the value of its ``transform`` for a shift and a turn of the picture.

Karras et al. 2021 (2106.12423). The network asks where each point of the picture comes from, so the matrix is the
inverse of the movement. In the picture's sides, from its middle, y downwards, the movement is

    p -> R p + (right, down)        R = [[cos, sin], [-sin, cos]] of 2 pi turns, anticlockwise on the screen

which turns first, around the middle, and then shifts.
"""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray


def moved(right: float, down: float, turns: float) -> NDArray[np.float32]:
    """(3, 3). 1 moves the picture by its whole side; 1 turn is all the way round."""
    c, s = cos(2 * pi * turns), sin(2 * pi * turns)
    offset = (s * down - c * right, -s * right - c * down)
    return np.array([[c, -s, offset[0]], [s, c, offset[1]], [0, 0, 1]], np.float32)
