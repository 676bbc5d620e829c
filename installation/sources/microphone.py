"""Sound as it comes: an input device through PortAudio, or a file at its own speed. Mono float32, -1..1.

read() -> (samples, heard at) | None     waits 0.25 s at most; raises SourceError when it has gone
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any, Protocol

import numpy as np

from installation.errors import SourceError, did_you_mean
from installation.sources.audio_features import Samples
from installation.types import Now

Heard = tuple[Samples, float]

BLOCK = 512  # samples a callback: 11 ms
WAIT = 0.25  # seconds a read waits
SILENT = 0.5  # seconds without a callback: the device is gone, whatever the stream says of itself
FIRST = 5.0  # seconds until the first one; PulseAudio takes 1.5
KEPT = 128  # blocks: more than a second; a reader that hangs longer loses the oldest


class Sound(Protocol):
    def read(self) -> Heard | None: ...

    def close(self) -> None: ...


# PortAudio lists the devices once, when it begins. To see one that was plugged in later it must begin again, which
# would end every open stream of this process: only when there is none.
_lock = threading.Lock()
_open_streams = 0


class Microphone:
    """An input device. PortAudio calls back in a thread of its own; blocks wait in a short queue, newest kept."""

    def __init__(self, device: str, rate: float, now: Now) -> None:
        global _open_streams
        self._now = now
        self._blocks: deque[Heard] = deque(maxlen=KEPT)
        self._arrived = threading.Event()
        with _lock:
            audio = load()
            if not _open_streams:
                audio._terminate()
                audio._initialize()
            index, self.name, channels = _find(audio, device)
            try:
                self._stream = audio.InputStream(
                    samplerate=rate,
                    blocksize=BLOCK,
                    device=index,
                    channels=min(2, channels),
                    dtype="float32",
                    latency="low",
                    callback=self._call,
                )
                self._stream.start()
            except audio.PortAudioError as error:
                raise SourceError(f"'{self.name}' does not open: {_said(error)}", "try rate: 44100") from error
            _open_streams += 1
        self._patience = FIRST
        self._last = now()

    def read(self) -> Heard | None:
        self._arrived.wait(WAIT)
        self._arrived.clear()
        blocks = []
        while self._blocks:
            blocks.append(self._blocks.popleft())
        if blocks:
            self._patience, self._last = SILENT, self._now()
            return np.concatenate([samples for samples, _ in blocks]), blocks[-1][1]
        if self._now() - self._last > self._patience:
            raise SourceError(f"no sound from '{self.name}' for {self._patience:g} s", "is it still plugged in?")
        return None

    def close(self) -> None:
        global _open_streams
        with _lock:
            self._stream.close(ignore_errors=True)
            _open_streams -= 1

    def _call(self, data: Samples, frames: int, time: Any, status: Any) -> None:
        self._blocks.append((data.mean(axis=1), self._now()))
        self._arrived.set()


def load() -> Any:
    """sounddevice, which finds PortAudio when it is imported. Raises SourceError."""
    try:
        import sounddevice
    except OSError as error:
        raise SourceError("no PortAudio on this machine", "on Debian and Ubuntu: apt install libportaudio2") from error
    return sounddevice


def find(device: str) -> tuple[int, str, int]:
    """Index, name and number of channels of an input device; '' is the system's choice. Raises SourceError."""
    with _lock:
        return _find(load(), device)


def _find(audio: Any, device: str) -> tuple[int, str, int]:
    inputs = [entry for entry in audio.query_devices() if entry["max_input_channels"] > 0]
    if not inputs:
        raise SourceError("no sound input on this machine", "plug in a microphone, or give a sound file: `file`")
    if not device:
        usual = audio.default.device[0]
        found = [entry for entry in inputs if entry["index"] == usual] or inputs
    elif device.isdigit():
        found = [entry for entry in inputs if entry["index"] == int(device)]
    else:
        # The whole name before a part of it: "pulse" is not "pulse monitor".
        found = [entry for entry in inputs if entry["name"].lower() == device.lower()]
        found += [entry for entry in inputs if device.lower() in entry["name"].lower()]
    if not found:
        names = [entry["name"] for entry in inputs]
        raise SourceError(f"no sound input called '{device}'", did_you_mean(device, names) or f"e.g. '{names[0]}'")
    return int(found[0]["index"]), str(found[0]["name"]), int(found[0]["max_input_channels"])


def _said(error: Exception) -> str:
    """PortAudio's own words without its number."""
    return str(error.args[0] if error.args else error).partition(" [PaErrorCode")[0]
