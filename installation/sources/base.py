"""A source: declares its channels without hardware, then opens, polls and closes.

Two kinds of time. A ``Source`` waits for hardware and is polled in a thread of its own (feed.py: back-off, health).
A ``SteppedSource`` is a function of the clock alone (an LFO, a tape, a painted camera): the loop polls it at the
tick's time, so that the same tick gives the same values offline, live and on replay.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from installation.library import Library
from installation.params import Param
from installation.signals.mailbox import Mailbox
from installation.types import Channel, Now


@dataclass(frozen=True, slots=True)
class Batch:
    """New values by channel name, and when what they tell of happened (a camera frame's capture time)."""

    values: Mapping[str, Any]
    at: float


@dataclass(frozen=True, slots=True)
class Place:
    """What a source may know of the house: the clock, the library, and the mailboxes it asked to read.

    ``inputs`` is keyed by the name of each option of type ``signal`` (``image: webcam.frame`` -> ``inputs["image"]``).
    """

    now: Now
    library: Library
    inputs: Mapping[str, Mailbox] = field(default_factory=dict)


class Source(ABC):
    """Subclass, declare ``params`` and ``channels``, and give ``open``, ``poll`` and ``close``."""

    params: ClassVar[tuple[Param, ...]] = ()
    patience: ClassVar[float] = 2.0  # seconds without a sample before it is called slow; inf where silence is normal

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        self.options = options
        self.place = place

    @classmethod
    @abstractmethod
    def channels(cls, options: Mapping[str, Any], library: Library) -> tuple[Channel, ...]:
        """What it will send, from its checked options alone. Raises InstallationError for what only it can know."""

    @classmethod
    def needs(cls, options: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of models (cards) that must be in the cache before it opens."""
        return ()

    @classmethod
    def missing(cls, options: Mapping[str, Any]) -> str:
        """Why its hardware cannot be here ("no camera at /dev/video0"), '' when it may be. Asked to decide on a
        rehearsal, never instead of opening: a live show starts without its camera and keeps trying."""
        return ""

    def open(self) -> None:
        """Take hold of the device. Raises SourceError (or OSError) when it is not there; it will be asked again."""

    @abstractmethod
    def poll(self) -> Batch | None:
        """The newest values, None when there is nothing new yet. May wait, two seconds at the very most.

        Raises SourceError (or OSError) when the device is gone: it is closed and opened again with back-off.
        """

    def close(self) -> None:
        """Let go; called once for every open that succeeded, also after an error."""


class SteppedSource(Source):
    """A function of the clock: ``poll`` is called by the loop at ``place.now() == tick.now`` and must not wait."""
