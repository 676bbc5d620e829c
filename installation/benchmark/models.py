"""What a network costs, family by family: torch in fp32 against OpenVINO, side by side in one run.

On one core unless asked otherwise: a show needs the others, and two virtual cores may share one matrix unit, which
compares backends by how well they share and not by how well they compute. Weights are drawn at random (they do not
change the cost).

The speed of a shared machine wanders, by half within a minute, and not alike for every kind of arithmetic. So all
networks go round and round, each backend a turn at a time, and what counts is the best picture of the whole run: what
the machine does when nobody disturbs it. A turn's first picture does not count: it finds the caches full of others.

    GMAC     multiply-accumulates of a picture, as torch counts them
    ms       a picture, batch 1, from numbers in to numbers out, on ``threads`` cores
    ratio    torch fp32's ms over this one's
    error    root mean square difference to torch fp32, as a share of the picture's own deviation
    peak     multiply-accumulates a second as a share of what a bf16 matrix product reaches in the same run
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from installation.backends.choose import load
from installation.backends.recipe import Recipe
from installation.benchmark import samples
from installation.checkpoints.card import Card
from installation.errors import InstallationError
from installation.models import recipes

RUNS = (("torch", "fp32"), ("openvino", "fp32"), ("openvino", "bf16"))
TURN = 2  # pictures that count before the next backend has its turn
MATMUL = 2048  # side of the square matrices whose product is taken for the peak

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One network on one backend."""

    name: str
    backend: str
    precision: str
    gmac: float
    ms: float
    ratio: float
    error: float
    peak: float


def measure(
    names: Sequence[str], rounds: int, threads: int = 1, progress: Progress = lambda done, total: None
) -> list[Row]:
    """A row a family and backend, in the order of RUNS. Raises InstallationError where cores cannot be chosen."""
    keep_to(threads)
    with ExitStack() as stack:
        contests = []
        for name in names:
            folder = stack.enter_context(TemporaryDirectory(prefix="sample-"))
            contests.append(Contest(name, samples.card(name, Path(folder))))
            stack.callback(contests[-1].close)
        for number in range(rounds):
            for contest in contests:
                contest.turns()
            progress(number + 1, rounds)
        return [row for contest in contests for row in contest.rows()]


def keep_to(threads: int) -> None:
    """This process on its first ``threads`` cores, before any backend counts them."""
    if not hasattr(os, "sched_setaffinity"):
        raise InstallationError("this system does not let a process choose its cores", "measure on Linux")
    import torch

    cores = sorted(os.sched_getaffinity(0))
    if threads > len(cores):
        raise InstallationError(f"there are {len(cores)} cores here, not {threads}")
    os.sched_setaffinity(0, cores[:threads])
    torch.set_num_threads(threads)


class Contest:
    """One network on all backends, and the matrix product, ready to take turns."""

    def __init__(self, name: str, card: Card) -> None:
        self._name = name
        part = recipes.family_of(card).picture
        self._recipe = recipes.numeric(card, part, samples.SAMPLES[name].size)
        given = inputs(self._recipe)
        self._programs = [load(self._recipe, *run) for run in RUNS]
        self._made = [np.array(program.run(given)[part.output], np.float64) for program in self._programs]
        asked = [partial(program.run, given) for program in self._programs]
        self._runs: list[Callable[[], Any]] = [*asked, matrix_product()]
        self._best = [float("inf")] * len(self._runs)  # seconds

    def turns(self) -> None:
        for index, run in enumerate(self._runs):
            run()
            self._best[index] = min(self._best[index], *(_seconds(run) for _ in range(TURN)))

    def rows(self) -> list[Row]:
        *times, matmul = (1000 * seconds for seconds in self._best)
        peak = MATMUL**3 / matmul * 1000  # multiply-accumulates a second
        gmac, exact = macs(self._recipe) / 1e9, self._made[0]
        return [
            Row(self._name, backend, precision, gmac, ms, times[0] / ms, relative_error(picture, exact),
                gmac / ms / peak * 1e12)
            for (backend, precision), ms, picture in zip(RUNS, times, self._made, strict=True)
        ]  # fmt: skip

    def close(self) -> None:
        for program in self._programs:
            program.close()


def _seconds(run: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def inputs(recipe: Recipe, seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Numbers of the kind each input takes: normal, but one-hot for what must sum to 1, and pictures in 0..1."""
    drawn = np.random.RandomState(seed)
    given: dict[str, NDArray[np.float32]] = {}
    for name, wanted in recipe.inputs.items():
        if name in ("classes", "styles", "stats"):
            array = np.zeros(wanted.shape)
            array[..., 0] = 1
        elif name == "transform":
            array = np.eye(3)
        elif name in ("noise", "alpha", "strength"):
            array = np.ones(wanted.shape)
        else:
            array = drawn.rand(*wanted.shape) if name in ("image", "style") else drawn.randn(*wanted.shape)
        given[name] = np.ascontiguousarray(array, np.float32)
    return given


def relative_error(made: NDArray[np.float64], exact: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean((made - exact) ** 2)) / exact.std())


def macs(recipe: Recipe) -> int:
    """Multiply-accumulates of one run; torch counts two operations each."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    given = [torch.from_numpy(array) for array in inputs(recipe).values()]
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        recipe.build()(*given)
    return int(counter.get_total_flops()) // 2


def matrix_product() -> Callable[[], Any]:
    """A bf16 matrix product, MATMUL^3 multiply-accumulates: what the processor reaches when nothing else is asked."""
    import torch

    one = torch.randn(MATMUL, MATMUL, dtype=torch.bfloat16)

    def run() -> Any:
        with torch.inference_mode():
            return one @ one

    return run


def as_data(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]
