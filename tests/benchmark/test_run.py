"""The benchmark's own arithmetic, and a real run of it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from installation.benchmark.run import BLOCKS, WARM_UP, BlockClock, Remembering
from installation.generators.runner import InlineRunner
from installation.types import Image
from tests.fakes import FakeSignals

ROOT = Path(__file__).resolve().parents[2]


class Busy:
    """A generator that counts, and takes its time."""

    def __init__(self, seconds: float) -> None:
        self.rendered: list[float] = []
        self._seconds = seconds

    def prepare(self) -> None:
        """Ready."""

    def warm_up(self) -> None:
        """Warm."""

    def render(self, params, signals) -> Image:
        time.sleep(self._seconds)
        self.rendered.append(params["x"])
        return Image(np.zeros((2, 2, 4), np.uint8), 0.0, len(self.rendered))

    def close(self) -> None:
        """Nothing is held."""


def test_the_bare_generator_renders_what_was_last_asked_and_nothing_of_it_counts_as_a_frame() -> None:
    generator = Busy(0.001)
    clock = BlockClock(fps=100, block=4)
    clock.bare = runner = Remembering(InlineRunner(generator))
    for tick in clock:
        with clock.section("present"):
            time.sleep(0.002)
        runner.ask({"x": tick.frame}, FakeSignals(tick.now))
    frames = 4 * (BLOCKS + WARM_UP)
    assert clock.timings.intervals.count == frames
    assert generator.rendered[:9] == [0, 1, 2, 3, 3, 3, 3, 3, 4]  # a block of the show, a block alone, and on
    assert len(generator.rendered) == 2 * frames


def test_the_parts_add_up_to_the_frame() -> None:
    clock = BlockClock(fps=100, block=5)
    clock.bare = runner = Remembering(InlineRunner(Busy(0.004)))
    for tick in clock:
        with clock.section("present"):
            time.sleep(0.008)
        runner.ask({"x": 0}, FakeSignals(tick.now))
    costs = clock.costs()
    assert costs["gl"] / costs["generator"] == pytest.approx(2, rel=0.25)
    assert costs["generator"] + costs["gl"] + costs["rest"] == pytest.approx(costs["frame"], rel=0.05)
    assert abs(costs["rest_share"]) < 0.1  # two sleeps and nothing else


def test_the_default_show_unpaced_tells_generator_drawing_and_the_rest_apart(tmp_path: Path) -> None:
    small = (ROOT / "show_configs" / "eyes.yaml").read_text().replace("1280x720", "320x180")
    (tmp_path / "small.yaml").write_text(small)
    line = [sys.executable, "-m", "installation", "benchmark", "small.yaml", "--unpaced", "--frames", "60"]
    done = subprocess.run([*line, "--report", "b.json"], cwd=tmp_path, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr
    for name in ("bare generator", "GL", "everything else", "show"):
        assert name in done.stdout
    report = json.loads((tmp_path / "b.json").read_text())
    assert report["workload"]["mode"] == "unpaced"
    assert report["input_to_frame_ms"] is None  # not measured is null, never 0
    assert report["system"]["cpu"]
    costs = report["costs_ms"]
    assert min(costs["generator"], costs["gl"]) > 0
    assert costs["generator"] < costs["frame"]
