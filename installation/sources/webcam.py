"""A camera: plugged in, on the network, or played from a film or pictures.

    frame   (h, w, 3) uint8 RGB, always of the asked size: cropped to its shape about the centre, never squeezed
    rate    pictures a second that really come

A camera that is missing, stalls or is unplugged is an error here and a stale channel in the show; it is opened again
until it is back (feed.py). Reading waits in C without holding the interpreter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from installation.errors import InstallationError, SourceError
from installation.library import Library
from installation.params import Param
from installation.sources import cameras
from installation.sources.base import Batch, Place, Source
from installation.sources.capture import Capture, open_capture
from installation.types import Channel

if TYPE_CHECKING:
    from installation.types import Pixels

SETTLE = 0.1  # weight of the newest interval in the measured rate


class Webcam(Source):
    """A camera: index, name or path; or a stream, a film, a folder of pictures."""

    params = (
        Param("device", "text", "0", help="index, part of its name, file, folder or frames/*.png, http:// or rtsp://"),
        Param("size", "size", (640, 480), help="size of the pictures it sends"),
        Param("fps", "float", 30.0, 1.0, 240.0, unit="Hz", help="rate to ask of a camera; pace of single pictures"),
        Param("mirror", "bool", False, help="left and right exchanged, as people know themselves"),
        Param("crop", "numbers", (0.0, 0.0, 1.0, 1.0), 0.0, 1.0, help="part of the picture: [x, y, width, height]"),
        Param("loop", "bool", True, help="a film or pictures begin again at the end"),
    )

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        super().__init__(options, place)
        self._capture: Capture | None = None
        self._crop = _crop(options)
        self._last: float | None = None
        self._interval = 1 / options["fps"]

    @classmethod
    def channels(cls, options: Mapping[str, Any], library: Library) -> tuple[Channel, ...]:
        _crop(options)
        width, height = options["size"]
        return (
            Channel("frame", "image", help=f"{width}x{height} pictures"),
            Channel("rate", high=240.0, unit="Hz", help="pictures a second that really come"),
        )

    @classmethod
    def missing(cls, options: Mapping[str, Any]) -> str:
        try:
            cameras.find(options["device"])
        except SourceError as error:
            return error.message
        return ""

    def open(self) -> None:
        import cv2

        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # a missing device is told by us, once
        camera = cameras.find(self.options["device"])
        self._capture = open_capture(
            camera, self.options["size"], self.options["fps"], self.options["loop"], self.place.now
        )
        self._last = None

    def poll(self) -> Batch | None:
        assert self._capture is not None
        captured = self._capture.read()
        if captured is None:
            return None
        picture, at = captured
        if self._last is not None and at > self._last:
            self._interval += SETTLE * (at - self._last - self._interval)
        self._last = at
        frame = framed(picture, self.options["size"], self._crop, self.options["mirror"])
        return Batch({"frame": frame, "rate": 1 / self._interval}, at)

    def close(self) -> None:
        if self._capture is not None:
            self._capture.close()
            self._capture = None


def framed(bgr: Any, size: tuple[int, int], crop: tuple[float, ...], mirror: bool) -> Pixels:
    """A new RGB picture of exactly ``size`` from the asked part of a camera's."""
    import cv2
    import numpy as np

    height, width = bgr.shape[:2]
    x, y, w, h = crop[0] * width, crop[1] * height, crop[2] * width, crop[3] * height
    aspect = size[0] / size[1]
    cut_w, cut_h = min(w, h * aspect), min(h, w / aspect)
    left, top = round(x + (w - cut_w) / 2), round(y + (h - cut_h) / 2)
    part = bgr[top : top + max(1, round(cut_h)), left : left + max(1, round(cut_w))]
    if part.shape[1::-1] != size:
        shrinking = part.shape[1] > size[0]
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR)
    rgb = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_BGR2RGB)
    return np.ascontiguousarray(rgb[:, ::-1]) if mirror else rgb


def _crop(options: Mapping[str, Any]) -> tuple[float, ...]:
    crop = tuple(options["crop"])
    if len(crop) != 4 or min(crop[2:]) <= 0 or crop[0] + crop[2] > 1 + 1e-6 or crop[1] + crop[3] > 1 + 1e-6:
        raise InstallationError(
            f"crop: {list(crop)} is no part of a picture", "write [x, y, width, height] in 0..1, as [0.25, 0, 0.5, 1]"
        )
    return crop
