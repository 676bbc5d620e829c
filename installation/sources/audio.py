"""Sound: a microphone, a line, or a file in real time, told as a handful of numbers (audio_features.py).

A feed waits for hardware: what is missing or goes silent raises SourceError and is opened again (feed.py). The first
numbers come 0.2 to 2 s after opening, as the sound server likes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from installation.errors import SourceError
from installation.library import Library
from installation.params import Param
from installation.sources import audio_features
from installation.sources.base import Batch, Place, Source
from installation.types import Channel


class Audio(Source):
    """Sound from a microphone, a line or a file: level, bass, mid, treble, onset, frequency."""

    params = (
        Param("device", "text", "", help="part of an input's name, or its index; empty: the system's choice"),
        Param("rate", "float", 48_000.0, 8_000.0, 192_000.0, unit="Hz", help="samples a second to ask for"),
        Param("file", "path", "", help="a sound file to play over and over instead of listening"),
    )

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        super().__init__(options, place)
        self._sound: Any = None
        self._features: audio_features.AudioFeatures

    @classmethod
    def channels(cls, options: Mapping[str, Any], library: Library) -> tuple[Channel, ...]:
        bands = audio_features.BANDS.items()
        return (
            Channel("level", help="loudness, 0 at -60 dBFS, 1 at full scale"),
            *(
                Channel(name, help=f"{low:g} to {high:g} Hz, against its own recent peak")
                for name, (low, high) in bands
            ),
            Channel("onset", "event", help="a note, a clap, a beat begins"),
            Channel("frequency", high=audio_features.HIGHEST, unit="Hz", help="the strongest partial, where one is"),
        )

    @classmethod
    def missing(cls, options: Mapping[str, Any]) -> str:
        from installation.sources import microphone

        if options["file"]:
            return ""
        try:
            microphone.find(options["device"])
        except SourceError as error:
            return error.message
        return ""

    def open(self) -> None:
        rate, now = self.options["rate"], self.place.now
        if self.options["file"]:
            from installation.sources.sound_file import SoundFile

            self._sound = SoundFile(self.options["file"], rate, now)
        else:
            from installation.sources.microphone import Microphone

            self._sound = Microphone(self.options["device"], rate, now)
        self._features = audio_features.AudioFeatures(rate)

    def poll(self) -> Batch | None:
        heard = self._sound.read()
        if heard is None:
            return None
        samples, at = heard
        found = self._features.push(samples)
        if found is None:
            return None
        values = {"level": found.level, "bass": found.bass, "mid": found.mid, "treble": found.treble}
        if found.onset:
            values["onset"] = 1.0
        if found.frequency is not None:
            values["frequency"] = found.frequency
        return Batch(values, at)

    def close(self) -> None:
        if self._sound is not None:
            self._sound.close()
            self._sound = None
