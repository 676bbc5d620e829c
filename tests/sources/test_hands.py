"""A real picture of a hand through the real tracker in its own process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from installation.errors import InstallationError
from installation.library import Library
from installation.signals.bus import Bus
from installation.signals.mailbox import Mailbox
from installation.sources.base import Batch, Place
from installation.sources.feed import ThreadFeed
from installation.sources.hand_model import hand_landmarker_task
from installation.sources.hands import Hands
from installation.types import Channel

PICTURE = Path("/usr/share/doc/opencv-doc/examples/data/right04.jpg")
SETTLE = 12  # frames in which the tracker settles on what it follows and presence has risen


def picture() -> Any:
    assert PICTURE.is_file(), "the tests need Debian's opencv-doc: apt install opencv-doc"
    return cv2.imread(str(PICTURE), cv2.IMREAD_COLOR_RGB)


def moved(image: Any, x: float = 0.0, y: float = 0.0, turn: float = 0.0) -> Any:
    """Shifted by parts of its size and turned clockwise about the hand, in degrees."""
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((466, 280), -turn, 1.0)
    matrix[:, 2] += (x * width, y * height)
    return cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)


class Camera:
    """Gives one picture after another to a hands source, 30 a second of its own time."""

    def __init__(self, **options: Any) -> None:
        self._box = Mailbox(Channel("frame", "image"))
        self._at = 0.0
        place = Place(lambda: self._at, Library(), {"image": self._box})
        self.hands = Hands({"image": "webcam.frame", "confidence": 0.5, "mirrored": False, **options}, place)
        self.hands.open()

    def look(self, image: Any, frames: int = SETTLE) -> dict[str, Any]:
        batch: Batch | None = None
        for _ in range(frames):
            self._at += 1 / 30
            self._box.post(image, self._at)
            batch = self.hands.poll()
            assert batch is not None
            assert batch.at == self._at  # the frame's own capture time
        assert batch is not None
        return dict(batch.values)


@pytest.fixture
def camera() -> Iterator[Camera]:
    made = Camera()
    yield made
    made.hands.close()


def test_the_hand_is_found_on_its_side_and_in_its_place(camera: Camera) -> None:
    found = camera.look(picture())
    assert found["presence"] == found["left.presence"] == 1.0
    assert found["right.presence"] == 0.0
    assert found["count"] == 1
    assert found["left.palm.x"] == pytest.approx(466 / 640, abs=0.04)
    assert found["left.palm.y"] == pytest.approx(1 - 270 / 480, abs=0.04)
    assert found["left.openness"] < 0.35  # it holds a board
    assert "right.palm.x" not in found
    assert found["both"].shape == (126,)
    assert np.abs(found["both"][:63]).max() > 0.3
    assert not found["both"][63:].any()


def test_its_mirror_image_is_the_other_hand(camera: Camera) -> None:
    found = camera.look(np.ascontiguousarray(picture()[:, ::-1]))
    assert found["right.presence"] == 1.0
    assert found["left.presence"] == 0.0
    assert found["right.palm.x"] == pytest.approx(1 - 466 / 640, abs=0.04)


def test_a_mirrored_camera_calls_the_visitors_hand_by_its_name() -> None:
    mirrored = Camera(mirrored=True)
    try:
        found = mirrored.look(np.ascontiguousarray(picture()[:, ::-1]))
    finally:
        mirrored.hands.close()
    assert found["left.presence"] == 1.0


def test_moving_and_turning_the_picture_moves_and_turns_the_hand(camera: Camera) -> None:
    still = camera.look(picture())
    shifted = camera.look(moved(picture(), x=-0.15, y=0.08))
    assert shifted["left.palm.x"] - still["left.palm.x"] == pytest.approx(-0.15, abs=0.02)
    assert shifted["left.palm.y"] - still["left.palm.y"] == pytest.approx(-0.08, abs=0.02)
    turned = camera.look(moved(picture(), turn=20))
    assert turned["left.rotation"] - still["left.rotation"] == pytest.approx(20 / 180, abs=0.04)


def test_a_hand_that_leaves_sinks_to_rest(camera: Camera) -> None:
    there = camera.look(picture())
    empty = np.full((480, 640, 3), 120, np.uint8)
    leaving = camera.look(empty, frames=6)
    assert 0.0 < leaving["presence"] < 1.0
    assert "left.palm.x" not in leaving
    assert 0.3 < np.abs(leaving["both"]).max() / np.abs(there["both"]).max() < 0.9
    gone = camera.look(empty, frames=60)
    assert gone["presence"] == 0.0
    assert np.abs(gone["both"]).max() < 0.01


def test_a_killed_tracker_comes_back_by_itself() -> None:
    bus = Bus()
    bus.declare("webcam", Channel("frame", "image"))
    for channel in Hands.channels({}, Library()):
        bus.declare("hands", channel)
    box = bus.mailbox("webcam.frame")
    assert box is not None
    options = {"image": "webcam.frame", "confidence": 0.5, "mirrored": False}
    hands = Hands(options, Place(time.monotonic, Library(), {"image": box}))
    feed = ThreadFeed("hands", hands, bus, time.monotonic)
    image = picture()

    def until(seen: Any) -> bool:
        for _ in range(600):
            box.post(image, time.monotonic())
            if seen():
                return True
            time.sleep(0.05)
        return False

    def present() -> bool:
        return bool((value := bus.sample(time.monotonic())["hands.presence"].value) and value > 0.9)

    feed.start()
    try:
        assert until(present), feed.health
        first = hands._worker.pid if hands._worker else None
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert until(lambda: feed.health.state == "failed")
        assert "died" in feed.health.detail
        assert until(lambda: feed.health.state == "ok" and present())
    finally:
        feed.stop()


def test_the_model_is_assembled_once_and_its_bytes_are_the_same_everywhere() -> None:
    task = hand_landmarker_task(Library())
    before = task.stat().st_mtime_ns
    assert hand_landmarker_task(Library()) == task
    assert task.stat().st_mtime_ns == before
    assert task.stat().st_size == pytest.approx(7.82e6, rel=0.01)


def test_without_its_model_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    with pytest.raises(InstallationError, match="installation models get hand-landmarker"):
        hand_landmarker_task(Library())
