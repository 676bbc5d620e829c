"""A closed, smooth path through points, walked at even speed: on a shell (z), or straight through (w).

Slerp from point to point turns a corner at every point, which reads as stop-and-go. Here every segment is a cubic
Bezier curve on the sphere (de Casteljau's construction with slerp for lerp, Shoemake 1985) whose tangents are shared by
its neighbours, as Catmull and Rom (1974) choose them: half the way from the previous point to the next. A table of arc
lengths then evens out the speed. Norms are blended apart, so no latent on the way leaves the shell of its neighbours.

W is no shell: there the same construction with straight lines, which makes it the Catmull-Rom spline itself.

Where a path turns back on itself (two seeds: there and back) it has no tangent; there it eases to a stop and returns.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from installation.latent.slerp import Array, angle, exp_map, length, log_map, slerp

PIECES = 64  # of the table, a segment
EASE = 0.4  # share of the mean speed below which the path counts as turning: 0 would bounce off a turning point


class Path(ABC):
    """``at(progress)``: 0 is the first point, 1 is there again. Points are float64 (n, size)."""

    def __init__(self, points: Array) -> None:
        self.points = len(points)
        self._knots, self._paces = self._measure()

    @abstractmethod
    def _place(self, segment: int, t: float) -> Array:
        """The point at ``t`` in 0..1 of the way from point ``segment`` to the next, (size,)."""

    @abstractmethod
    def _arcs(self, segment: int, t: Array) -> Array:
        """Lengths of the pieces between the ``t`` (n, 1) of a segment, (n - 1,)."""

    def at(self, progress: float) -> Array:
        """The latent at a share of the way round, (size,); any real number, whole turns are dropped."""
        knot = float(np.interp(progress % 1.0, self._paces, self._knots))
        segment = min(int(knot), self.points - 1)
        return self._place(segment, knot - segment)

    def progress(self, knot: float) -> float:
        """The progress at which a knot is passed: 0 the first point, 1 the second, 1.5 between it and the third."""
        return float(np.interp(knot % self.points, self._knots, self._paces))

    def _measure(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Knots on a fine grid, and the progress at each: arc length so far, softened where the path turns back."""
        t = np.linspace(0, 1, PIECES + 1)[:, None]
        arcs = np.concatenate([self._arcs(segment, t) for segment in range(self.points)])
        mean = arcs.mean()
        paces = np.hypot(arcs, EASE * mean) if mean > 0 else np.ones_like(arcs)  # one point: nowhere to go, evenly
        passed = np.concatenate([[0.0], np.cumsum(paces)])
        return np.linspace(0, self.points, len(passed)), passed / passed[-1]


class Loop(Path):
    """On the shell of the points: great arcs for lines, norms blended apart."""

    def __init__(self, points: Array) -> None:
        norms = length(points)
        here = points / norms
        after, before = np.roll(here, -1, axis=0), np.roll(here, 1, axis=0)
        tangent = (log_map(here, after) - log_map(here, before)) / 2
        arriving = np.roll(exp_map(here, -tangent / 3), -1, axis=0)
        self._controls = np.stack([here, exp_map(here, tangent / 3), arriving, after], axis=1)  # (n, 4, size)
        self._norms = norms[:, 0]
        super().__init__(points)

    def _place(self, segment: int, t: float) -> Array:
        a, b = self._norms[segment], self._norms[(segment + 1) % self.points]
        latent: Array = (a + (b - a) * t * t * (3 - 2 * t)) * _bezier(self._controls[segment], t, slerp)
        return latent

    def _arcs(self, segment: int, t: Array) -> Array:
        curve = _bezier(self._controls[segment][:, None], t, slerp)
        return angle(curve[:-1], curve[1:])[:, 0]


class StraightLoop(Path):
    """Straight through: for w, where half-way between two points is their mean."""

    def __init__(self, points: Array) -> None:
        after, before = np.roll(points, -1, axis=0), np.roll(points, 1, axis=0)
        tangent = (after - before) / 2
        arriving = np.roll(points - tangent / 3, -1, axis=0)
        self._controls = np.stack([points, points + tangent / 3, arriving, after], axis=1)
        super().__init__(points)

    def _place(self, segment: int, t: float) -> Array:
        return _bezier(self._controls[segment], t, _lerp)

    def _arcs(self, segment: int, t: Array) -> Array:
        curve = _bezier(self._controls[segment][:, None], t, _lerp)
        return length(np.diff(curve, axis=0))[:, 0]


def _lerp(a: Array, b: Array, t: Array | float) -> Array:
    return a + (b - a) * t


def _bezier(controls: Array, t: Array | float, between: Callable[[Array, Array, Array | float], Array]) -> Array:
    while len(controls) > 1:
        controls = between(controls[:-1], controls[1:], t)
    point: Array = controls[0]
    return point
