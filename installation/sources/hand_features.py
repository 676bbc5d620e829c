"""What a hand says, from its 21 landmarks (MediaPipe's order: 0 wrist, 4 8 12 16 20 the tips, 5 9 13 17 the knuckles).

Landmarks come as (21, 3) float32: x right and y down in 0..1 of the picture, z towards the camera in the scale of x.
Here they become isotropic (units of the picture's height, y up), and every figure is relative to the palm, so that a
child's hand and a grown-up's, near and far, say the same.

    palm.x, palm.y   centre of wrist and knuckles, 0..1 of the picture, y up
    palm.z           nearness: the palm's length, 5 % of the picture's height is 0, 45 % is 1
    rotation         -1..1 half turns from upright, clockwise positive
    openness         0 a fist, 1 four fingers stretched: how much farther than its knuckle each tip is from the wrist
    pinch            1 thumb and index tip touch, 0 they are a palm's length apart
    spread           0 fingers together or a fist, 1 fanned out: the mean angle between neighbours, 4 to 20 degrees
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from installation.types import Vector

POINTS = 21
VECTOR = 3 * POINTS
WRIST, THUMB_TIP, INDEX_TIP, MIDDLE_KNUCKLE = 0, 4, 8, 9
KNUCKLES = (5, 9, 13, 17)
JOINTS = (6, 10, 14, 18)  # the middle ones: a bent finger's first bone still shows where it points
TIPS = (8, 12, 16, 20)
PALM = (0, 5, 9, 13, 17)

FAR, NEAR = 0.05, 0.45  # palm lengths, of the picture's height
CURLED, STRETCHED = 0.75, 1.85  # tip to wrist over knuckle to wrist
TOUCHING, APART = 0.15, 0.95  # thumb tip to index tip, palm lengths
CLOSED, FANNED = np.radians(4.0), np.radians(20.0)


def isotropic(landmarks: Vector, aspect: float) -> Vector:
    """Landmarks in units of the picture's height, y up; ``aspect`` is width / height."""
    points: Vector = landmarks * np.array([aspect, -1.0, -aspect], np.float32) + np.array([0, 1, 0], np.float32)
    return points


def palm(points: Vector) -> Vector:
    """The palm's centre, (3,)."""
    centre: Vector = points[list(PALM)].mean(axis=0)
    return centre


def palm_length(points: Vector) -> float:
    """Wrist to the middle finger's knuckle; never 0, so that it can divide."""
    return max(float(np.linalg.norm(points[MIDDLE_KNUCKLE] - points[WRIST])), 1e-4)


def features(points: Vector, aspect: float) -> dict[str, float]:
    """Every figure of the table above, from isotropic points."""
    centre, length = palm(points), palm_length(points)
    up = points[MIDDLE_KNUCKLE] - points[WRIST]
    return {
        "palm.x": float(np.clip(centre[0] / aspect, 0.0, 1.0)),
        "palm.y": float(np.clip(centre[1], 0.0, 1.0)),
        "palm.z": between(length, FAR, NEAR),
        "rotation": float(np.arctan2(up[0], up[1]) / np.pi),
        "openness": (openness := _openness(points)),
        "pinch": 1.0 - between(float(np.linalg.norm(points[THUMB_TIP] - points[INDEX_TIP])) / length, TOUCHING, APART),
        # A fist's fingers point anywhere: only as far as they are stretched can they be fanned out.
        "spread": min(1.0, 2 * openness) * _spread(points),
    }


def pose(points: Vector) -> Vector:
    """The hand's shape and turn, (63,) float32: landmarks about the palm's centre, in palm lengths."""
    return ((points - palm(points)) / palm_length(points)).astype(np.float32).ravel()


def between(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))


def _openness(points: Vector) -> float:
    tips = np.linalg.norm(points[list(TIPS)] - points[WRIST], axis=1)
    knuckles = np.linalg.norm(points[list(KNUCKLES)] - points[WRIST], axis=1)
    return between(float((tips / np.maximum(knuckles, 1e-4)).mean()), CURLED, STRETCHED)


def _spread(points: Vector) -> float:
    fingers = points[list(JOINTS)] - points[list(KNUCKLES)]
    fingers = fingers / np.maximum(np.linalg.norm(fingers, axis=1, keepdims=True), 1e-4)
    angles = np.arccos(np.clip((fingers[:-1] * fingers[1:]).sum(axis=1), -1.0, 1.0))
    return between(float(angles.mean()), CLOSED, FANNED)
