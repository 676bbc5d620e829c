from __future__ import annotations

import threading

from installation.signals.bus import MOST_OPEN, Bus
from installation.types import Channel


def bus(*channels: Channel) -> Bus:
    made = Bus()
    for channel in channels:
        made.declare("hands", channel)
    return made


def test_a_snapshot_has_the_newest_of_every_channel_under_its_address() -> None:
    it = bus(Channel("left.pinch"), Channel("right.pinch"))
    it.post("hands", {"left.pinch": 0.1, "right.pinch": 0.9}, 1.0)
    it.post("hands", {"left.pinch": 0.2}, 1.1)
    signals = it.sample(1.2)
    assert {address: signals[address].value for address in signals} == {
        "hands.left.pinch": 0.2,
        "hands.right.pinch": 0.9,
    }
    assert signals.now == 1.2


def test_a_snapshot_does_not_change_when_news_comes() -> None:
    it = bus(Channel("x"))
    it.post("hands", {"x": 1.0}, 0.0)
    before = it.sample(0.0)
    it.post("hands", {"x": 2.0}, 0.1)
    assert before["hands.x"].value == 1.0
    assert it.sample(0.1)["hands.x"].value == 2.0


def test_what_nobody_sent_or_declared_is_stale_never_an_error() -> None:
    signals = bus(Channel("x")).sample(0.0)
    assert list(signals) == []
    for address in ("hands.x", "no.such.thing", ""):
        assert signals[address].stale
        assert signals[address].value is None
        assert not signals.fired(address)


def test_fired_tells_a_trigger_from_a_level_that_stays() -> None:
    it = bus(Channel("clap", "event"))
    assert not it.sample(0.0).fired("hands.clap")
    it.post("hands", {"clap": 1.0}, 0.1)
    assert it.sample(0.1).fired("hands.clap")
    assert not it.sample(0.2).fired("hands.clap")
    it.post("hands", {"clap": 1.0}, 0.3)  # the same value again is a trigger all the same
    assert it.sample(0.3).fired("hands.clap")


def test_staleness_is_judged_at_the_snapshots_time() -> None:
    it = bus(Channel("x", stale_after=0.5))
    it.post("hands", {"x": 1.0}, 2.0)
    assert not it.sample(2.5)["hands.x"].stale
    assert it.sample(2.6)["hands.x"].stale


def test_an_undeclared_name_is_refused_and_counted() -> None:
    it = bus(Channel("x"))
    it.post("hands", {"y": 1.0, "x": 2.0}, 0.0)
    assert it.refused == 1
    assert it.sample(0.0)["hands.x"].value == 2.0


def test_an_open_channel_takes_addresses_as_they_come() -> None:
    it = Bus()
    it.declare("osc", Channel("/*", stale_after=float("inf")))
    it.declare("osc", Channel("refused"))
    it.post("osc", {"/fader/1": 0.5, "refused": 3.0}, 0.0)
    signals = it.sample(100.0)
    assert signals["osc./fader/1"].value == 0.5
    assert not signals["osc./fader/1"].stale  # with the staleness the open channel declared
    assert signals["osc.refused"].stale


def test_a_flood_of_new_addresses_is_capped_and_the_old_ones_still_work() -> None:
    it = Bus()
    it.declare("osc", Channel("/*"))
    for n in range(3 * MOST_OPEN):
        it.post("osc", {f"/{n}": float(n)}, 0.0)
    assert len(list(it.sample(0.0))) == MOST_OPEN
    assert it.refused == 2 * MOST_OPEN
    it.post("osc", {"/7": 42.0}, 0.1)
    assert it.sample(0.1)["osc./7"].value == 42.0


def test_a_mailbox_may_be_asked_for_before_anything_was_sent() -> None:
    it = bus(Channel("frame", "image"))
    box = it.mailbox("hands.frame")
    assert box is not None
    assert box.newest.seq == 0
    it.post("hands", {"frame": "picture"}, 0.5)
    assert box.newest.value == "picture"
    assert it.mailbox("hands.nothing") is None


def test_sampling_while_addresses_are_added_is_safe() -> None:
    it = Bus()
    it.declare("osc", Channel("/*"))
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for n in range(5000):
                it.post("osc", {f"/{n % 900}": float(n)}, 0.0)
        except BaseException as error:  # noqa: BLE001  carried to the test's own thread
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        it.sample(0.0)
    writer.join()
    assert failures == []
    assert len(list(it.sample(0.0))) == 900
