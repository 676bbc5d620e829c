"""Borders as lines, in dots of a picture: (n, 2) x and y, 0 its left upper corner, evened out along their length.

Where the borders of several levels run together (the sea meets the sand, with nothing of what is between them) they
are one line: each level gives only what none before it has given.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EVEN = 5.0  # dots along a line
TOGETHER = 3  # dots: borders nearer than that are one
PIECE = 16  # dots: what is shorter of a line between two others is a quiver
JOIN = 6  # points that a line goes on where it meets another
AHEAD = 8  # points that tell where a line is going


class Traced:
    """Remembers what it has given. ``size`` is that of the picture, (h, w)."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._given = np.zeros(size, np.uint8)

    def around(self, mask: NDArray[np.uint8], shortest: float) -> list[tuple[Array, bool]]:
        """Lines around what is 1, and whether each comes round; the picture's own edge is none."""
        import cv2

        found, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        known = cv2.dilate(self._given, np.ones((2 * TOGETHER + 1, 2 * TOGETHER + 1), np.uint8)) > 0
        long = [contour[:, 0] for contour in found if _length(contour[:, 0], True) >= shortest]
        lines = [line for contour in long for line in _cut(contour, known)]
        lines = [(way, closed) for way, closed in lines if _length(way, closed) >= PIECE]
        for way, _ in lines:
            self._given[way[:, 1], way[:, 0]] = 1
        size = np.array(mask.shape[::-1], np.float64)
        return [
            (_evened(way, closed) if closed else _to_edge(_evened(way, closed), size), closed) for way, closed in lines
        ]


def _cut(points: NDArray[np.int32], known: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.int32], bool]]:
    """What of a contour is neither known nor on the edge, in one piece or several."""
    tall, wide = known.shape
    edge = ((points == 0) | (points == (wide - 1, tall - 1))).any(axis=1)
    old = edge | known[points[:, 1], points[:, 0]]
    if not old.any():
        yield points, True
        return
    # Begun where it is old, so that no line is cut where the contour happens to begin.
    start, count = int(np.argmax(old)), len(points)
    old, edge = np.roll(old, -start), np.roll(edge, -start)
    turns = np.flatnonzero(np.diff(old.astype(np.int8), append=1))
    for leaves, returns in zip(turns[::2], turns[1::2] + 1, strict=True):
        # Up to the edge, or a little into the line that is there already.
        first = leaves if edge[leaves] else leaves - JOIN
        last = returns if edge[returns % count] else returns + JOIN
        yield points[(np.arange(first, last + 1) + start) % count], False


def _evened(way: NDArray[np.int32], closed: bool) -> Array:
    """A Gaussian along the line through the middles of its dots; the ends of an open one stay where they are."""
    points: Array = way.astype(np.float64) + 0.5
    reach = int(3 * EVEN)
    if len(points) < 3:
        return points
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / EVEN) ** 2)
    weights /= weights.sum()
    if closed:
        padded = np.take(points, np.arange(-reach, len(points) + reach), axis=0, mode="wrap")
    else:
        inner = np.arange(1, reach + 1).clip(max=len(points) - 1)
        padded = np.concatenate([2 * points[0] - points[inner[::-1]], points, 2 * points[-1] - points[-1 - inner]])
    return np.stack([np.convolve(padded[:, axis], weights, "valid") for axis in (0, 1)], axis=1)


def _to_edge(way: Array, size: Array) -> Array:
    """An end in the outermost dots goes on to the picture's edge, the way it was going."""
    made = way.copy()
    for end, inner in ((0, AHEAD), (-1, -1 - AHEAD)):
        here = way[end]
        edge = np.where(here <= 1, 0.0, np.where(here >= size - 1, size, np.nan))
        axis = int(np.isfinite(edge).argmax())
        if not np.isfinite(edge[axis]):
            continue
        going = here - way[inner] if len(way) > AHEAD else np.zeros(2)
        steep = abs(going[axis]) > 0.2 * np.abs(going).max()
        made[end] = here + going * ((edge[axis] - here[axis]) / going[axis]) if steep else here
        made[end, axis] = edge[axis]
    return made


def _length(way: NDArray[np.int32], closed: bool) -> float:
    steps = np.diff(way, axis=0, append=way[:1]) if closed else np.diff(way, axis=0)
    return float(np.hypot(*steps.T).sum())
