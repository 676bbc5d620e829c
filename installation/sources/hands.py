"""Both hands of a visitor, from a camera's picture, through MediaPipe in a process of its own.

``left`` is the visitor's left hand. A camera that faces a visitor is usually mirrored (``webcam: {mirror: true}``), so
that moving right goes right; then ``mirrored: true``, the default, tells the sides apart rightly.

A hand that is not there sends no numbers: its channels go stale and ``else`` in a mapping speaks. Presence is always
sent. The vectors are always sent too, and sink to zero in about a second when a hand leaves, so that what they steer
comes to rest instead of freezing. Values are as the tracker gives them, but for jumps that no hand can make (see
hand_track.py): smooth them in the mapping (one_euro).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.library import Library
from installation.params import REQUIRED, Param
from installation.sources.base import Batch, Place, Source
from installation.sources.hand_channels import CHANNELS
from installation.sources.hand_features import isotropic
from installation.sources.hand_model import MODEL, hand_landmarker_task
from installation.sources.hand_slots import SIDES, Detection, Slots
from installation.sources.hand_track import Track
from installation.sources.worker import Worker
from installation.types import Channel

if TYPE_CHECKING:
    from installation.types import Vector

NAP = 0.004  # seconds between two looks for a new frame
OTHER = {"left": "right", "right": "left"}


class Hands(Source):
    """Both hands: presence, palm, rotation, openness, pinch, spread, velocity, and vectors for a latent."""

    params: ClassVar[tuple[Param, ...]] = (
        Param("image", "signal", REQUIRED, unit="image", help="the picture to look at, such as webcam.frame"),
        Param(
            "confidence", "float", 0.5, 0.1, 0.95, help="how sure the tracker must be; lower finds more, also ghosts"
        ),
        Param("mirrored", "bool", True, help="the picture is mirrored, so that the visitor's left is on the left"),
    )

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        super().__init__(options, place)
        self._worker: Worker | None = None
        self._seq = 0
        self._forget()

    @classmethod
    def channels(cls, options: Mapping[str, Any], library: Library) -> tuple[Channel, ...]:
        return CHANNELS

    @classmethod
    def needs(cls, options: Mapping[str, Any]) -> tuple[str, ...]:
        return (MODEL,)

    def open(self) -> None:
        task = hand_landmarker_task(self.place.library)
        self._worker = Worker(
            "installation.sources.hand_tracker:HandTracker",
            {"task": str(task), "confidence": self.options["confidence"]},
        )
        self._worker.start()
        self._forget()

    def poll(self) -> Batch | None:
        sample = self.place.inputs["image"].newest
        if sample.seq == self._seq or self._worker is None:
            time.sleep(NAP)
            return None
        self._seq = sample.seq
        frame = sample.value
        aspect = frame.shape[1] / frame.shape[0]
        found = [self._detection(hand, aspect) for hand in self._worker(frame)]
        return Batch(self._values(self._slots.assign(found, sample.at), aspect, sample.at), sample.at)

    def close(self) -> None:
        if self._worker:
            self._worker.stop()
            self._worker = None

    def _forget(self) -> None:
        self._slots = Slots()
        self._tracks = {side: Track() for side in SIDES}
        self._at: float | None = None

    def _detection(self, hand: Mapping[str, Any], aspect: float) -> Detection:
        side = OTHER[hand["side"]] if self.options["mirrored"] else hand["side"]
        return Detection(isotropic(np.array(hand["points"], np.float32), aspect), side, hand["score"])

    def _values(self, hands: Mapping[str, Detection], aspect: float, at: float) -> dict[str, Any]:
        dt = 0.0 if self._at is None else max(at - self._at, 0.0)
        self._at = at
        values: dict[str, Any] = {"count": float(len(hands))}
        for side, track in self._tracks.items():
            hand = hands.get(side)
            said = track(hand.points if hand else None, aspect, dt)
            values |= {f"{side}.{name}": value for name, value in said.items()}
            values[side] = track.vector
        left, right = (self._tracks[side] for side in SIDES)
        values["presence"] = max(left.presence, right.presence)
        values["both"] = np.concatenate([left.vector, right.vector])
        if left.palm is not None and right.palm is not None:
            values |= _between_hands(left.palm, right.palm, aspect)
        return values


def _between_hands(left: Vector, right: Vector, aspect: float) -> dict[str, float]:
    """Their distance, in widths of the picture, and the slope of the line from left to right in half turns."""
    across = right - left
    distance = float(np.linalg.norm(across[:2])) / aspect
    return {"both.distance": min(distance, 1.0), "both.angle": float(np.arctan2(across[1], across[0]) / np.pi)}
