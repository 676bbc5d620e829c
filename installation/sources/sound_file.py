"""A sound file, decoded with PyAV and played at its own speed, over and over. Fulfils ``microphone.Sound``.

It decodes as it goes, so a long file costs no memory. After a hang it goes on where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import av
import numpy as np

from installation.errors import SourceError
from installation.sources.audio_features import Samples
from installation.types import Now

PACE = 0.01  # seconds a read waits, and about what it gives
LATE = 0.5  # seconds behind its time from which the time is let go: catching up would cost as much again


class SoundFile:
    def __init__(self, path: str, rate: float, now: Now) -> None:
        self._path, self._rate, self._now = path, round(rate), now
        self._ahead = np.zeros(0, np.float32)  # decoded, not yet heard
        self._blocks = self._play()
        self._fill(1)  # what cannot be played is said at once
        self._begun = now()
        self._heard = 0  # samples

    def read(self) -> tuple[Samples, float] | None:
        due = int((self._now() - self._begun) * self._rate) - self._heard
        if due < PACE * self._rate:
            time.sleep(PACE)
            return None
        if due > LATE * self._rate:
            self._begun += due / self._rate - PACE
            due = round(PACE * self._rate)
        self._fill(due)
        samples, self._ahead = self._ahead[:due], self._ahead[due:]
        self._heard += due
        return samples, self._begun + self._heard / self._rate

    def close(self) -> None:
        self._blocks.close()  # type: ignore[attr-defined]  # a generator: its `with` lets go of the file

    def _fill(self, samples: int) -> None:
        while len(self._ahead) < samples:
            self._ahead = np.concatenate((self._ahead, next(self._blocks)))

    def _play(self) -> Iterator[Samples]:
        """Mono blocks at our rate, without end."""
        while True:
            found = False
            for block in self._decode():
                found = found or len(block) > 0
                yield block
            if not found:
                raise SourceError(f"{self._path} holds no sound")

    def _decode(self) -> Iterator[Samples]:
        try:
            with av.open(self._path) as container:
                if not container.streams.audio:
                    raise SourceError(f"{self._path} holds no sound")
                resampler = av.AudioResampler("flt", "mono", self._rate)
                for frame in container.decode(container.streams.audio[0]):
                    for part in resampler.resample(frame):
                        yield part.to_ndarray()[0]
                for part in resampler.resample(None):
                    yield part.to_ndarray()[0]
        except (av.FFmpegError, OSError) as error:
            raise SourceError(f"{self._path} cannot be played: {error.strerror or error}") from error
