from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation import takes
from installation.errors import TakeError
from installation.library import Library
from installation.signals.bus import Bus
from installation.sources.feed import StepFeed
from installation.sources.tape import Tape
from installation.takes import Header, Line
from installation.types import Channel
from tests.sources.conftest import Hand, made

CHANNELS = {
    "hands.x": Channel("x", stale_after=0.2),
    "hands.both": Channel("both", "vector", size=2),
    "hands.clap": Channel("clap", "event"),
    "osc./*": Channel("/*", stale_after=float("inf")),
}
FPS = 10
LINES = [
    Line(0.0, -0.03, {"hands.x": 0.0, "hands.both": [1, 2]}, {}),
    Line(0.1, 0.07, {"hands.x": 0.1, "osc./a": 5.0}, {}),
    Line(0.1, 0.09, {"hands.clap": 1.0}, {}),
    Line(0.2, 0.17, {"hands.x": 0.2}, {}),
    Line(0.7, 0.66, {"hands.x": 0.7, "osc./b": [1, 2, 3]}, {}),
]


@pytest.fixture
def take(tmp_path: Path) -> Path:
    folder = tmp_path / "take"
    folder.mkdir()
    (folder / takes.HEADER).write_text(takes.write_header(Header(FPS, 1.0, CHANNELS)))
    (folder / takes.SIGNALS).write_text("".join(map(takes.write_line, LINES)))
    return folder


def tape(take: Path, clock: Hand, **options: Any) -> Tape:
    source: Tape = made(Tape, clock, take=str(take), **{"source": "hands", **options})
    source.open()
    return source


def played(source: Tape, clock: Hand, times: list[float]) -> list[tuple[float, dict[str, Any]]]:
    """What came at which time: the batch's own time and its values."""
    found = []
    for clock.t in times:
        if batch := source.poll():
            values = {n: v.tolist() if isinstance(v, np.ndarray) else v for n, v in batch.values.items()}
            found.append((round(batch.at, 6), values))
    return found


def test_it_plays_one_source_at_the_recorded_times(take: Path, clock: Hand) -> None:
    assert played(tape(take, clock), clock, [n / FPS for n in range(10)]) == [
        (-0.03, {"x": 0.0, "both": [1.0, 2.0]}),
        (0.09, {"x": 0.1, "clap": 1.0}),
        (0.17, {"x": 0.2}),
        (0.66, {"x": 0.7}),
    ]


def test_it_begins_with_the_first_tick_whenever_that_is(take: Path, clock: Hand) -> None:
    early = played(tape(take, clock), clock, [n / 60 for n in range(50)])
    late = played(tape(take, clock), clock, [7.25 + n / 60 for n in range(50)])
    assert [values for _, values in early] == [values for _, values in late]
    assert [at for at, _ in late] == pytest.approx([at + 7.25 for at, _ in early])


@pytest.mark.parametrize("fps", [3, 10, 24, 29.97, 60, 240])
def test_at_any_frame_rate_a_tick_has_the_newest_of_its_time(take: Path, clock: Hand, fps: float) -> None:
    source = tape(take, clock, loop=False)
    newest: dict[str, Any] = {}
    for frame in range(round(fps)):
        clock.t = frame / fps
        if batch := source.poll():
            newest.update(batch.values)
        due = [line.values["hands.x"] for line in LINES if "hands.x" in line.values and line.t <= clock.t + 1e-9]
        assert newest["x"] == due[-1]


def test_the_grid_a_take_was_recorded_on_gives_each_line_its_own_tick(tmp_path: Path, clock: Hand) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    lines = [Line(n / 60, n / 60, {"hands.x": float(n)}, {}) for n in range(600)]
    (folder / takes.HEADER).write_text(takes.write_header(Header(60, 10.0, {"hands.x": CHANNELS["hands.x"]})))
    (folder / takes.SIGNALS).write_text("".join(map(takes.write_line, lines)))
    source = made(Tape, clock, take=str(folder))  # its only source needs no naming
    source.open()
    for start in (0.0, 0.00213):  # offline, and a live clock that begins a little after its zero
        source.open()
        for n in range(1200):  # two turns: no line moves to a neighbour's tick at the seam
            clock.t = start + n / 60
            batch = source.poll()
            assert batch is not None
            assert batch.values["x"] == n % 600


def test_a_thousand_turns_do_not_shift_the_grid(tmp_path: Path, clock: Hand) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    lines = [Line(n / 60, n / 60, {"hands.x": float(n)}, {}) for n in range(7)]
    (folder / takes.HEADER).write_text(takes.write_header(Header(60, 7 / 60, {"hands.x": CHANNELS["hands.x"]})))
    (folder / takes.SIGNALS).write_text("".join(map(takes.write_line, lines)))
    source = made(Tape, clock, take=str(folder))
    source.open()
    for n in range(7000):
        clock.t = n / 60
        batch = source.poll()
        assert batch is not None
        assert batch.values["x"] == n % 7


