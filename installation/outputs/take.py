"""Writes a take: the news of every tick, and camera pictures where asked, so that the show can be played again.

The format is in takes.py. Encoding and writing are a thread's work. When the disk is slower than the show, the news of
a tick stays pending and goes out with a later one: numbers come late or are overtaken by newer ones, as in a mailbox,
and what was dropped is counted. Every line reaches the system at once, so a killed process leaves a readable take.
"""

from __future__ import annotations

import logging
import math
import os
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from installation import takes
from installation.errors import OutputError
from installation.outputs.base import Output, Place
from installation.params import REQUIRED, Param
from installation.types import Channel, Health, Params, Sample, Signals, Stage, Tick

log = logging.getLogger(__name__)

PENDING = 32  # ticks between the loop and the disk: at most 30 MB of 640x480 pictures
JPEG_QUALITY = 90


class TakeWriter(Output):
    """Writes the signals of a performance, to perform it again."""

    params = (
        Param("to", "path", REQUIRED, help="folder of the take; made if missing, never overwritten"),
        Param("frames", "bool", False, help="keep camera pictures too"),
        Param("licence", "text", "", help="under which terms others may use the take"),
        Param("note", "text", "", help="what it shows, and where it comes from"),
    )

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        super().__init__(options, place)
        self._folder = Path(options["to"])
        self._header = takes.Header(
            place.fps, None, _kept(place.channels, options["frames"]), place.title, options["licence"], options["note"]
        )
        self._seen: dict[str, int] = {}  # seq of each address's last written sample
        self._zero: float | None = None
        self._seconds = 0.0
        self._images = 0
        self.dropped = 0  # ticks whose news had to wait because the writer was behind
        self.refused = 0  # values that were not finite, or not what their channel declares
        self._begin()
        self._queue: queue.Queue[list[takes.Line] | None] = queue.Queue(PENDING)
        self._thread = threading.Thread(target=self._write, name="take writer", daemon=True)
        self._thread.start()

    def see(self, tick: Tick, signals: Signals, params: Params, stage: Stage) -> None:
        if self._zero is None:
            self._zero = tick.now
        t = tick.now - self._zero
        news = {a: s for a in signals if self._header.channel(a) and (s := signals[a]).seq != self._seen.get(a, 0)}
        if self.health.state != "failed" and news and self._put(self._lines(t, news)):
            self._seen.update((address, sample.seq) for address, sample in news.items())
        self._seconds = t + 1 / self.place.fps

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()
        if self.health.state != "failed":
            self._save_header(self._seconds)

    def _begin(self) -> None:
        try:
            if (self._folder / takes.HEADER).exists():
                raise OutputError(f"{self._folder} already holds a take", "name another folder, or remove this one")
            self._folder.mkdir(parents=True, exist_ok=True)
            self._save_header(None)
            self._file = (self._folder / takes.SIGNALS).open("w", encoding="utf-8")
        except OSError as error:
            raise OutputError(f"cannot write a take to {self._folder}: {error.strerror}") from error

    def _save_header(self, seconds: float | None) -> None:
        text = takes.write_header(replace(self._header, seconds=None if seconds is None else round(seconds, 9)))
        beside = self._folder / f".{takes.HEADER}"  # written beside and moved: there is always a whole header
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, self._folder / takes.HEADER)

    def _lines(self, t: float, news: Mapping[str, Sample]) -> list[takes.Line]:
        """One line for each moment the news is of: a source's values share theirs."""
        moments: dict[float, dict[str, Any]] = {}
        for address, sample in news.items():
            moments.setdefault(sample.at - (self._zero or 0.0), {})[address] = sample.value
        return [takes.Line(t, at, values, {}) for at, values in sorted(moments.items())]

    def _put(self, lines: list[takes.Line]) -> bool:
        try:
            self._queue.put(lines, block=not self.place.live)
        except queue.Full:
            self.dropped += 1
            self.health = Health("slow", f"{self.dropped} ticks had to wait for the disk")
            return False
        return True

    def _write(self) -> None:
        for lines in iter(self._queue.get, None):
            if self.health.state != "failed":
                self._guarded(partial(self._append, lines))
        self._guarded(self._file.close)

    def _append(self, lines: list[takes.Line]) -> None:
        for line in lines:
            self._file.write(takes.write_line(self._encoded(line)))
        self._file.flush()

    def _guarded(self, action: Callable[[], None]) -> None:
        """A full disk costs the take, never the show; and the queue is emptied to its end whatever happens."""
        try:
            action()
        except OSError as error:
            self.health = Health("failed", f"cannot write the take: {error.strerror or error}")
        except Exception as error:
            log.exception("the take writer broke")
            self.health = Health("failed", f"{type(error).__name__}: {error}")

    def _encoded(self, line: takes.Line) -> takes.Line:
        values: dict[str, Any] = {}
        frames: dict[str, int] = {}
        for address, value in line.values.items():
            channel = self._header.channel(address)
            if channel and channel.kind == "image":
                frames[address] = self._save_image(address, value)
            elif channel and _lawful(value, channel):
                values[address] = value
            else:
                self.refused += 1
        return replace(line, values=values, frames=frames)

    def _save_image(self, address: str, pixels: Any) -> int:
        import cv2

        path = takes.frame_path(self._folder, address, self._images)
        path.parent.mkdir(parents=True, exist_ok=True)
        quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
        done, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), quality)
        if not done:
            raise OSError(f"cannot encode a picture of {address}")
        path.write_bytes(data.tobytes())
        self._images += 1
        return self._images - 1


def _kept(channels: Mapping[str, Channel], frames: bool) -> dict[str, Channel]:
    return {address: channel for address, channel in channels.items() if frames or channel.kind != "image"}


def _lawful(value: Any, channel: Channel) -> bool:
    """Whether a reader will take it: what a source sends by mistake must not spoil the whole take."""
    if not hasattr(value, "__len__"):
        return channel.kind != "vector" and math.isfinite(value)
    import numpy as np

    vector = np.asarray(value)
    right = vector.size == channel.size if channel.kind == "vector" else channel.name.endswith("*")
    return bool(right and vector.dtype.kind in "fiub" and np.isfinite(vector).all())
