"""What the sources' tests share: a source with its defaults filled in, and a clock that is set by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from installation.library import Library
from installation.params import Param
from installation.signals.bus import Bus
from installation.sources.base import Batch, Place, Source
from installation.sources.feed import ThreadFeed


class Hand:
    """A clock whose hand the test moves."""

    def __init__(self) -> None:
        self.t = 0.0

    def __call__(self) -> float:
        return self.t


@pytest.fixture
def clock() -> Hand:
    return Hand()


def made(kind: type[Source], now: Callable[[], float] = time.monotonic, home: Path | None = None, **given: Any) -> Any:
    """A source as a show would make it: what is not given has its default, what is given is read as if written."""
    params: tuple[Param, ...] = kind.params
    named = {param.name: param for param in params}
    options = {param.name: param.default for param in params if not param.required}
    options.update({name: named[name].read(raw) for name, raw in given.items()})
    library = Library(home)
    kind.channels(options, library)
    return kind(options, Place(now, library))


def polled(source: Source, enough: Callable[[dict[str, Any]], bool], seconds: float = 10.0) -> dict[str, Any]:
    """Poll until the values so far are enough; the newest of every channel. Fails with what there was."""
    values: dict[str, Any] = {}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        batch: Batch | None = source.poll()
        if batch:
            values.update(batch.values)
            if enough(values):
                return values
    raise AssertionError(f"not enough came within {seconds} s: {list(values)}")


def until(said: Callable[[], Any], seconds: float = 15.0) -> Any:
    """Wait for something another thread does; its value. Fails after far longer than it should take."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := said():
            return value
        time.sleep(0.01)
    raise AssertionError(f"nothing within {seconds} s")


@pytest.fixture
def feeds() -> Iterator[Callable[[Source], tuple[ThreadFeed, Bus]]]:
    """Starts a source in a feed of its own, its channels declared as ``it.*``; stopped when the test ends."""
    running: list[ThreadFeed] = []

    def start(source: Source) -> tuple[ThreadFeed, Bus]:
        bus = Bus()
        for channel in type(source).channels(source.options, source.place.library):
            bus.declare("it", channel)
        feed = ThreadFeed("it", source, bus, source.place.now)
        feed.start()
        running.append(feed)
        return feed, bus

    yield start
    for feed in running:
        feed.stop()
