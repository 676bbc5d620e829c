"""What every output is made from. It sees every presented frame, and must never hold one up: drop and count."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from installation.params import Param
from installation.types import Channel, Health, Params, Signals, Stage, Tick


@dataclass(frozen=True, slots=True)
class Place:
    """What an output may know of the house: the stage's size (width, height), the loop's rate, and its kind of time.

    ``live`` is False for an offline run: nothing is late there, so an output may wait rather than drop.
    ``channels`` are the show's, by address.
    """

    size: tuple[int, int]
    fps: float
    live: bool
    channels: Mapping[str, Channel] = field(default_factory=dict)
    title: str = ""


class Output(ABC):
    """Subclass, declare ``params`` (fixed), and give ``see`` and ``close``."""

    params: ClassVar[tuple[Param, ...]] = ()
    health = Health("ok")

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        self.options = options
        self.place = place

    @abstractmethod
    def see(self, tick: Tick, signals: Signals, params: Params, stage: Stage) -> None: ...

    def close(self) -> None:
        """Finish what was begun; what was written so far must be readable."""

    def summary(self) -> dict[str, Any]:
        """Figures for the run's report; asked once, after ``close``."""
        return {}
