"""Every backend computes the same network: fp32 to 1e-5, bf16 to 3e-2, relative RMS of the float output."""

import numpy as np
import pytest
import torch

from installation.backends.choose import load
from tests.backends.families import multistyle

TOLERANCE = {"fp32": 1e-5, "bf16": 3e-2}
EACH = [(backend, precision) for backend in ("torch", "openvino") for precision in ("fp32", "bf16")]


def inputs(seed: int) -> dict[str, np.ndarray]:
    return {"z": np.random.RandomState(seed).randn(1, 8).astype(np.float32), "gain": np.full(1, 1.2, np.float32)}


def expected(recipe, given) -> np.ndarray:
    with torch.no_grad():
        return recipe.build()(*(torch.from_numpy(array) for array in given.values())).numpy()


@pytest.mark.parametrize(("backend", "precision"), EACH)
def test_the_same_picture_everywhere(cache, recipe, backend, precision):
    program = load(recipe, backend, precision)
    assert (program.backend, program.precision) == (backend, precision)
    for seed in (1, 2):
        given = inputs(seed)
        wanted = expected(recipe, given)
        made = np.asarray(program.run(given)["out"], np.float32)
        assert made.shape == (1, 3, 8, 8)
        error = np.sqrt(np.mean((made - wanted) ** 2)) / wanted.std()
        assert error < TOLERANCE[precision], f"{backend} {precision}: {error:.2e}"
    program.close()


@pytest.mark.parametrize("backend", ["torch", "openvino"])
def test_arrays_that_do_not_fit_are_refused(cache, recipe, backend):
    program = load(recipe, backend, "fp32")
    with pytest.raises(ValueError, match="small: z is"):
        program.run({**inputs(1), "z": np.zeros((1, 9), np.float32)})


@pytest.mark.parametrize("backend", ["torch", "openvino"])
def test_a_size_that_changes_between_runs(cache, backend):
    program = load(multistyle(most=(1, 96, 128, 3)), backend, "fp32")
    exact = multistyle().build()
    for height, width in ((48, 64), (96, 128), (64, 96), (64, 96)):
        image = np.random.RandomState(height).randint(0, 256, (1, height, width, 3)).astype(np.uint8)
        given = {"image": image, "styles": np.array([[0.3, 0.7]], np.float32), "strength": np.ones(1, np.float32)}
        made = program.run(given)["rgba"]
        wanted = exact(*map(torch.from_numpy, given.values())).numpy()
        assert made.shape == (1, height, width, 4)
        assert np.abs(made.astype(int) - wanted).max() <= 1
    with pytest.raises(ValueError, match=r"image is .*, not uint8 \(1, 48, 64, 3\) to \(1, 96, 128, 3\)"):
        program.run({**given, "image": np.zeros((1, 96, 132, 3), np.uint8)})
    program.close()


@pytest.mark.parametrize("backend", ["torch", "openvino"])
def test_the_callers_arrays_are_not_touched(cache, recipe, backend):
    given = inputs(5)
    before = {name: array.copy() for name, array in given.items()}
    load(recipe, backend, "fp32").run(given)
    for name, array in before.items():
        np.testing.assert_array_equal(given[name], array)
