"""Films, decoded again: every frame, when it was shown, in its colours; what a stall, a full disk and a kill cost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from installation.errors import OutputError
from installation.library import Library
from installation.outputs.base import Place
from installation.outputs.recorder import PENDING, Recorder
from installation.stage.headless import Headless
from installation.stage.stage import Stage
from installation.types import Image, Tick

SIZE, FPS = (96, 64), 30.0


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage(Headless(SIZE), SIZE, [], Library())
    yield made
    made.close()


def drawn(frame: int) -> np.ndarray:
    """Quarters in four colours, and a white bar that is ``frame`` steps from the left."""
    pixels = np.full((SIZE[1], SIZE[0], 4), 255, np.uint8)
    pixels[:32, :48, :3], pixels[:32, 48:, :3] = (200, 40, 40), (40, 180, 60)
    pixels[32:, :48, :3], pixels[32:, 48:, :3] = (50, 60, 210), (128, 128, 128)
    pixels[24:40, 4 * (frame % 24) : 4 * (frame % 24) + 4, :3] = 255
    return pixels


def place(live: bool = False, size: tuple[int, int] = SIZE, fps: float = FPS) -> Place:
    return Place(size, fps, live)


def options(path: Path, crf: int = 8) -> dict[str, Any]:
    return {"to": str(path), "crf": crf, "preset": "ultrafast"}


def film(recorder: Recorder, stage: Stage, frames: Sequence[int], fps: float = FPS) -> None:
    """Shows and films the ticks of these numbers; the show began long ago."""
    for frame in frames:
        tick = Tick(frame, 1000 + frame / fps, 1 / fps)
        stage.present(Image(drawn(frame), tick.now, frame + 1), {}, {}, tick)  # type: ignore[arg-type]
        recorder.see(tick, {}, {}, stage)  # type: ignore[arg-type]


def decoded(path: Path) -> list[tuple[float, np.ndarray]]:
    with av.open(str(path)) as container:
        return [(float(frame.time or 0), frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def bar(pixels: np.ndarray) -> int:
    """Where the white bar is."""
    row = pixels[26:38].astype(int).min(axis=(0, 2))
    return int(row.argmax()) // 4


def test_every_frame_in_its_place_and_its_colours(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "made" / "on the way" / "show.mp4"
    recorder = Recorder(options(path), place())
    film(recorder, stage, range(60))
    shown = stage.read()[..., :3].astype(int)
    recorder.close()
    frames = decoded(path)
    assert [at for at, _ in frames] == pytest.approx([n / FPS for n in range(60)], abs=1e-4)
    assert [bar(pixels) for _, pixels in frames] == [n % 24 for n in range(60)]
    for y, x in ((10, 20), (10, 80), (54, 20), (54, 80)):
        patch = frames[-1][1][y - 4 : y + 4, x - 4 : x + 4].mean(axis=(0, 1))
        assert patch == pytest.approx(shown[y, x], abs=3)
    assert recorder.summary() == {"path": str(path), "frames": 60, "dropped": 0}
    assert recorder.health.state == "ok"


def test_what_a_player_is_told(stage: Stage, tmp_path: Path) -> None:
    recorder = Recorder(options(tmp_path / "a.mp4"), place(fps=59.94))
    film(recorder, stage, range(5), 59.94)
    recorder.close()
    with av.open(str(tmp_path / "a.mp4")) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context
        assert (codec.name, codec.pix_fmt, codec.width, codec.height) == ("h264", "yuv420p", *SIZE)
        assert (codec.colorspace, codec.color_primaries, codec.color_trc, codec.color_range) == (1, 1, 1, 1)
        assert float(stream.average_rate or 0) == pytest.approx(59.94, abs=0.01)
        assert not container.streams.audio


def test_a_slot_without_a_frame_keeps_its_time(stage: Stage, tmp_path: Path) -> None:
    recorder = Recorder(options(tmp_path / "a.mp4"), place())
    film(recorder, stage, [3, 4, 5, 12, 13])
    recorder.close()
    frames = decoded(tmp_path / "a.mp4")
    assert [at * FPS for at, _ in frames] == pytest.approx([0, 1, 2, 9, 10], abs=0.01)
    assert [bar(pixels) for _, pixels in frames] == [3, 4, 5, 12, 13]


def test_a_faster_screen_gives_one_frame_a_slot(stage: Stage, tmp_path: Path) -> None:
    recorder = Recorder(options(tmp_path / "a.mp4"), place())
    film(recorder, stage, range(40), 4 * FPS)
    recorder.close()
    slots = [at * FPS for at, _ in decoded(tmp_path / "a.mp4")]
    assert slots == pytest.approx(list(range(len(slots))), abs=0.01)
    assert 10 <= len(slots) <= 11


class Stalled(Recorder):
    """Its encoder waits for ``go``."""

    go: threading.Event

    def _encode(self, slot: int, planes: Any) -> None:
        self.go.wait()
        super()._encode(slot, planes)


class Counted:
    """A stage that counts what is read back of it."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.reads = stage, 0

    def present(self, *arguments: Any) -> None:
        self.stage.present(*arguments)

    def read_yuv420(self) -> Any:
        self.reads += 1
        return self.stage.read_yuv420()


