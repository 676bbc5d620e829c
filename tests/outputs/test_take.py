"""A take is written while a show runs and played again by tapes: what the loop saw then, it sees again."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation import takes
from installation.errors import OutputError
from installation.library import Library
from installation.outputs.base import Place
from installation.outputs.take import TakeWriter
from installation.signals.bus import Bus
from installation.sources.base import Place as SourcePlace
from installation.sources.tape import Tape
from installation.types import Channel, Tick
from tests.fakes import FakeStage

CHANNELS = {
    "hands": (Channel("pinch"), Channel("palm", "vector", -1, 1, 3), Channel("clap", "event")),
    "osc": (Channel("/*", stale_after=math.inf),),
    "webcam": (Channel("frame", "image"),),
}
FPS = 60.0


def addressed() -> dict[str, Channel]:
    return {f"{source}.{channel.name}": channel for source, own in CHANNELS.items() for channel in own}


def bus() -> Bus:
    made = Bus()
    for source, own in CHANNELS.items():
        for channel in own:
            made.declare(source, channel)
    return made


def writer(folder: Path, live: bool = False, **options: Any) -> TakeWriter:
    given = {"to": str(folder), "frames": False, "licence": "CC0-1.0", "note": ""} | options
    return TakeWriter(given, Place((4, 2), FPS, live, addressed(), "a show"))


def ticks(count: int, start: float = 5.0) -> list[Tick]:
    return [Tick(frame, start + frame / FPS, 1 / FPS if frame else 0.0) for frame in range(count)]


def performance(made: Bus, tick: Tick) -> None:
    """Hands at 20 Hz with a delay, an event now and then, a fader moved once."""
    n = tick.frame
    if n % 3 == 0:
        palm = np.array([math.sin(n), math.cos(n), n / 100], np.float32)
        values: dict[str, Any] = {"pinch": math.sin(n) ** 2, "palm": palm}
        if n % 30 == 0:
            values["clap"] = 1.0
        made.post("hands", values, tick.now - 0.031)
    if n == 20:
        made.post("osc", {"/fader/1": 0.75, "/xy": np.array([1, 2], np.float32)}, tick.now - 0.002)
    if n % 2 == 0:
        made.post("webcam", {"frame": np.full((48, 64, 3), n * 2 % 256, np.uint8)}, tick.now - 0.01)


def recorded(folder: Path, count: int = 90, **options: Any) -> list[dict[str, Any]]:
    made, output = bus(), writer(folder, **options)
    seen = []
    for tick in ticks(count):
        performance(made, tick)
        snapshot = made.sample(tick.now)
        output.see(tick, snapshot, {}, FakeStage())
        seen.append({address: snapshot[address] for address in snapshot})
    output.close()
    assert (output.dropped, output.refused, output.health.state) == (0, 0, "ok")
    return seen


def replayed(folder: Path, count: int, start: float = 100.0, loop: bool = False) -> list[dict[str, Any]]:
    made = Bus()
    now = [start]
    tapes = {}
    for source in takes.read_header(folder).sources():
        options = {"take": str(folder), "source": source, "loop": loop}
        for channel in Tape.channels(options, Library()):
            made.declare(source, channel)
        tapes[source] = Tape(options, SourcePlace(lambda: now[0], Library()))
        tapes[source].open()
    seen = []
    for tick in ticks(count, start):
        now[0] = tick.now
        for source, tape in tapes.items():
            if batch := tape.poll():
                made.post(source, batch.values, batch.at)
        snapshot = made.sample(tick.now)
        seen.append({address: snapshot[address] for address in snapshot})
    return seen


def same(a: Any, b: Any) -> bool:
    return np.asarray(a, np.float32).tobytes() == np.asarray(b, np.float32).tobytes()


def test_a_replay_shows_every_tick_what_the_performance_saw(tmp_path: Path) -> None:
    then, again = recorded(tmp_path / "t"), replayed(tmp_path / "t", 90)
    for before, after in zip(then, again, strict=True):
        assert set(after) == {address for address in before if address != "webcam.frame"}
        for address, sample in after.items():
            assert sample.seq == before[address].seq
            assert sample.stale == before[address].stale
            assert sample.at - 100 == pytest.approx(before[address].at - 5, abs=1e-4)
            assert np.allclose(sample.value, before[address].value, rtol=1e-6, atol=1e-9)
            if address == "hands.palm":
                assert same(sample.value, before[address].value)


def test_two_replays_are_the_same_bit_for_bit(tmp_path: Path) -> None:
    recorded(tmp_path / "t")
    first, second = replayed(tmp_path / "t", 300, loop=True), replayed(tmp_path / "t", 300, loop=True)
    for one, other in zip(first, second, strict=True):
        assert one.keys() == other.keys()
        assert all(same(one[a].value, other[a].value) and one[a].at == other[a].at for a in one)


def test_a_take_of_a_replay_is_the_same_file(tmp_path: Path) -> None:
    recorded(tmp_path / "first")
    made, output = bus(), writer(tmp_path / "second")
    now = [50.0]
    tapes = {}
    for source in ("hands", "osc"):
        tapes[source] = Tape(
            {"take": str(tmp_path / "first"), "source": source, "loop": False}, SourcePlace(lambda: now[0], Library())
        )
        tapes[source].open()
    for tick in ticks(90, 50.0):
        now[0] = tick.now
        for source, tape in tapes.items():
            if batch := tape.poll():
                made.post(source, batch.values, batch.at)
        output.see(tick, made.sample(tick.now), {}, FakeStage())
    output.close()
    for name in (takes.HEADER, takes.SIGNALS):
        assert (tmp_path / "second" / name).read_bytes() == (tmp_path / "first" / name).read_bytes()


def test_pictures_are_kept_where_asked(tmp_path: Path) -> None:
    then = recorded(tmp_path / "t", 20, frames=True)
    again = replayed(tmp_path / "t", 20)
    for before, after in zip(then, again, strict=True):
        difference = np.abs(before["webcam.frame"].value.astype(int) - after["webcam.frame"].value)
        assert difference.max() <= 2  # a JPEG of one colour


def test_a_take_is_readable_while_it_is_written(tmp_path: Path) -> None:
    made, output = bus(), writer(tmp_path / "t")
    for tick in ticks(30):
        performance(made, tick)
        output.see(tick, made.sample(tick.now), {}, FakeStage())
    assert takes.read_header(tmp_path / "t").seconds is None
    output.close()
    take = takes.read(tmp_path / "t")
    assert take.header.seconds == 0.5
    assert (take.header.title, take.header.licence) == ("a show", "CC0-1.0")


def test_a_take_is_never_overwritten(tmp_path: Path) -> None:
    recorded(tmp_path / "t", 5)
    with pytest.raises(OutputError, match="already holds a take"):
        writer(tmp_path / "t")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write a take"):
        writer(tmp_path / "file" / "t")


def test_what_is_not_lawful_is_left_out_and_the_take_stays_readable(tmp_path: Path) -> None:
    made, output = bus(), writer(tmp_path / "t")
    for tick, pinch in zip(ticks(4), (0.5, math.nan, math.inf, 0.25), strict=True):
        made.post("hands", {"pinch": pinch, "palm": np.zeros(3 if tick.frame else 2, np.float32)}, tick.now)
        output.see(tick, made.sample(tick.now), {}, FakeStage())
    output.close()
    assert output.refused == 3
    values = [line.values.get("hands.pinch") for line in takes.read(tmp_path / "t").lines]
    assert values == [0.5, None, None, 0.25]
