"""What a network costs, family by family: as its authors' program runs it against what a show would use, in one run.

The plain form (plain/) is what an artist has: the network as its paper draws it, in torch, eager, fp32. The others are
measured against it. Families that have none our own module plays as they are drawn, and torch fp32 takes its place. A
show would use OpenVINO on a CPU; on an NVIDIA GPU, torch in half or TensorRT.

On one core unless asked otherwise: a show needs the others, and two virtual cores may share one matrix unit, which
compares backends by how well they share and not by how well they compute. Weights are drawn at random (they do not
change the cost).

The speed of a shared machine wanders, by half within a minute, and not alike for every kind of arithmetic. So all
networks go round and round, each backend a turn at a time, and what counts is the best picture of the whole run: what
the machine does when nobody disturbs it. A turn's first picture does not count: it finds the caches full of others.

    GMAC     multiply-accumulates of a picture, as torch counts them, of our own module
    ms       the best picture, batch 1, from numbers in to numbers out, on ``threads`` cores
    p50 p99  of all pictures of the run, milliseconds
    ratio    the plain form's ms over this one's; torch fp32's where there is no plain form
    error    root mean square difference to our own module in torch fp32, as a share of the picture's own deviation
    peak     multiply-accumulates a second as a share of what a bf16 matrix product reaches in the same run

A network that a backend cannot run has no row there; a line says why.
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
from installation.backends.torch import has_cuda
from installation.benchmark import plain, samples
from installation.checkpoints.card import Card
from installation.errors import InstallationError, ModelError
from installation.models import recipes
from installation.types import Program

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One network on one backend."""

    name: str
    backend: str
    precision: str
    gmac: float
    ms: float
    p50: float
    p99: float
    ratio: float
    error: float
    peak: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run on this machine, and how long a turn is."""

    runs: Sequence[tuple[str, str]]
    turn: int  # pictures that count before the next backend has its turn
    matmul: int  # side of the square matrices whose product is taken for the peak
    device: str


PLAIN, EXACT = ("plain", "fp32"), ("torch", "fp32")
ON_CPU = Plan((PLAIN, EXACT, ("openvino", "fp32"), ("openvino", "bf16")), 2, 2048, "cpu")
ON_CUDA = Plan((PLAIN, EXACT, ("torch", "fp16"), ("tensorrt", "fp16")), 50, 8192, "cuda")


def measure(
    names: Sequence[str], rounds: int, threads: int = 1, progress: Progress = lambda done, total: None
) -> tuple[list[Row], list[str]]:
    """A row a family and backend, in the plan's order, and a line for each that does not run here.

    Raises InstallationError where cores cannot be chosen.
    """
    keep_to(threads)
    plan = ON_CUDA if has_cuda() else ON_CPU
    with ExitStack() as stack:
        contests = []
        for name in names:
            folder = stack.enter_context(TemporaryDirectory(prefix="sample-"))
            contests.append(Contest(name, samples.card(name, Path(folder)), plan))
            stack.callback(contests[-1].close)
        for number in range(rounds):
            for contest in contests:
                contest.turns()
            progress(number + 1, rounds)
        return [row for contest in contests for row in contest.rows()], [
            line for contest in contests for line in contest.refused
        ]


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

    def __init__(self, name: str, card: Card, plan: Plan) -> None:
        self._name = name
        self._turn = plan.turn
        part = recipes.family_of(card).picture
        self._recipe = recipes.numeric(card, part, samples.SAMPLES[name].size)
        given = inputs(self._recipe)
        self.refused: list[str] = []
        self._programs: list[Program] = []
        for run in plan.runs:
            if run == PLAIN and card.family not in plain.PLAIN:
                continue
            try:
                self._programs.append(plain.load(card) if run == PLAIN else load(self._recipe, *run))
            except ModelError as error:
                self.refused.append(f"{name} does not run on {' '.join(run)}: {str(error).splitlines()[0]}")
        self._made = [np.array(program.run(given)[part.output], np.float64) for program in self._programs]
        asked = [partial(program.run, given) for program in self._programs]
        self._runs: list[Callable[[], Any]] = [*asked, matrix_product(plan)]
        self._peak = plan.matmul**3  # multiply-accumulates
        self._times: list[list[float]] = [[] for _ in self._runs]  # milliseconds

    def turns(self) -> None:
        for run, times in zip(self._runs, self._times, strict=True):
            run()
            times += [_milliseconds(run) for _ in range(self._turn)]

    def rows(self) -> list[Row]:
        *all_times, matmul = self._times
        exact = next(
            made
            for program, made in zip(self._programs, self._made, strict=True)
            if (program.backend, program.precision) == EXACT
        )
        gmac = macs(self._recipe) / 1e9
        return [
            Row(
                name=self._name,
                backend=program.backend,
                precision=program.precision,
                gmac=gmac,
                ms=(ms := min(times)),
                p50=float(np.percentile(times, 50)),
                p99=float(np.percentile(times, 99)),
                ratio=min(all_times[0]) / ms,
                error=relative_error(picture, exact),
                peak=gmac * 1e9 / ms / (self._peak / min(matmul)),
            )
            for program, times, picture in zip(self._programs, all_times, self._made, strict=True)
        ]

    def close(self) -> None:
        for program in self._programs:
            program.close()


def _milliseconds(run: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - begun)


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


def matrix_product(plan: Plan) -> Callable[[], Any]:
    """A bf16 matrix product, ``plan.matmul`` cubed multiply-accumulates: what the processor reaches undisturbed."""
    import torch

    one = torch.randn(plan.matmul, plan.matmul, dtype=torch.bfloat16, device=plan.device)

    def run() -> None:
        with torch.inference_mode():
            made = one @ one
        if made.is_cuda:
            torch.cuda.synchronize()

    return run


def as_data(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]
