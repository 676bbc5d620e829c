"""One side's hand over time: its presence, its vector, and a palm that cannot jump.

A tracker loses hands, finds them in somebody's face and sees one twice. What follows here is bounded whatever it says:
the palm moves ``FASTEST`` at most, the vector ``QUICKEST``; a waving hand stays below both, so only what no hand can
do is held back, and a hand that comes in takes a tenth of a second to be there altogether. Lost, it sinks to rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from installation.sources.hand_channels import FARTHEST, FASTEST, GONE
from installation.sources.hand_features import VECTOR, features, palm, pose

if TYPE_CHECKING:
    from installation.types import Vector

ATTACK, RELEASE = 0.1, 0.3  # seconds presence takes from 0 to 1 and back: one lost frame is no farewell
QUICKEST = 12.0  # palm lengths a second, of each component of the vector: a fist opens in a tenth of a second
SINK = 0.35  # seconds, time constant of a vector whose hand has left


class Track:
    """Called once a frame. ``palm`` is (3,) in picture heights, y up, None while no hand is seen."""

    def __init__(self) -> None:
        self.presence = 0.0
        self.vector: Vector = np.zeros(VECTOR, np.float32)
        self.palm: Vector | None = None
        self._last: Vector | None = None  # where the palm was, for as long as it may be the same hand
        self._lost = 0.0  # seconds since

    def __call__(self, points: Vector | None, aspect: float, dt: float) -> dict[str, Any]:
        """What this side says of its points (21, 3), ``dt`` seconds after the frame before; only presence if None."""
        step = -dt / RELEASE if points is None else dt / ATTACK
        self.presence = min(max(self.presence + step, 0.0), 1.0)
        if points is None:
            return {"presence": self._sink(dt)}
        points, velocity = self._follow(points, dt)
        most = QUICKEST * dt
        # A new array each time: the one before is still read by others.
        wanted = np.clip(pose(points), -FARTHEST, FARTHEST)
        self.vector = self.vector + np.clip(wanted - self.vector, -most, most).astype(np.float32)
        return {"presence": self.presence, "velocity": velocity, **features(points, aspect)}

    def _sink(self, dt: float) -> float:
        self.palm = None
        self._lost += dt
        self.vector = (self.vector * np.exp(-dt / SINK)).astype(np.float32)
        return self.presence

    def _follow(self, points: Vector, dt: float) -> tuple[Vector, float]:
        """The points where they can have got to, and the palm's speed; a hand begins wherever it is seen, at rest."""
        seen, since = palm(points), self._lost + dt
        self._lost = 0.0
        if self._last is None or since <= 0 or since > GONE:
            self.palm = self._last = seen
            return points, 0.0
        way = seen - self._last
        length = float(np.linalg.norm(way[:2]))
        part = min(1.0, FASTEST * since / length) if length > 0 else 1.0
        self.palm = self._last = self._last + part * way
        return points + (self.palm - seen), part * length / since