def test_live_a_stalled_encoder_costs_frames_never_time(stage: Stage, tmp_path: Path) -> None:
    Stalled.go = threading.Event()
    recorder = Stalled(options(tmp_path / "a.mp4"), place(live=True))
    counted: Any = Counted(stage)
    film(recorder, counted, range(40))  # returns, though nothing is encoded
    assert PENDING <= counted.reads <= PENDING + 1  # what waits, and what the encoder holds
    assert recorder.dropped == 40 - counted.reads
    assert (recorder.health.state, recorder.health.detail) == ("slow", f"{recorder.dropped} frames dropped")
    Stalled.go.set()
    recorder.close()
    assert recorder.frames == counted.reads
    frames = decoded(tmp_path / "a.mp4")
    assert [bar(pixels) for _, pixels in frames] == list(range(counted.reads))


def test_offline_the_show_waits(stage: Stage, tmp_path: Path) -> None:
    class Slow(Recorder):
        def _encode(self, slot: int, planes: Any) -> None:
            time.sleep(0.005)
            super()._encode(slot, planes)

    recorder = Slow(options(tmp_path / "a.mp4"), place(live=False))
    film(recorder, stage, range(40))
    recorder.close()
    assert (recorder.frames, recorder.dropped) == (40, 0)
    assert len(decoded(tmp_path / "a.mp4")) == 40


@pytest.mark.parametrize("live", [True, False])
def test_a_full_disk_costs_the_film_not_the_show(live: bool, stage: Stage, tmp_path: Path) -> None:
    class Full(Recorder):
        def _encode(self, slot: int, planes: Any) -> None:
            if slot == 5:
                raise OSError(28, "No space left on device")
            super()._encode(slot, planes)

    recorder = Full(options(tmp_path / "a.mp4"), place(live))
    film(recorder, stage, range(60))
    recorder.close()
    assert (recorder.health.state, recorder.health.detail) == ("failed", "cannot record: No space left on device")
    assert recorder.frames == 5


def test_what_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "a.mp4", tmp_path):
        with pytest.raises(OutputError, match="cannot record to"):
            Recorder(options(path), place())
    with pytest.raises(OutputError, match="a film cannot be 97x64: its sides must be even"):
        Recorder(options(tmp_path / "a.mp4"), place(size=(97, 64)))


KILLED = """
import sys, time
from pathlib import Path
from installation.library import Library
from installation.outputs.base import Place
from installation.outputs.recorder import Recorder
from installation.stage.headless import Headless
from installation.stage.stage import Stage
from tests.outputs.test_recorder import SIZE, FPS, film, options

stage = Stage(Headless(SIZE), SIZE, [], Library())
recorder = Recorder(options(Path(sys.argv[1])), Place(SIZE, FPS, False))
film(recorder, stage, range(300))
while recorder.frames < 300:
    time.sleep(0.01)
print("filmed", flush=True)
time.sleep(60)
"""


def test_a_killed_process_leaves_a_film(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "a.mp4")],
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert child.stdout
    assert child.stdout.readline() == b"filmed\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    frames = decoded(tmp_path / "a.mp4")
    # Ten seconds were filmed; the last fragment and the encoder's look-ahead are lost.
    assert 7 * FPS <= len(frames) <= 300
    assert [bar(pixels) for _, pixels in frames] == [n % 24 for n in range(len(frames))]
