"""Pictures from a real stream over HTTP, a real film and real picture files. A camera itself cannot be in a test."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from installation.errors import InstallationError, SourceError
from installation.library import Library
from installation.signals.bus import Bus
from installation.sources import cameras
from installation.sources.base import Place
from installation.sources.feed import ThreadFeed
from installation.sources.webcam import Webcam, framed
from tests.fakes import FakeTime


def options(**given: Any) -> dict[str, Any]:
    return {param.name: param.default for param in Webcam.params} | given


def plain(number: int, size: tuple[int, int] = (64, 48)) -> Any:
    """A BGR picture that tells its own number after any coding."""
    return np.full((size[1], size[0], 3), (number * 20) % 256, np.uint8)


class Stream:
    """An MJPEG camera on the network: ``stalled`` keeps the connection and sends nothing, ``gone`` refuses it."""

    def __init__(self) -> None:
        self.stalled = self.gone = self.over = False
        stream = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if stream.gone:
                    self.send_error(503)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                number = 0
                while not stream.over and not stream.gone:
                    if not stream.stalled:
                        jpeg = cv2.imencode(".jpg", plain(number % 10, (160, 120)))[1].tobytes()
                        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                        try:
                            self.wfile.write(head.encode() + jpeg + b"\r\n")
                        except OSError:
                            return
                        number += 1
                    time.sleep(0.02)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/video.mjpg"

    def close(self) -> None:
        self.over = True
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def stream() -> Iterator[Stream]:
    made = Stream()
    yield made
    made.close()


def wait_for(done: Any, seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.02)
    return False


def test_a_stream_that_stalls_is_told_and_comes_back(stream: Stream) -> None:
    bus = Bus()
    source = Webcam(options(device=stream.url, size=(80, 60)), Place(time.monotonic, Library()))
    for channel in Webcam.channels(source.options, Library()):
        bus.declare("webcam", channel)
    feed = ThreadFeed("webcam", source, bus, time.monotonic)

    def sample() -> Any:
        return bus.sample(time.monotonic())["webcam.frame"]

    feed.start()
    try:
        assert wait_for(lambda: sample().seq > 5)
        assert feed.health.state == "ok"
        assert sample().value.shape == (60, 80, 3)
        stream.stalled = True
        assert wait_for(lambda: sample().stale)
        assert wait_for(lambda: feed.health.state == "failed")
        assert "127.0.0.1" in feed.health.detail
        stream.stalled = False
        before = sample().seq
        assert wait_for(lambda: sample().seq > before + 5 and feed.health.state == "ok")
        assert not sample().stale
        stream.gone = True
        assert wait_for(lambda: feed.health.state == "failed")
        stream.gone = False
        assert wait_for(lambda: feed.health.state == "ok")
    finally:
        feed.stop()


def test_a_password_in_an_address_is_not_told() -> None:
    url = "http://user:secret@127.0.0.1:9/video"
    assert Webcam.missing(options(device=url)) == ""  # a stream is never known to be missing
    with pytest.raises(SourceError) as error:
        Webcam(options(device=url), Place(time.monotonic, Library())).open()
    assert "secret" not in str(error.value)
    assert "127.0.0.1:9" in str(error.value)


def played(source: Webcam, clock: FakeTime, seconds: float, step: float) -> list[tuple[float, int]]:
    """When each picture was captured, and its number."""
    found = []
    end = clock.t + seconds
    while clock.t < end - 1e-9:
        if batch := source.poll():
            found.append((batch.at, round(batch.values["frame"].mean() / 20)))
        else:
            clock.spend(step)
    return found


@pytest.fixture
def film(tmp_path: Path) -> str:
    path = str(tmp_path / "ten.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 25, (64, 48))
    for number in range(10):
        writer.write(plain(number))
    writer.release()
    return path


def test_a_film_keeps_its_time_and_begins_again(film: str) -> None:
    clock = FakeTime()
    source = Webcam(options(device=film, size=(64, 48)), Place(clock.monotonic, Library()))
    source.open()
    start = clock.t
    found = played(source, clock, 0.79, 0.01)
    source.close()
    assert [number for _, number in found] == [n % 10 for n in range(20)]
    assert [at - start for at, _ in found] == pytest.approx([n / 25 for n in range(20)])


def test_a_film_leaves_out_what_it_is_late_for(film: str) -> None:
    clock = FakeTime()
    source = Webcam(options(device=film), Place(clock.monotonic, Library()))
    source.open()
    assert source.poll() is not None
    clock.spend(0.21)
    batch = source.poll()
    assert batch is not None
    assert round(batch.values["frame"].mean() / 20) == 5
    source.close()


def test_a_film_that_ends_says_so(film: str) -> None:
    clock = FakeTime()
    source = Webcam(options(device=film, loop=False), Place(clock.monotonic, Library()))
    source.open()
    with pytest.raises(SourceError, match="has ended"):
        played(source, clock, 2, 0.01)
    source.close()


def test_a_file_that_is_no_film_says_so(tmp_path: Path) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"\0" * 1000)
    with pytest.raises(SourceError, match="not a film"):
        Webcam(options(device=str(path)), Place(time.monotonic, Library())).open()


@pytest.mark.parametrize("how", ["{}", "{}/*.png", "{}/%d.png"])
def test_a_sequence_of_pictures_in_the_order_of_its_numbers(tmp_path: Path, how: str) -> None:
    for number in range(12):
        cv2.imwrite(str(tmp_path / f"{number}.png"), plain(number))
    clock = FakeTime()
    source = Webcam(options(device=how.format(tmp_path), fps=10.0), Place(clock.monotonic, Library()))
    source.open()
    found = played(source, clock, 1.45, 0.05)
    assert [number for _, number in found] == [n % 12 for n in range(15)]


def test_a_single_picture_is_sent_at_its_rate(tmp_path: Path) -> None:
    path = str(tmp_path / "one.png")
    cv2.imwrite(path, plain(3))
    clock = FakeTime()
    source = Webcam(options(device=path, fps=5.0), Place(clock.monotonic, Library()))
    source.open()
    assert len(played(source, clock, 0.95, 0.05)) == 5


@pytest.mark.parametrize(
    ("device", "told"),
    [
        ("97", "/dev/video97"),
        ("/dev/video97", "/dev/video97"),
        ("Logitech of Nobody", "no camera called"),
        ("./film.mp4", "no such file"),
        ("/nowhere/*.png", "no pictures"),
    ],
)
def test_what_is_missing_is_named(device: str, told: str) -> None:
    assert told in Webcam.missing(options(device=device))
    with pytest.raises(SourceError, match=told):
        Webcam(options(device=device), Place(time.monotonic, Library())).open()


def test_a_camera_is_found_by_part_of_its_name(tmp_path: Path) -> None:
    for index, name in ((0, "Integrated Camera"), (2, "C920 HD Pro"), (3, "C920 HD Pro")):
        (tmp_path / f"video{index}").mkdir()
        (tmp_path / f"video{index}" / "name").write_text(name + "\n")
    assert cameras.find("c920", tmp_path).address == "2"
    assert cameras.plugged_in(tmp_path) == {0: "Integrated Camera", 2: "C920 HD Pro", 3: "C920 HD Pro"}
    with pytest.raises(SourceError) as error:
        cameras.find("C920 HD Prow", tmp_path)
    assert error.value.hint == "did you mean 'C920 HD Pro'?"


def test_framed_keeps_proportions_and_turns_bgr_to_rgb() -> None:
    bgr = np.zeros((100, 200, 3), np.uint8)
    bgr[:, :100] = (255, 0, 0)  # blue on the left
    seen = framed(bgr, (50, 50), (0, 0, 1, 1), mirror=False)
    assert seen.shape == (50, 50, 3)
    assert seen.flags.c_contiguous
    assert seen[0, 0].tolist() == [0, 0, 255]
    mirrored = framed(bgr, (50, 50), (0, 0, 1, 1), mirror=True)
    assert np.array_equal(mirrored, seen[:, ::-1])
    assert mirrored.flags.c_contiguous
    right = framed(bgr, (20, 20), (0.5, 0, 0.5, 1), mirror=False)
    assert not right.any()


def test_a_circle_stays_a_circle() -> None:
    bgr = np.zeros((240, 640, 3), np.uint8)
    cv2.circle(bgr, (320, 120), 60, (255, 255, 255), -1)
    seen = framed(bgr, (160, 120), (0, 0, 1, 1), mirror=False)[..., 0] > 127
    assert seen.any(0).sum() == pytest.approx(seen.any(1).sum(), abs=1)


@pytest.mark.parametrize("crop", [(0, 0, 1), (0.5, 0, 0.6, 1), (0, 0, 0, 1)])
def test_a_crop_that_is_no_part_of_a_picture_is_a_mistake(crop: tuple[float, ...]) -> None:
    with pytest.raises(InstallationError, match="no part of a picture"):
        Webcam.channels(options(crop=crop), Library())
