"""What happens on the painted table: two hands come, push things about and go, in a play that begins again.

Everything is a function of the time alone. Places are pixels of a 480 line picture from its middle, x to the right, y
down, times seconds of the play; between two of its times a thing moves with a quintic ease (Flash and Hogan 1985: the
minimum-jerk path that hands take), so speed and acceleration have no steps.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np

from installation.sources import painted_shapes as shapes
from installation.sources.painted_table import Thing, lay, table, thing

if TYPE_CHECKING:
    from installation.types import Pixels

PLAY = 32.0  # seconds

Moment = tuple[float, float, float, float]  # time, x, y, degrees anticlockwise

LETTER: Sequence[Moment] = [
    (2.5, -150, 62, 9), (5.0, -96, 40, -4), (7.0, -96, 40, -4), (10.0, -168, 22, 14),
    (26.0, -168, 22, 14), (30.0, -150, 62, 9),
]  # fmt: skip
ORANGE: Sequence[Moment] = [
    (0.0, 150, -96, 0), (12.0, 150, -96, 0), (16.0, 66, -114, 48), (20.0, 66, -114, 48), (23.5, 118, -60, -10),
    (27.0, 118, -60, -10), (31.0, 150, -96, 0),
]  # fmt: skip
LEAF: Sequence[Moment] = [
    (0.0, 196, 104, 24), (9.0, 196, 104, 24), (11.5, 178, 124, 52), (28.0, 178, 124, 52), (31.5, 196, 104, 24),
]  # fmt: skip
LEFT_HAND: Sequence[Moment] = [
    (0.0, -260, 330, -24), (2.5, -176, 112, -14), (5.0, -122, 90, -22), (7.0, -124, 88, -22), (10.0, -196, 72, -6),
    (12.0, -206, 92, -4), (15.0, -276, 372, -26), (24.0, -276, 372, -26), (26.0, -196, 72, -10),
    (30.0, -178, 112, -14), (32.0, -260, 330, -24),
]  # fmt: skip
RIGHT_HAND: Sequence[Moment] = [
    (0.0, 330, 330, 40), (8.5, 330, 330, 40), (12.0, 216, -58, 46), (16.0, 132, -78, 58), (18.0, 144, -46, 44),
    (20.0, 106, -36, 34), (23.5, 162, 14, 30), (25.5, 190, 40, 34), (27.5, 168, -14, 30), (29.5, 330, 330, 40),
]  # fmt: skip


class Scene:
    """``at(t)`` is a new picture of the table at any time: (h, w, 3) RGB."""

    def __init__(self, width: int, height: int) -> None:
        self._scale = height / 480
        self._middle = width / 2, height / 2
        self._table = table(width, height)
        skin = (0.80, 0.56, 0.44)
        for still, x, y, degrees in (
            (thing(shapes.cup(54, (0.87, 0.90, 0.93)), 9), -34, -158, 0),
            (thing(shapes.flower(50, (0.84, 0.22, 0.40), 6, 5), 8), 262, -176, 12),
            (thing(shapes.stone(34, (0.50, 0.52, 0.56), 2), 10), 56, 146, 0),
            (thing(shapes.stone(20, (0.55, 0.42, 0.36), 9), 7), -4, 206, 30),
        ):
            self._lay(self._table, still, (x, y, degrees))
        self._moving: list[tuple[Thing, Sequence[Moment]]] = [
            (thing(shapes.paper(190, 140, 3), 2), LETTER),
            (thing(shapes.leaf(128, (0.33, 0.55, 0.20), 4), 4), LEAF),
            (thing(shapes.fruit(40, (0.96, 0.58, 0.13), 1), 15), ORANGE),
            (thing(shapes.hand(0.92, skin, (0.20, 0.28, 0.50), True, 7), 13), LEFT_HAND),
            (thing(shapes.hand(0.92, skin, (0.52, 0.20, 0.19), False, 8), 13), RIGHT_HAND),
        ]

    def at(self, t: float) -> Pixels:
        frame: Pixels = self._table.copy()
        self._cable(frame, t)
        for it, moments in self._moving:
            self._lay(frame, it, place(moments, t))
        return frame

    def _lay(self, frame: Pixels, it: Thing, where: tuple[float, float, float]) -> None:
        x, y = self._middle[0] + where[0] * self._scale, self._middle[1] + where[1] * self._scale
        lay(frame, it, x, y, where[2], self._scale)

    def _cable(self, frame: Pixels, t: float) -> None:
        """It runs in at the upper left and off below, and follows the hands a little."""
        pull = place(LEFT_HAND, t)
        s = np.linspace(0, 1, 60)
        x = -340 + 150 * s + 46 * np.sin(5.4 * s + 0.3) + 0.05 * (pull[0] + 200) * np.sin(np.pi * s)
        y = -250 + 520 * s + 34 * np.sin(7.5 * s + 1.0) + 0.03 * (pull[1] - 200) * np.sin(np.pi * s)
        line = np.stack((x, y), 1) * self._scale + self._middle
        for shift, thick, color in (
            ((5.0, 6.0), 8.0, (52, 36, 26)),
            ((0.0, 0.0), 8.0, (38, 38, 42)),
            ((-1.6, -1.8), 2.0, (128, 132, 140)),
        ):
            dots = np.rint((line + np.multiply(shift, self._scale)) * 16).astype(np.int32)
            cv2.polylines(frame, [dots], False, color, max(1, round(thick * self._scale)), cv2.LINE_AA, 4)


def place(moments: Sequence[Moment], t: float) -> tuple[float, float, float]:
    """Where a thing is at a time, and how it is turned. The last moment leads over to the first of the next play."""
    t %= PLAY
    after = bisect_right(moments, (t, np.inf))
    before = moments[after - 1]
    following = moments[after % len(moments)]
    lasts = (following[0] - before[0]) % PLAY or PLAY
    u = ((t - before[0]) % PLAY) / lasts
    eased = u * u * u * (u * (6 * u - 15) + 10)
    x, y, degrees = (a + (b - a) * eased for a, b in zip(before[1:], following[1:], strict=True))
    return x, y, degrees
