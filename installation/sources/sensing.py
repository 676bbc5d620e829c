"""All the sources of a show, one snapshot a tick: what the loop calls ``sense``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from installation.library import Library
from installation.signals.bus import Bus, Snapshot
from installation.sources import SOURCES
from installation.sources.base import Place, SteppedSource
from installation.sources.feed import Feed, StepFeed, ThreadFeed
from installation.types import Health, Now, Tick, Unit


class Sensing:
    """Declares every channel first, so that any source may read any other's mailbox, then makes the feeds.

    Stepped sources live in show time (the tick's own), hardware in the clock's real one.
    """

    def __init__(self, units: Mapping[str, Unit], library: Library, now: Now) -> None:
        self._bus = Bus()
        self._show_time = 0.0
        for name, unit in units.items():
            for channel in SOURCES.load(unit.kind).channels(unit.options, library):
                self._bus.declare(name, channel)
        self._feeds: list[Feed] = [self._feed(name, unit, library, now) for name, unit in units.items()]

    def start(self) -> None:
        for feed in self._feeds:
            feed.start()

    def __call__(self, tick: Tick) -> Snapshot:
        self._show_time = tick.now
        for feed in self._feeds:
            feed.step()
        return self._bus.sample(tick.now)

    def health(self) -> dict[str, Health]:
        return {feed.name: feed.health for feed in self._feeds}

    def stop(self) -> None:
        for feed in self._feeds:
            feed.stop()

    def _feed(self, name: str, unit: Unit, library: Library, now: Now) -> Feed:
        kind = SOURCES.load(unit.kind)
        stepped = issubclass(kind, SteppedSource)
        place = Place(self._now_of_show if stepped else now, library, self._inputs(kind, unit.options))
        source = kind(unit.options, place)
        return StepFeed(name, source, self._bus) if stepped else ThreadFeed(name, source, self._bus, now)

    def _inputs(self, kind: Any, options: Mapping[str, Any]) -> dict[str, Any]:
        asked = {param.name: options.get(param.name) for param in kind.params if param.type == "signal"}
        boxes = {name: self._bus.mailbox(address) for name, address in asked.items() if address}
        return {name: box for name, box in boxes.items() if box}

    def _now_of_show(self) -> float:
        return self._show_time
