"""Real datagrams into a real port: from liblo's oscsend, from a codec, and from somebody hostile."""

from __future__ import annotations

import random
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from installation.errors import InstallationError, SourceError
from installation.library import Library
from installation.signals.bus import Bus
from installation.sources import osc_packets
from installation.sources.base import Place
from installation.sources.feed import ThreadFeed
from installation.sources.osc import Osc


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def options(**given: Any) -> dict[str, Any]:
    return {param.name: param.default for param in Osc.params} | given


def message(address: str, *values: Any) -> bytes:
    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)
    return bytes(builder.build().dgram)


def bundle(*elements: bytes, timetag: bytes = b"\0" * 7 + b"\1") -> bytes:
    return b"#bundle\0" + timetag + b"".join(struct.pack(">i", len(e)) + e for e in elements)


def read(datagram: bytes) -> tuple[dict[str, Any], int]:
    counts = osc_packets.Counts()
    return dict(osc_packets.read(datagram, counts)), counts.refused


class Port:
    def __init__(self, source: Osc, number: int) -> None:
        self.source = source
        self.number = number
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def send(self, *datagrams: bytes) -> None:
        for datagram in datagrams:
            self._socket.sendto(datagram, ("127.0.0.1", self.number))

    def until(self, done: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for _ in range(200):
            if batch := self.source.poll():
                values.update(batch.values)
            if done(values):
                return values
        raise AssertionError(f"never came; got {values}")

    def close(self) -> None:
        self._socket.close()
        self.source.close()


@pytest.fixture
def port() -> Iterator[Port]:
    number = free_port()
    source = Osc(options(port=number), Place(time.monotonic, Library()))
    source.open()
    made = Port(source, number)
    yield made
    made.close()


def test_oscsend_reaches_us(port: Port) -> None:
    for types, *arguments in (
        ("f", "/fader/1", "0.25"),
        ("i", "/button", "1"),
        ("fff", "/xyz", "1", "2", "3"),
        ("T", "/on"),
    ):
        subprocess.run(
            ["oscsend", "127.0.0.1", str(port.number), arguments[0], types, *arguments[1:]], check=True, timeout=10
        )
    values = port.until(lambda found: "/on" in found)
    assert values["/fader/1"] == 0.25
    assert values["/button"] == 1
    assert values["/on"] == 1
    assert values["/xyz"].tolist() == [1, 2, 3]
    assert values["/xyz"].dtype == np.float32


def test_nothing_is_nothing(port: Port) -> None:
    assert port.source.poll() is None or port.source.poll() is None  # "refused: 0" at most, once


def test_under_a_flood_the_newest_wins(port: Port) -> None:
    count = 10_000
    for number in range(count):
        port.send(message("/fader", number))
    values = port.until(lambda found: found.get("/fader") == count - 1)
    assert values["refused"] == 0


def test_a_flood_of_new_addresses_is_capped_in_the_bus() -> None:
    bus = Bus()
    for channel in Osc.channels(options(), Library()):
        bus.declare("osc", channel)
    for number in range(5000):
        bus.post("osc", {f"/{number}": 1.0}, 0.0)
    assert len(list(bus.sample(0.0))) <= 1024
    assert bus.refused >= 5000 - 1024


def test_random_datagrams_leave_it_alive(port: Port) -> None:
    rng = random.Random(1)
    whole = bundle(message("/a", 1.0), bundle(message("/b", 1, 2)), message("/c", True))
    for number in range(5000):
        if number % 2:
            datagram = rng.randbytes(rng.randrange(0, 200))
        else:
            spoiled = bytearray(whole)
            for _ in range(rng.randrange(1, 6)):
                spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
            datagram = bytes(spoiled[: rng.randrange(1, len(spoiled) + 1)])
        port.send(datagram)
        if number % 500 == 0:
            port.source.poll()
    port.send(message("/still/here", 0.5))
    values = port.until(lambda found: "/still/here" in found)
    assert values["refused"] > 1000
    for value in values.values():
        assert np.isfinite(value).all()


def test_a_bundle_in_a_bundle_counts_now_whatever_its_time() -> None:
    far = b"\xff" * 8
    values, refused = read(bundle(message("/a", 1.0), bundle(message("/b", 2.0), timetag=far), timetag=far))
    assert (values, refused) == ({"/a": 1.0, "/b": 2.0}, 0)


def test_a_deep_bundle_is_refused_and_its_brothers_are_not() -> None:
    deep = message("/deep", 1.0)
    for _ in range(400):
        deep = bundle(deep)
    values, refused = read(bundle(deep, message("/brother", 1.0)))
    assert (values, refused) == ({"/brother": 1.0}, 1)


@pytest.mark.parametrize(
    "datagram",
    [
        message("/nan", float("nan")),
        message("/inf", float("inf")),
        message("/text", "rm -rf"),
        message("/blob", b"1234"),
        message("/*", 1.0),
        message("/{a,b}[1-9]?", 1.0),
        message("/" + "a" * 200, 1.0),
        message("/a", *range(300)),
        message("/a", 1.0)[:-2],
        message("/a", 1.0)[:5],
        b"/a\0\0,ffff\0\0\0",
        b"/a\0\0,f\0\0",
        message("/a", 1.0) + b"more",
        b"",
        b"#bundle\0",
        bundle(b"") + b"\xff\xff\xff\xff",
        b"\0" * 64,
        b"/a\0\0,f\0\0" + b"\0" * 20_000,
        bundle(*[message("/a", 1.0)] * 513),
    ],
    ids=range(19),
)
def test_what_is_no_number_is_refused(datagram: bytes) -> None:
    values, refused = read(datagram)
    assert values in ({}, {"/a": 1.0})
    assert refused >= 1


def test_old_senders_without_tags_are_triggers() -> None:
    assert read(b"/go\0") == ({"/go": 1.0}, 0)
    assert read(message("/go")) == ({"/go": 1.0}, 0)


def test_a_message_cut_anywhere_never_raises() -> None:
    whole = bundle(message("/a", 1.0, 2), bundle(message("/b", True)), message("/c", 3))
    for length in range(len(whole)):
        read(whole[:length])


def test_another_network_needs_leave() -> None:
    with pytest.raises(InstallationError, match="whole network"):
        Osc.channels(options(host="0.0.0.0"), Library())
    with pytest.raises(InstallationError, match="not a network"):
        Osc.channels(options(host="0.0.0.0", allow="10.0.0/33"), Library())
    assert Osc.channels(options(host="0.0.0.0", allow="192.168.1.0/24, 10.0.0.7"), Library())


def test_a_port_in_use_is_said(port: Port) -> None:
    second = Osc(options(port=port.number), Place(time.monotonic, Library()))
    with pytest.raises(SourceError, match=f"UDP port {port.number}"):
        second.open()


def test_silence_is_normal_in_a_feed_and_a_fader_never_goes_stale() -> None:
    number, bus = free_port(), Bus()
    source = Osc(options(port=number), Place(time.monotonic, Library()))
    for channel in Osc.channels(source.options, Library()):
        bus.declare("osc", channel)
    feed = ThreadFeed("osc", source, bus, time.monotonic)
    feed.start()
    end = time.monotonic() + 10
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        while time.monotonic() < end and not bus.sample(0.0)["osc./fader/1"].seq:
            sender.sendto(message("/fader/1", 0.75), ("127.0.0.1", number))
            time.sleep(0.02)
    sample = bus.sample(time.monotonic() + 1e6)["osc./fader/1"]
    state = feed.health.state
    feed.stop()
    assert (sample.value, sample.stale, state) == (0.75, False, "ok")
