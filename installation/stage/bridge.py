"""Bridges a slow generator and a fast screen: its newest two pictures, and how far between them this frame is.

A picture that has just come is not shown at once: the stage walks from the one before to it, over the time that
pictures have lately been taking. So 20 pictures a second move evenly at 60 Hz, and what is seen is one picture's
interval old (less one frame). A generator that keeps up with the screen is shown at once: no delay, no blending.
"""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import TYPE_CHECKING

from installation.stage.buffer import Buffer
from installation.stage.resample import Resampler
from installation.types import Image, Tick

if TYPE_CHECKING:
    import moderngl

REMEMBERED = 5  # intervals; the median of these is not moved by one hiccup
LONGEST = 1.0  # seconds; a longer wait is a pause, not a pace


class Tempo:
    """``arrived`` when a picture comes, ``progress`` every frame; times are the tick's."""

    def __init__(self) -> None:
        self._at: float | None = None
        self._intervals: deque[float] = deque(maxlen=REMEMBERED)

    def arrived(self, now: float) -> None:
        if self._at is not None and 0 < now - self._at <= LONGEST:
            self._intervals.append(now - self._at)
        self._at = now

    def progress(self, now: float, dt: float) -> float:
        """0..1. The frame drawn now is seen until the next: with one picture a frame this is always 1."""
        if self._at is None or not self._intervals:
            return 1.0
        return min(1.0, (now - self._at + dt) / median(self._intervals))


class Bridge:
    """``see`` takes the newest picture; ``start`` and ``end`` are the last two, scaled to the canvas."""

    def __init__(self, ctx: moderngl.Context, size: tuple[int, int], fit: str, dtype: str) -> None:
        self._ctx = ctx
        self._tempo = Tempo()
        self._resampler = Resampler(ctx, size, fit, dtype)
        self._start, self._end = Buffer(ctx, size, dtype), Buffer(ctx, size, dtype)
        self._uploaded: moderngl.Texture | None = None
        self._seq: int | None = None

    @property
    def start(self) -> moderngl.Texture:
        return self._start.texture

    @property
    def end(self) -> moderngl.Texture:
        return self._end.texture

    def progress(self, tick: Tick) -> float:
        return self._tempo.progress(tick.now, tick.dt)

    def see(self, image: Image, now: float) -> None:
        """Upload and scale a picture, once; a picture seen before costs nothing."""
        if image.seq == self._seq:
            return
        first, self._seq = self._seq is None, image.seq
        self._tempo.arrived(now)
        self._start, self._end = self._end, self._start
        self._resampler.draw(self._upload(image), self._end.target)
        if first:
            self._resampler.draw(self._upload(image), self._start.target)

    def _upload(self, image: Image) -> moderngl.Texture:
        height, width, _ = image.pixels.shape
        if self._uploaded is None or self._uploaded.size != (width, height):
            if self._uploaded:
                self._uploaded.release()
            self._uploaded = self._ctx.texture((width, height), 4)
        self._uploaded.write(image.pixels)
        return self._uploaded

    def release(self) -> None:
        if self._uploaded:
            self._uploaded.release()
        for held in (self._resampler, self._start, self._end):
            held.release()
