"""What every generator is made from, and the time stamp every picture carries.

A generator declares, without loading anything: ``params`` (fixed options and live parameters that are always there),
``declare`` (live parameters that only its model's card can know, such as one weight a style) and ``steps`` (lists of
units in its part of the show: ``latent:``). It then fulfils ``types.Generator``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from installation.library import Library
from installation.params import Param
from installation.tables import Table
from installation.types import Image, Params, Signals, Unit


@dataclass(frozen=True, slots=True)
class Place:
    """What a generator may know of the house: the library, and the signals its picture is steered by."""

    library: Library
    inputs: Sequence[str] = ()


class Generator(ABC):
    """``render`` is pure but for latent steps' state: same params, same signals, same picture.

    Addresses in ``params`` are absolute: ``generator.seed``, ``generator.latent.walk.speed``.
    """

    params: ClassVar[tuple[Param, ...]] = ()
    steps: ClassVar[Mapping[str, Table]] = {}

    def __init__(self, options: Mapping[str, Any], steps: Mapping[str, Sequence[Unit]], place: Place) -> None:
        self.options = options
        self.steps_asked = steps
        self.place = place

    @classmethod
    def declare(cls, options: Mapping[str, Any], library: Library) -> tuple[Param, ...]:
        """Live parameters that depend on the options, names relative to ``generator``. Raises InstallationError."""
        return ()

    @classmethod
    def check(cls, options: Mapping[str, Any], steps: Mapping[str, Sequence[Unit]], library: Library) -> None:
        """Raises InstallationError, its message beginning with a step's address, when steps cannot be as asked."""
        return

    @classmethod
    def needs(cls, options: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of models (cards) that must be in the cache before ``prepare``."""
        return (options["model"],) if "model" in options else ()

    def prepare(self) -> None:
        """Load weights and compile; may take seconds. Raises ModelError."""

    def warm_up(self) -> None:
        """Render until the speed is steady; the default has nothing to warm."""

    @abstractmethod
    def render(self, params: Params, signals: Signals) -> Image: ...

    def close(self) -> None:
        """Let go of the device."""

    @property
    def detail(self) -> str:
        """What somebody should know of how it runs, such as an engine that is being built; empty when all is well."""
        return ""

    def captured_at(self, signals: Signals) -> float:
        """When the newest input of this picture arrived; the tick's own time when no live input steers it."""
        arrived = [sample.at for address in self.place.inputs if not (sample := signals[address]).stale]
        return max(arrived, default=signals.now)
