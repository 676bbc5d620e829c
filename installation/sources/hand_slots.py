"""Which hand is whose: a hand keeps its side while it stays near where it was, whatever a single frame calls it.

The tracker names each hand anew in every frame and errs when hands cross or turn edge-on. A side remembers its palm for
``MEMORY`` seconds; a detection within ``REACH`` of it takes that side. Only hands that match no memory go by the
tracker's word, the surer one first. A memory can be wrong from the start (half a hand at the picture's edge): one that
the tracker has contradicted for about half a second is given up.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from installation.sources.hand_features import palm, palm_length

if TYPE_CHECKING:
    from installation.types import Vector

SIDES = ("left", "right")
MEMORY = 0.5  # seconds
CONVINCED = 0.4  # seconds, time constant of trust
CONTRADICTED = -0.4
SAME = 0.5  # palm lengths: nearer than this, two detections are one hand seen twice
REACH = 0.25  # of the picture's height: a hand that crosses a picture in half a second moves 7 % a frame at 30 fps


@dataclass(frozen=True, slots=True)
class Detection:
    """One hand as the tracker saw it: isotropic points (21, 3), the side it was called, how sure (0..1)."""

    points: Vector
    side: str
    score: float


@dataclass(slots=True)
class _Memory:
    """Where a side's palm was and when; ``trust`` is -1..1, how far the tracker's own word bears it out."""

    where: Vector
    at: float
    trust: float


class Slots:
    """``assign`` once a frame."""

    def __init__(self) -> None:
        self._memory: dict[str, _Memory] = {}

    def assign(self, detections: list[Detection], at: float) -> dict[str, Detection]:
        """Sides to detections, at most one each; ``at`` is the frame's capture time in seconds."""
        self._memory = {
            side: memory
            for side, memory in self._memory.items()
            if at - memory.at <= MEMORY and memory.trust > CONTRADICTED
        }
        hands = _distinct(sorted(detections, key=lambda hand: -hand.score))[:2]
        best = max(
            (dict(zip(sides, hands, strict=False)) for sides in permutations(SIDES, len(hands))),
            key=lambda pairs: sum(self._fit(side, hand) for side, hand in pairs.items()),
        )
        for side, hand in best.items():
            self._remember(side, hand, at)
        return best

    def _fit(self, side: str, hand: Detection) -> float:
        """Nearness to where that side was, 1..2 within reach; else the tracker's word, at most 0.5."""
        if memory := self._memory.get(side):
            away = float(np.linalg.norm((palm(hand.points) - memory.where)[:2]))
            if away < REACH:
                return 2.0 - away / REACH
        return 0.5 * hand.score if hand.side == side else 0.0

    def _remember(self, side: str, hand: Detection, at: float) -> None:
        word = hand.score if hand.side == side else -hand.score
        trust = word
        if before := self._memory.get(side):
            trust = before.trust + (word - before.trust) * (1 - float(np.exp((before.at - at) / CONVINCED)))
        self._memory[side] = _Memory(palm(hand.points), at, trust)


def _distinct(hands: list[Detection]) -> list[Detection]:
    """Hands without their doubles: of two in one place, the surer."""
    kept: list[Detection] = []
    for hand in hands:
        away = (float(np.linalg.norm((palm(hand.points) - palm(other.points))[:2])) for other in kept)
        if all(distance > SAME * palm_length(hand.points) for distance in away):
            kept.append(hand)
    return kept
