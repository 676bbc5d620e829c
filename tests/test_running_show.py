"""Whole shows: from a packet or a take to the parameters, the picture and the film."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from installation import app
from installation.clock import OfflineClock, TimerClock
from installation.engine import perform
from installation.library import Library
from installation.types import Health, Params, Signals, Stage, Tick

ROOT = Path(__file__).resolve().parents[1]

OSC_SHOW = """\
title: OSC
sources: {{osc: {{kind: osc, port: {port}}}}}
generator: {{kind: test_card}}
mapping:
  stage.grade.exposure: osc./light | scale 0..1 -> -2..2 | else 0
stage: {{size: 96x64, fps: 100, passes: [grade]}}
"""


class Probe:
    """An output that keeps parameters and the picture's brightness."""

    def __init__(self) -> None:
        self.health = Health("ok")
        self.params: list[Params] = []
        self.light: list[float] = []

    def see(self, tick: Tick, signals: Signals, params: Params, stage: Stage) -> None:
        self.params.append(dict(params))
        self.light.append(float(stage.read()[..., :3].mean()))

    def close(self) -> None:
        """Nothing is held."""

    def summary(self) -> Mapping[str, Any]:
        return {}


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def load(text: str, folder: Path) -> tuple[Any, Library]:
    path = folder / "show.yaml"
    path.write_text(text)
    library = Library()
    return app.load_show(str(path), library), library


def test_oscsend_moves_a_parameter_and_the_picture_of_a_running_show(tmp_path: Path) -> None:
    port = free_port()
    show, library = load(OSC_SHOW.format(port=port), tmp_path)
    clock = TimerClock(show.stage["fps"], 30)
    probe = Probe()

    def visitor() -> None:
        while not probe.params and not clock.stopped:  # the first frame is to be without it
            time.sleep(0.01)
        # Until it is seen: the packet may come before the socket is open, as it may in a gallery.
        while not any(values["stage.grade.exposure"] > 0.9 for values in probe.params[-5:]) and not clock.stopped:
            subprocess.run(["oscsend", "localhost", str(port), "/light", "f", "0.75"], check=True)
            time.sleep(0.05)
        clock.stop()

    with app.assembled(show, library, clock, app.Venue(window=False)) as performance:
        performance.outputs["probe"] = probe
        thread = threading.Thread(target=visitor)
        thread.start()
        perform(performance, clock)
        thread.join()
    values = [values["stage.grade.exposure"] for values in probe.params]
    assert values[0] == 0.0  # nothing had come: else
    assert values[-1] == pytest.approx(1.0)
    assert probe.light[-1] > 1.2 * probe.light[0]


def command(*words: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "installation", *map(str, words)]
    done = subprocess.run(line, cwd=cwd, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_recording_and_replaying_twice_gives_the_same_parameters_bit_for_bit(tmp_path: Path) -> None:
    (tmp_path / "waves.yaml").write_text(
        "title: Waves\n"
        "sources: {slow: {kind: lfo, rate: 0.7}, quick: {kind: lfo, rate: 3.1, wave: noise}}\n"
        "generator: {kind: test_card}\n"
        "mapping:\n"
        "  stage.grade.exposure: slow.value | smooth 0.2s | add quick.value\n"
        "  stage.grade.contrast: base + quick.value | one_euro | scale 0..1 -> -0.1..0.1\n"
        "stage: {size: 64x64, fps: 50, passes: [grade]}\n"
    )
    command("record", "waves.yaml", "-o", "take", "--headless", "--seconds", "1.5", cwd=tmp_path)
    reports = []
    for n in (1, 2):
        command("replay", "waves.yaml", "take", "--headless", "--report", f"{n}.json", cwd=tmp_path)
        reports.append(json.loads((tmp_path / f"{n}.json").read_text()))
    digests = [report["outputs"]["digest"]["params_sha256"] for report in reports]
    assert digests[0] == digests[1]
    assert reports[0]["frames"] >= 70
    # And the fingerprint can tell a difference: half the take is another performance.
    command("replay", "waves.yaml", "take", "--headless", "--seconds", "0.7", "--report", "3.json", cwd=tmp_path)
    assert json.loads((tmp_path / "3.json").read_text())["outputs"]["digest"]["params_sha256"] != digests[0]


def test_eyes_headless_leaves_a_film_and_a_report(tmp_path: Path) -> None:
    done = command(
        *("run", ROOT / "show_configs" / "eyes.yaml", "--headless", "--seconds", "6"),
        *("--record", "e.mp4", "--report", "e.json"),
        cwd=tmp_path,
    )
    report = json.loads((tmp_path / "e.json").read_text())
    assert report["frames"] > 10
    assert set(report["stages_ms"]) >= {"sense", "map", "generate", "present", "output"}
    assert report["health"]["generator"]["state"] == "ok"
    assert "rehearsal" in done.stderr  # no camera here, and that is said
    with av.open(str(tmp_path / "e.mp4")) as film:
        frames = [frame.to_ndarray(format="gray") for frame in film.decode(video=0)]
    assert len(frames) > 10
    assert frames[0].shape == (720, 1280)
    assert min(frame.mean() for frame in frames) > 8  # never black
    assert np.abs(frames[-1].astype(int) - frames[0]).mean() > 4  # and it moves


def test_stop_signals_end_a_show_cleanly_and_the_table_is_printed(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "installation", "run", str(ROOT / "show_configs" / "eyes.yaml"), "--headless"]
    line += ["--record", "out/cut.mp4"]
    process = subprocess.Popen(line, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    film = tmp_path / "out" / "cut.mp4"
    deadline = time.monotonic() + 60
    while (not film.exists() or film.stat().st_size < 20_000) and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(2)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "fps" in out
    assert "input to frame" in out
    with av.open(str(film)) as container:
        assert sum(1 for _ in container.decode(video=0)) > 5


def test_the_same_show_offline_renders_the_same_frames_twice() -> None:
    library = Library()
    lights = []
    for _ in range(2):
        show, _ = app.from_take(app.load_show("eyes", library), "rehearsal", library)
        probe = Probe()
        clock = OfflineClock(5, 4)
        with app.assembled(show, library, clock, app.Venue(window=False)) as performance:
            performance.outputs["probe"] = probe
            perform(performance, clock)
        lights.append((probe.light, [tuple(values.items()) for values in probe.params]))
    assert lights[0] == lights[1]
    assert len(lights[0][0]) == 20
