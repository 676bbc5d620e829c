"""What a network costs, family by family: torch in fp32 against OpenVINO, side by side in one run.

Weights are drawn at random (they do not change the cost). Backends take turns, round by round, so that a machine whose
speed wanders slows all of them alike; each figure is the median of its rounds.

    GMAC     multiply-accumulates of a picture, as torch counts them
    ms       a picture, batch 1, from numbers in to numbers out
    ratio    torch fp32's ms over this one's
    error    root mean square difference to torch fp32, as a share of the picture's own deviation
    peak     multiply-accumulates a second as a share of what a bf16 matrix product reaches in the same run
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from installation.backends.choose import load
from installation.backends.recipe import Recipe
from installation.benchmark import samples
from installation.checkpoints.card import Card
from installation.models import recipes
from installation.types import Program

RUNS = (("torch", "fp32"), ("openvino", "fp32"), ("openvino", "bf16"))
WARM_UP = 3  # pictures before the first that counts
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


def measure(names: Sequence[str], rounds: int, progress: Progress = lambda done, total: None) -> list[Row]:
    """A row a family and backend, in the order of RUNS."""
    rows: list[Row] = []
    peak = matmul_peak()
    for number, name in enumerate(names):
        with TemporaryDirectory(prefix="sample-") as folder:
            rows += _family(name, samples.card(name, Path(folder)), rounds, peak)
        progress(number + 1, len(names))
    return rows


def _family(name: str, card: Card, rounds: int, peak: float) -> list[Row]:
    part = recipes.family_of(card).picture
    recipe = recipes.numeric(card, part, samples.SAMPLES[name].size)
    given = inputs(recipe)
    programs = [load(recipe, *run) for run in RUNS]
    made = [np.array(program.run(given)[part.output], np.float64) for program in programs]
    times = _in_turns(programs, given, rounds)
    for program in programs:
        program.close()
    gmac, exact, slowest = macs(recipe) / 1e9, made[0], times[0]
    return [
        Row(name, backend, precision, gmac, ms, slowest / ms, relative_error(picture, exact), gmac / ms / peak * 1e12)
        for (backend, precision), ms, picture in zip(RUNS, times, made, strict=True)
    ]


def _in_turns(programs: Sequence[Program], given: Mapping[str, NDArray[Any]], rounds: int) -> list[float]:
    """The median milliseconds of each program."""
    for program in programs:
        for _ in range(WARM_UP):
            program.run(given)
    seconds: list[list[float]] = [[] for _ in programs]
    for _ in range(rounds):
        for program, kept in zip(programs, seconds, strict=True):
            begun = time.perf_counter()
            program.run(given)
            kept.append(time.perf_counter() - begun)
    return [1000 * statistics.median(kept) for kept in seconds]


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


def matmul_peak() -> float:
    """Multiply-accumulates a second of a bf16 matrix product: the best of a few, since a peak is what is reached."""
    import torch

    one = torch.randn(MATMUL, MATMUL, dtype=torch.bfloat16)
    best = float("inf")
    with torch.inference_mode():
        for _ in range(6):
            begun = time.perf_counter()
            one @ one
            best = min(best, time.perf_counter() - begun)
    return MATMUL**3 / best


def as_data(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]
