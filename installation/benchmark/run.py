"""What a frame costs, in one process: the bare generator and the whole show in turn, block by block.

The machine's speed drifts, so the two are measured A B A B ... and compared by their medians. ``unpaced`` frames follow
one another as fast as they can; ``paced`` ones keep the show's rate and tell what a visitor would see. The two are
never mixed in one report.

    generator   render() alone, on the parameters of the last frame
    GL          the stage's present: upload, passes, and waiting for them to be drawn
    the rest    a frame less the two: sources, bus, mapping, controls, outputs, the loop itself
"""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from installation import app
from installation.backends import tensorrt_runtime
from installation.backends.torch import has_cuda
from installation.clock import OfflineClock, TimerClock
from installation.engine import healths, perform
from installation.library import Library
from installation.show.show import Show
from installation.types import Health, Image, Params, Runner, Signals, Tick

BLOCKS = 10
WARM_UP = 2  # blocks measured and discarded: caches, frequency, lazy allocations


def paced(show: Show, library: Library, frames: int) -> dict[str, Any]:
    """The show at its own rate for ``frames`` slots: late, dropped, percentiles."""
    clock = TimerClock(show.stage["fps"], frames / show.stage["fps"])
    report = app.run(show, library, clock, app.Venue(window=False))
    return {**report, "system": system(), "costs_ms": None}


def unpaced(show: Show, library: Library, frames: int) -> dict[str, Any]:
    """``frames`` of the show in blocks, each followed by as many of the bare generator."""
    venue = app.Venue(window=False)
    clock = BlockClock(show.stage["fps"], max(1, frames // BLOCKS))
    with app.assembled(show, library, clock, venue) as performance:
        clock.bare = performance.runner = Remembering(performance.runner)
        perform(performance, clock)
        states = healths(performance)
    report = app.report(show, clock, venue, states)
    report["workload"]["mode"] = "unpaced"
    return {**report, "system": system(), "costs_ms": clock.costs()}


class Remembering:
    """A runner that also renders what it was last asked, alone. Fulfils ``types.Runner``."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._params: Params = {}
        self._signals: Signals | None = None

    @property
    def health(self) -> Health:
        return self._runner.health

    def ask(self, params: Params, signals: Signals) -> None:
        self._params, self._signals = params, signals
        self._runner.ask(params, signals)

    def newest(self) -> Image:
        return self._runner.newest()

    def close(self) -> None:
        self._runner.close()

    def alone(self, frames: int) -> float:
        """Milliseconds a picture, over ``frames`` of them."""
        assert self._signals is not None, "nothing has been asked yet"
        start = time.perf_counter()
        for _ in range(frames):
            self._runner.ask(self._params, self._signals)
        return 1000 * (time.perf_counter() - start) / frames


class BlockClock(OfflineClock):
    """Times the frames of each block; between two blocks the bare generator has its turn, outside any frame."""

    def __init__(self, fps: float, block: int) -> None:
        super().__init__(fps, (BLOCKS + WARM_UP) * block / fps)
        self.bare: Remembering | None = None
        self._block = block
        self._rows: list[dict[str, float]] = []

    def __iter__(self) -> Iterator[Tick]:
        start, drawn = time.perf_counter(), 0.0
        for tick in super().__iter__():
            yield tick
            if (tick.frame + 1) % self._block == 0:
                frame = 1000 * (time.perf_counter() - start) / self._block
                present = self.timings.sections["present"].total
                pause = time.perf_counter()
                alone = self.bare.alone(self._block) if self.bare else 0.0
                self._rows.append({"frame": frame, "generator": alone, "gl": (present - drawn) / self._block})
                drawn = present
                self.timings.leave_out(time.perf_counter() - pause)
                start = time.perf_counter()

    def costs(self) -> dict[str, float]:
        """Medians over the blocks, milliseconds a frame; ``rest_share`` is a part of the frame."""
        rows = [{**row, "rest": row["frame"] - row["generator"] - row["gl"]} for row in self._rows[WARM_UP:]]
        costs = {name: median(row[name] for row in rows) for name in ("frame", "generator", "gl", "rest")}
        return {**costs, "rest_share": costs["rest"] / costs["frame"]}


def system() -> dict[str, Any]:
    """What it ran on: figures mean nothing without it."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        cpu = f"{names[0]} x {len(names)}" if names else cpu
    packages = {name: version(name) for name in ("torch", "openvino", "moderngl", "numpy")}
    return {
        "cpu": cpu,
        "gpu": gpu(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": packages,
    }


def gpu() -> str:
    """What torch drives, and its driver; empty without CUDA."""
    if not has_cuda():
        return ""
    import torch

    return f"{torch.cuda.get_device_name()}, driver {tensorrt_runtime.driver()}"
