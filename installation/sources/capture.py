"""Ways to get pictures, one class each: a live stream, a film, a sequence of pictures. All give BGR as OpenCV does.

    read() -> (picture, captured at) | None      raises SourceError when it has come to an end or gone

A stream is read as fast as it comes, so nothing queues. Films and sequences keep their own time on the given clock and
leave out what they are late for.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from installation.errors import SourceError
from installation.sources.cameras import Camera
from installation.types import Now

TIMEOUT_MS = 1500  # without it a stalled stream blocks a read for 30 s while it still calls itself open
NAP = 0.05  # the longest single sleep: stopping must not take longer

Captured = tuple[Any, float]


class Capture(Protocol):
    def read(self) -> Captured | None: ...

    def close(self) -> None: ...


def open_capture(camera: Camera, size: tuple[int, int], fps: float, loop: bool, now: Now) -> Capture:
    """Raises SourceError."""
    if camera.form == "pictures":
        return Pictures(camera.pictures, fps, loop, now)
    if camera.form == "film":
        return Film(camera.address, loop, now)
    return Stream(camera, size, fps, now)


class Stream:
    """A camera or a network stream: waits for the next picture."""

    def __init__(self, camera: Camera, size: tuple[int, int], fps: float, now: Now) -> None:
        import cv2

        self._name = camera.address
        self._now = now
        if camera.form == "url":
            self._video = _ffmpeg(camera.address)
            if not self._video.isOpened():
                raise SourceError(f"no stream at {_public(camera.address)}", "is the camera on, and the address right?")
            return
        back_end = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}
        self._video = cv2.VideoCapture(int(camera.address), back_end.get(sys.platform, cv2.CAP_ANY))
        if not self._video.isOpened():
            raise SourceError(f"camera {camera.address} does not open", "another program may hold it")
        # Uncompressed video above 640x480 does not fit USB 2 at 30 fps. A wish: a camera without MJPEG ignores it.
        self._video.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._video.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
        self._video.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
        self._video.set(cv2.CAP_PROP_FPS, fps)
        self._video.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def read(self) -> Captured:
        done, picture = self._video.read()
        if not done:
            raise SourceError(f"no picture from {_public(self._name)} for {TIMEOUT_MS / 1000:g} s")
        return picture, self._now()

    def close(self) -> None:
        self._video.release()


class Film:
    """A video file at its own rate."""

    def __init__(self, path: str, loop: bool, now: Now) -> None:
        import cv2

        self._path, self._loop, self._now = path, loop, now
        self._video = _ffmpeg(path)
        if not self._video.isOpened():
            raise SourceError(f"{path} is not a film that can be played")
        rate = self._video.get(cv2.CAP_PROP_FPS)
        self._rate = rate if 1 <= rate <= 1000 else 25.0
        self._begun = now()
        self._next = 0  # the picture that comes next, counted from the beginning of this turn

    def read(self) -> Captured | None:
        due = self._begun + self._next / self._rate
        if not _wait(due, self._now):
            return None
        late = int((self._now() - due) * self._rate)
        for _ in range(late):  # grab() decodes but does not convert: a film is never slower than its time
            if not self._video.grab():
                break
            self._next += 1
        done, picture = self._video.read()
        if not done:
            self._again()
            return None
        self._next += 1
        return picture, self._begun + (self._next - 1) / self._rate

    def _again(self) -> None:
        if not self._next:
            raise SourceError(f"{self._path} holds no picture")
        if not self._loop:
            raise SourceError(f"{self._path} has ended")
        self._begun += self._next / self._rate
        self._next = 0
        self._video.release()  # opening again is exact where seeking to 0 lands on some key frame
        self._video = _ffmpeg(self._path)

    def close(self) -> None:
        self._video.release()


class Pictures:
    """Single pictures, ``fps`` of them a second."""

    def __init__(self, files: Sequence[Path], fps: float, loop: bool, now: Now) -> None:
        self._files, self._fps, self._loop, self._now = files, fps, loop, now
        self._begun = now()
        self._next = 0

    def read(self) -> Captured | None:
        import cv2

        due = self._begun + self._next / self._fps
        if not _wait(due, self._now):
            return None
        self._next += max(0, int((self._now() - due) * self._fps))
        if self._next >= len(self._files) and not self._loop:
            raise SourceError(f"{self._files[0].parent} has ended")
        path = self._files[self._next % len(self._files)]
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if picture is None:
            raise SourceError(f"{path} is not a picture that can be read")
        at = self._begun + self._next / self._fps
        self._next += 1
        return picture, at

    def close(self) -> None:
        """Nothing is held open."""


def _wait(due: float, now: Now) -> bool:
    """Whether the time has come, after a short sleep at most."""
    early = due - now()
    if early > 0:
        time.sleep(min(early, NAP))
    return now() >= due - 0.001


def _ffmpeg(address: str) -> Any:
    # FFmpeg writes each corrupt packet to stderr; what matters becomes a SourceError. Read by OpenCV at each opening.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    import cv2

    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, TIMEOUT_MS]
    return cv2.VideoCapture(address, cv2.CAP_FFMPEG, limits)


def _public(address: str) -> str:
    """An address without the user and password it may carry: it goes into logs."""
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else f"camera {address}"
