"""Geometry on the unit sphere, float64 (..., size): great arcs, and the way to tangent vectors and back.

K. Shoemake, Animating Rotation with Quaternion Curves, SIGGRAPH 1985, for slerp. ``log_map(p, q)`` is the velocity that
leads from p to q in unit time along the shorter great arc; ``exp_map(p, v)`` goes there. Opposite points have no one
shorter arc and are refused by nobody: two random directions in many dimensions are never opposite.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

TINY = 1e-12


def length(v: Array) -> Array:
    norms: Array = np.sqrt(np.sum(v * v, axis=-1, keepdims=True))
    return norms


def angle(a: Array, b: Array) -> Array:
    """Radians between unit vectors, (..., 1). The half-angle form is exact where arccos of the dot loses digits."""
    return 2 * np.arctan2(length(a - b), length(a + b))


def slerp(a: Array, b: Array, t: Array | float) -> Array:
    """The point at ``t`` of the great arc from a (0) to b (1), at even speed. ``t`` is a number or (..., 1)."""
    whole = angle(a, b)
    sine = np.sin(whole)
    near = sine < TINY  # the same point: the arc has no plane, and a straight line is as good
    safe = np.where(near, 1.0, sine)
    from_a = np.where(near, 1 - t, np.sin((1 - t) * whole) / safe)
    from_b = np.where(near, t, np.sin(t * whole) / safe)
    return from_a * a + from_b * b


def log_map(p: Array, q: Array) -> Array:
    """The tangent at p of length angle(p, q) that points along the arc to q."""
    sideways = q - p * np.sum(p * q, axis=-1, keepdims=True)
    size = length(sideways)
    tangent: Array = angle(p, q) * sideways / np.where(size < TINY, 1.0, size)
    return tangent


def exp_map(p: Array, v: Array) -> Array:
    """Where the great arc that leaves p with velocity v is after unit time."""
    size = length(v)
    return np.cos(size) * p + np.sin(size) * v / np.where(size < TINY, 1.0, size)
