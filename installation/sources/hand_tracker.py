"""MediaPipe's HandLandmarker (Tasks), as the work of a worker process. Zhang et al. 2020, MediaPipe Hands.

VIDEO mode: the palm is searched for once and then followed from frame to frame, which is cheaper and steadier than a
search in every frame. It wants times that rise; any will do, so it gets a frame counter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from installation.types import Pixels

FRAME_MS = 33


class HandTracker:
    """Called with a frame (h, w, 3) RGB; gives a list of hands: side, score, 21 points of x, y, z in 0..1."""

    def __init__(self, task: str, confidence: float) -> None:
        from mediapipe.tasks.python import BaseOptions, vision

        options = vision.HandLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=task),
            running_mode=vision.RunningMode.VIDEO,
            num_hands=2,
            min_hand_detection_confidence=confidence,
            min_hand_presence_confidence=confidence,
            min_tracking_confidence=confidence,
        )
        self._landmarker = vision.HandLandmarker.create_from_options(options)
        self._frames = 0

    def __call__(self, frame: Pixels) -> list[dict[str, Any]]:
        import mediapipe
        import numpy as np

        self._frames += 1
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(frame))
        found = self._landmarker.detect_for_video(image, self._frames * FRAME_MS)
        return [
            {
                "side": names[0].category_name.lower(),
                "score": round(names[0].score, 4),
                "points": [[round(point.x, 5), round(point.y, 5), round(point.z, 5)] for point in points],
            }
            for names, points in zip(found.handedness, found.hand_landmarks, strict=True)
        ]
