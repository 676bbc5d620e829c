"""The tracker's model: two networks of an older MediaPipe wheel, put together as today's Tasks expect them.

A ``.task`` file is a stored zip. Today's wheels bring none, but ``hand_landmarker.task`` is no more than the palm
detector and the landmark network under the names below. Kept at ``<cache>/models/hand-landmarker/<hash>.task``.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

from installation.checkpoints import card as cards
from installation.errors import ModelError
from installation.files import write_atomically
from installation.library import Library, cache_dir

MODEL = "hand-landmarker"
NAMES = {
    "palm_detection_full.tflite": "hand_detector.tflite",
    "hand_landmark_full.tflite": "hand_landmarks_detector.tflite",
}
DATE = (1980, 1, 1, 0, 0, 0)  # a zip stores dates: a fixed one makes the file the same bytes everywhere


def hand_landmarker_task(library: Library) -> Path:
    """The assembled model. Raises ModelError when the card's files have not been fetched."""
    card = cards.load(MODEL, library)
    if card.missing():
        raise ModelError("the hand tracker's model is not here", f"fetch it: installation models get {MODEL}")
    version = hashlib.sha256("".join(weight.sha256 for weight in card.weights).encode()).hexdigest()[:16]
    task = cache_dir("models", MODEL) / f"{version}.task"
    if not task.is_file():
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as file:
            for weight in card.weights:
                path = weight.path()
                file.writestr(zipfile.ZipInfo(NAMES[path.name], DATE), path.read_bytes())
        write_atomically(task, held.getvalue())
    return task
