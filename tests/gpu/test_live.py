"""As a show runs: one CUDA graph replayed, another size, a changeover from torch to the engine without a torn frame."""

import time

import numpy as np
import pytest

from installation.backends import tensorrt_runtime
from installation.backends.choose import load, load_live
from tests.backends.families import GRAPHS, multistyle

NEEDS_TENSORRT = pytest.mark.skipif(bool(tensorrt_runtime.missing()), reason="TensorRT is not installed")
BACKENDS = ["torch", pytest.param("tensorrt", marks=NEEDS_TENSORRT)]
NETWORKS = [name for name in GRAPHS if name not in ("sine", "texture")]  # those whose output is a picture
PATIENCE = 100  # seconds for an engine


def given(recipe, seed: int) -> dict:
    drawn = np.random.RandomState(seed)
    return {
        name: drawn.randint(0, 255, put.shape).astype(np.uint8)
        if put.dtype == "uint8"
        else drawn.randn(*put.shape).astype(np.float32)
        for name, put in recipe.inputs.items()
    }


def levels(one, other) -> float:
    """Root mean square difference, of 255."""
    return float(np.sqrt(np.mean((one.astype(float) - other.astype(float)) ** 2)))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_frame_of_a_replayed_graph_is_its_own(cache, name, backend):
    """Three frames from three inputs, in half: within 2 of 255 of torch in fp32, and each of its own input."""
    recipe = GRAPHS[name]()
    half, exact = load(recipe, backend, "fp16"), load(recipe, "torch", "fp32")
    pictures = []
    for seed in range(3):
        made = half.run(given(recipe, seed))[recipe.output].copy()
        assert levels(made, exact.run(given(recipe, seed))[recipe.output]) < 2
        pictures.append(made)
    assert levels(pictures[0], pictures[1]) > 2
    half.close()
    exact.close()


@pytest.mark.parametrize("backend", BACKENDS)
def test_another_size_is_captured_anew(cache, backend):
    recipe = multistyle((1, 96, 128, 3))
    program, exact = load(recipe, backend, "fp16"), load(recipe, "torch", "fp32")
    for height, width in ((48, 64), (96, 128), (64, 64), (48, 64)):
        inputs = given(recipe, 1)
        inputs["image"] = np.random.RandomState(2).randint(0, 255, (1, height, width, 3)).astype(np.uint8)
        made, wanted = program.run(inputs)[recipe.output], exact.run(inputs)[recipe.output]
        assert made.shape == wanted.shape == (1, height, width, 4)
        assert levels(made, wanted) < 2
    program.close()
    exact.close()


@NEEDS_TENSORRT
def test_a_show_goes_over_to_its_engine(cache):
    recipe = GRAPHS["stylegan2"]()
    live, exact = load_live(recipe), load(recipe, "torch", "fp32")
    wanted = exact.run(given(recipe, 1))[recipe.output].copy()
    assert live.backend == "torch"
    until, frames = time.monotonic() + PATIENCE, 0
    while live.backend == "torch" and time.monotonic() < until:
        assert levels(live.run(given(recipe, 1))[recipe.output], wanted) < 2
        frames += 1
    assert (live.backend, live.detail) == ("tensorrt", "")
    assert levels(live.run(given(recipe, 1))[recipe.output], wanted) < 2
    assert frames > 1
    live.close()
    again = load_live(recipe)  # kept: from the first frame on
    assert again.backend == "tensorrt"
    again.close()
    exact.close()
