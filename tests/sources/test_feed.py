"""Feeds: whatever a source does, the loop sees stale channels and a health, never an exception."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pytest

from installation.errors import SourceError
from installation.library import Library
from installation.signals.bus import Bus
from installation.sources.base import Batch, Place, Source, SteppedSource
from installation.sources.feed import FIRST_WAIT, LONGEST_WAIT, StepFeed, ThreadFeed, back_off
from installation.types import Channel
from tests.sources.conftest import Hand, until


class Scripted(Source):
    """Does what its script says, a step an open and a poll; then ``end`` is set and it has nothing more."""

    def __init__(self, clock: Hand, opens: list[Any], polls: list[Any]) -> None:
        super().__init__({}, Place(clock, Library()))
        self._opens, self._polls = iter(opens), iter(polls)
        self.end = threading.Event()
        self.log: list[str] = []

    @classmethod
    def channels(cls, options: Mapping[str, Any], library: Library) -> tuple[Channel, ...]:
        return (Channel("x"),)

    def open(self) -> None:
        self.log.append("open")
        self._do(self._opens)

    def poll(self) -> Batch | None:
        value = self._do(self._polls)
        return None if value is None else Batch({"x": value}, self.place.now())

    def close(self) -> None:
        self.log.append("close")

    def _do(self, script: Iterator[Any]) -> Any:
        step = next(script, self)
        if step is self:
            self.end.set()
            threading.Event().wait(0.005)
            return None
        if isinstance(step, Exception):
            raise step
        return step


class Patient(Scripted):
    patience: ClassVar[float] = float("inf")


def run(source: Scripted, clock: Hand) -> tuple[ThreadFeed, Bus, list[float]]:
    """To the end of the script; the waits between its tries, none of them waited for."""
    bus = Bus()
    bus.declare("it", Channel("x", stale_after=1.0))
    waits: list[float] = []
    feed = ThreadFeed("it", source, bus, clock, wait=waits.append)
    feed.start()
    assert source.end.wait(10)
    return feed, bus, waits


def gone() -> SourceError:
    return SourceError("no camera 0", "plug one in")


def test_back_off_doubles_to_its_limit() -> None:
    assert [back_off(n) for n in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert back_off(10**6) == LONGEST_WAIT


def test_values_arrive_in_the_bus(clock: Hand) -> None:
    clock.t = 5.0
    feed, bus, waits = run(Scripted(clock, [None], [0.1, None, 0.2]), clock)
    assert feed.health.state == "ok"
    assert (bus.sample(5.0)["it.x"].value, bus.sample(5.0)["it.x"].seq) == (0.2, 2)
    assert waits == []
    feed.stop()


def test_it_opens_again_for_ever_and_waits_longer_each_time(clock: Hand) -> None:
    source = Scripted(clock, [gone()] * 8 + [None], [0.5])
    feed, bus, waits = run(source, clock)
    assert len(waits) == 8
    for n, wait in enumerate(waits, 1):
        assert 0.8 * back_off(n) <= wait <= 1.2 * back_off(n)
    assert len(set(waits)) == 8  # no two cameras on one hub in step
    assert bus.sample(0)["it.x"].value == 0.5
    feed.stop()


def test_back_off_begins_again_only_after_it_has_really_delivered(clock: Hand) -> None:
    opens_but_never_gives = [None] * 4
    source = Scripted(clock, opens_but_never_gives, [gone(), gone(), 0.5, gone(), gone()])
    feed, _, waits = run(source, clock)
    rough = [min((0.5, 1.0, 2.0, 4.0), key=lambda wait: abs(wait - w)) for w in waits[:4]]
    assert rough == [0.5, 1.0, FIRST_WAIT, 1.0]
    feed.stop()


def test_what_was_opened_is_closed_also_after_an_error(clock: Hand) -> None:
    source = Scripted(clock, [gone(), None, None], [0.1, OSError("gone"), 0.2])
    feed, _, _ = run(source, clock)
    feed.stop()
    assert source.log == ["open", "open", "close", "open", "close"]


def test_health_tells_the_whole_story(clock: Hand) -> None:
    source = Scripted(clock, [None], [])
    bus = Bus()
    feed = ThreadFeed("it", source, bus, clock)
    assert (feed.health.state, feed.health.detail, feed.health.age) == ("failed", "not open yet", None)
    feed, bus, _ = run(Scripted(clock, [None], [0.1]), clock)
    assert feed.health.state == "ok"
    clock.t = 2.5
    assert feed.health.state == "slow"
    assert feed.health.age == 2.5
    assert bus.sample(clock.t)["it.x"].stale
    feed.stop()
    feed, _, _ = run(Scripted(clock, [None], [0.1, gone()]), clock)
    assert (feed.health.state, feed.health.detail) == ("failed", "no camera 0")
    feed.stop()


def test_where_silence_is_normal_an_open_port_is_well(clock: Hand) -> None:
    feed, _, _ = run(Patient(clock, [None], []), clock)
    clock.t = 3600.0
    assert feed.health.state == "ok"
    feed.stop()
    feed, _, _ = run(Patient(clock, [gone()] * 3, []), clock)
    assert until(lambda: feed.health.state) in ("failed", "ok")
    feed.stop()


@pytest.mark.parametrize("fault", [ValueError("a bug"), KeyError("x"), ZeroDivisionError(), MemoryError()])
def test_a_bug_in_a_source_costs_that_source_alone(
    clock: Hand, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    source = Scripted(clock, [None, None], [fault, 0.7])
    feed, bus, waits = run(source, clock)
    assert len(waits) == 1
    assert bus.sample(0)["it.x"].value == 0.7
    assert type(fault).__name__ in caplog.text  # with its traceback, for whoever mends it
    feed.stop()


def test_the_log_has_one_line_for_each_change_not_one_a_retry(clock: Hand, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    source = Scripted(clock, [gone()] * 20 + [None] * 2, [0.1, 0.2, OSError(5, "I/O error"), 0.3])
    feed, _, _ = run(source, clock)
    feed.stop()
    assert [record.getMessage() for record in caplog.records] == [
        "source it: no camera 0",
        "source it: delivering",
        "source it: [Errno 5] I/O error",
        "source it: delivering",
    ]


def test_stop_ends_a_source_that_is_waiting_to_be_opened_again(clock: Hand) -> None:
    bus = Bus()
    feed = ThreadFeed("it", Scripted(clock, [gone()] * 1000, []), bus, clock)
    feed.start()
    until(lambda: feed.health.detail == "no camera 0")
    feed.stop()
    assert not feed._thread.is_alive()


class Stepped(SteppedSource):
    """Gives the tick's time; raises what it is told to."""

    fault: Exception | None = None
    opened = 0

    @classmethod
    def channels(cls, options: Mapping[str, Any], library: Library) -> tuple[Channel, ...]:
        return (Channel("x"),)

    def open(self) -> None:
        self.opened += 1

    def poll(self) -> Batch | None:
        if self.fault:
            raise self.fault
        return Batch({"x": self.place.now()}, self.place.now())

    def close(self) -> None:
        self.opened -= 1


