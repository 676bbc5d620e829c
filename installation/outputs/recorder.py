"""Records what the stage shows as a film: H.264 in a fragmented mp4, yuv420p, BT.709 limited range, no sound.

The stage's shader makes the planes; they are copied once into the encoder's frame and never converted. Encoding and
writing are a thread's work, 8 frames behind at most: live, a frame that finds the queue full is dropped and counted,
and its slot stays empty, so the film keeps the show's time. Offline the show waits instead.

The file needs no proper end: its index comes first, empty, and every second of film brings its own (ISO/IEC 14496-12,
movie fragments). What a killed process loses is the last fragment and what the encoder still looked ahead into.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from installation.errors import OutputError
from installation.outputs.base import Output, Place
from installation.params import REQUIRED, Param
from installation.types import Health, Params, Signals, Stage, Tick

if TYPE_CHECKING:
    from installation.types import Pixels

log = logging.getLogger(__name__)

PENDING = 8  # frames between the loop and the encoder: 11 MB at 720p
KEYFRAMES = 2.0  # seconds between them: how coarsely a player can seek
MP4 = {
    "movflags": "empty_moov+frag_keyframe+default_base_moof",
    "frag_duration": "1000000",  # microseconds
    "flush_packets": "1",
}
BT709 = 1  # in ITU-T H.273: primaries, transfer and matrix alike
LIMITED = 1  # AVCOL_RANGE_MPEG


class Recorder(Output):
    """Films the show into an mp4."""

    params = (
        Param("to", "path", REQUIRED, help="the film, an .mp4; written over if it is there"),
        Param("crf", "int", 18, 0, 51, help="quality: 18 looks like the original, 6 more halve the file"),
        Param(
            "preset",
            "choice",
            "veryfast",
            choices=("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"),
            help="slower presets make smaller films, not better ones",
        ),
    )

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        super().__init__(options, place)
        self._path = Path(options["to"])
        self._first: float | None = None
        self._last = -1  # slot of the newest frame taken
        self.frames = 0  # encoded
        self.dropped = 0
        self._open()
        self._queue: queue.Queue[tuple[int, Sequence[Pixels]] | None] = queue.Queue(PENDING)
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def see(self, tick: Tick, signals: Signals, params: Params, stage: Stage) -> None:
        if self._first is None:
            self._first = tick.now
        slot = round((tick.now - self._first) * self.place.fps)
        if self.health.state == "failed" or slot <= self._last:  # a screen faster than the film: one frame a slot
            return
        self._last = slot
        if self.place.live and self._queue.full():  # asked before reading back: a dropped frame costs nothing
            self.dropped += 1
            self.health = Health("slow", f"{self.dropped} frames dropped")
            return
        self._queue.put((slot, stage.read_yuv420()))

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()
        if self.health.state != "failed":
            log.info("recorder: %s, %d frames, %d dropped", self._path, self.frames, self.dropped)

    def summary(self) -> dict[str, Any]:
        return {"path": str(self._path), "frames": self.frames, "dropped": self.dropped}

    def _open(self) -> None:
        import av

        width, height = self.place.size
        if width % 2 or height % 2:
            raise OutputError(f"a film cannot be {width}x{height}: its sides must be even", "change the stage's size")
        rate = Fraction(self.place.fps).limit_denominator(1001)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._container = av.open(str(self._path), "w", format="mp4", options=MP4)
            self._stream = self._container.add_stream("libx264", rate=rate)
            self._stream.width, self._stream.height = width, height
            self._stream.pix_fmt = "yuv420p"
            self._stream.options = {"crf": str(self.options["crf"]), "preset": self.options["preset"]}
            codec = self._stream.codec_context
            codec.time_base = 1 / rate
            codec.gop_size = max(1, round(KEYFRAMES * rate))
            # With B-frames the film would begin late: an edit list sets that right, but the index is written first.
            codec.max_b_frames = 0
            codec.color_primaries = codec.color_trc = codec.colorspace = BT709
            codec.color_range = LIMITED
            self._container.start_encoding()  # opens the file: what cannot be written is told before the show
        except (av.FFmpegError, OSError) as error:
            raise OutputError(f"cannot record to {self._path}: {error.strerror or error}") from error

    def _work(self) -> None:
        for item in iter(self._queue.get, None):
            if self.health.state != "failed":
                self._guarded(self._encode, *item)
        if self.health.state != "failed":
            self._guarded(self._finish)

    def _guarded(self, action: Callable[..., None], *arguments: Any) -> None:
        import av

        try:
            action(*arguments)
        except (av.FFmpegError, OSError) as error:
            # A full disk costs the film, never the show.
            self.health = Health("failed", f"cannot record: {getattr(error, 'strerror', None) or error}")
        except Exception as error:  # a fault here must not end the thread: an offline run waits for it
            log.exception("the recorder broke")
            self.health = Health("failed", f"{type(error).__name__}: {error}")

    def _finish(self) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def _encode(self, slot: int, planes: Sequence[Pixels]) -> None:
        import av

        frame = av.VideoFrame(*self.place.size, "yuv420p")
        for plane, pixels in zip(frame.planes, planes, strict=True):
            # The encoder's lines are longer than the picture's, to begin on addresses that SIMD likes.
            buffer: Any = plane
            lines = np.frombuffer(buffer, np.uint8).reshape(-1, plane.line_size)
            lines[: pixels.shape[0], : pixels.shape[1]] = pixels
        frame.pts = slot
        self._container.mux(self._stream.encode(frame))
        self.frames += 1