def test_the_same_ticks_give_the_same_bits_every_time(take: Path, clock: Hand) -> None:
    times = [n / 60 for n in range(400)]
    first = played(tape(take, clock), clock, times)
    assert first == played(tape(take, clock), clock, times)
    assert len(first) == pytest.approx(4 * 400 / 60, abs=4)


def test_looping_goes_on_counting(take: Path, clock: Hand) -> None:
    bus = Bus()
    bus.declare("hands", CHANNELS["hands.x"])
    feed = StepFeed("hands", tape(take, clock), bus)
    seqs, stamps = [], []
    for n in range(31):
        clock.t = n / FPS
        feed.step()
        sample = bus.sample(clock.t)["hands.x"]
        seqs.append(sample.seq)
        stamps.append(sample.at)
    assert stamps == sorted(stamps)
    assert seqs[-1] == 3 * 4 + 1
    assert stamps[10] == pytest.approx(0.97)  # the first line's own moment, one turn on
    feed.stop()


def test_without_loop_it_ends_and_goes_stale(take: Path, clock: Hand) -> None:
    source = tape(take, clock, loop=False)
    assert len(played(source, clock, [n / FPS for n in range(50)])) == 4


def test_staleness_is_as_it_was(take: Path, clock: Hand) -> None:
    bus = Bus()
    bus.declare("hands", CHANNELS["hands.x"])
    feed = StepFeed("hands", tape(take, clock), bus)
    stale = []
    for n in range(10):
        clock.t = n / FPS
        feed.step()
        stale.append(bus.sample(clock.t)["hands.x"].stale)
    assert stale == [False, False, False, False, True, True, True, False, False, True]


def test_after_a_hang_of_hours_one_poll_tells_the_newest(take: Path, clock: Hand) -> None:
    source = tape(take, clock)
    source.poll()
    clock.t = 36_000.25
    batch = source.poll()
    assert batch is not None
    assert batch.values["x"] == 0.2
    assert batch.at == pytest.approx(36_000.17)
    assert batch.values["clap"] == 1.0


def test_open_channels_play_with_their_addresses(take: Path, clock: Hand) -> None:
    found = played(tape(take, clock, source="osc"), clock, [n / FPS for n in range(10)])
    assert found == [(0.07, {"/a": 5.0}), (0.66, {"/b": [1.0, 2.0, 3.0]})]


def test_channels_are_known_without_reading_the_signals(take: Path) -> None:
    (take / takes.SIGNALS).unlink()
    options = {"take": str(take), "source": "hands", "loop": True}
    assert Tape.channels(options, Library()) == tuple(c for a, c in CHANNELS.items() if a.startswith("hands"))


def test_which_source_must_be_said_where_there_are_several(take: Path, clock: Hand) -> None:
    with pytest.raises(TakeError, match="has 2 sources; say which") as caught:
        made(Tape, clock, take=str(take))
    assert "hands, osc" in caught.value.hint
    with pytest.raises(TakeError, match="has no source 'hand'") as caught:
        made(Tape, clock, take=str(take), source="hand")
    assert caught.value.hint == "did you mean 'hands'?"


def test_pictures_come_as_pictures(take: Path, clock: Hand) -> None:
    import cv2

    channels = {"webcam.frame": Channel("frame", "image")}
    (take / takes.HEADER).write_text(takes.write_header(Header(FPS, 1.0, channels)))
    lines = [Line(n / FPS, n / FPS, {}, {"webcam.frame": n}) for n in range(3)]
    (take / takes.SIGNALS).write_text("".join(map(takes.write_line, lines)))
    for n in range(2):
        path = takes.frame_path(take, "webcam.frame", n)
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = np.zeros((24, 32, 3), np.uint8)
        picture[..., 2 - n] = 200  # BGR on disk: red first, then green
        cv2.imwrite(str(path), picture)
    bus = Bus()
    bus.declare("webcam", channels["webcam.frame"])
    feed = StepFeed("webcam", tape(take, clock, source="webcam"), bus)
    for n, colour in enumerate(([200, 0, 0], [0, 200, 0])):
        clock.t = n / FPS
        feed.step()
        frame = bus.sample(clock.t)["webcam.frame"].value
        assert frame.shape == (24, 32, 3)
        assert frame.dtype == np.uint8
        assert np.abs(frame.mean((0, 1)) - colour).max() < 3
    clock.t = 0.2  # a picture that is gone costs that picture, not the show
    feed.step()
    assert feed.health.state == "failed"
    assert "000002.jpg" in feed.health.detail