@pytest.mark.parametrize("fault", [gone(), OSError("gone"), ValueError("a bug")])
def test_a_stepped_source_that_fails_is_said_once_and_mends(
    clock: Hand, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    bus = Bus()
    bus.declare("it", Channel("x"))
    source = Stepped({}, Place(clock, Library()))
    feed = StepFeed("it", source, bus)
    feed.start()
    clock.t = 1.0
    feed.step()
    source.fault = fault
    for clock.t in (1.1, 1.2, 1.3):
        feed.step()
        assert feed.health.state == "failed"
        assert bus.sample(clock.t)["it.x"].value == 1.0
    assert len(caplog.records) == 1
    source.fault = None
    clock.t = 1.4
    feed.step()
    assert feed.health.state == "ok"
    assert bus.sample(clock.t)["it.x"].value == 1.4
    feed.stop()
    assert source.opened == 0


def test_a_stepped_source_is_polled_at_the_ticks_own_time(clock: Hand) -> None:
    bus = Bus()
    bus.declare("it", Channel("x"))
    feed = StepFeed("it", Stepped({}, Place(clock, Library())), bus)
    feed.start()
    for frame in range(100):
        clock.t = frame / 60
        feed.step()
        sample = bus.sample(clock.t)["it.x"]
        assert (sample.value, sample.at, sample.seq) == (frame / 60, frame / 60, frame + 1)
    feed.stop()
