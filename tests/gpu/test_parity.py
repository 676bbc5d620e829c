"""The official pictures again, on the GPU: fp32 as exactly as on a CPU, half to a hundredth of the deviation."""

import numpy as np
import pytest

from installation.backends import tensorrt_runtime
from installation.models.convert import Asked, convert
from installation.models.render import render
from tests.models.official import CASES

EVERY = [(name, row) for name, case in CASES.items() for row in case.rows]
FIRST = [(name, next(iter(case.rows))) for name, case in CASES.items()]


@pytest.fixture(scope="session")
def converted(home):
    cards = {}

    def card(name: str):
        if name not in cards:
            cards[name] = convert(Asked([CASES[name].path], home, name))
        return cards[name]

    return card


def error(converted, name: str, row: str, backend: str, precision: str) -> tuple[float, float]:
    """The greatest and the root mean square difference, as shares of the reference's deviation."""
    case = CASES[name]
    made = render(converted(name), case.given(row), backend, precision)["image"]
    wanted = case.arrays()[row]
    assert made.shape == wanted.shape
    away = (made - wanted) / wanted.std()
    print(f"{name} {row} {backend} {precision}: max {np.abs(away).max():.1e}, rms {np.sqrt(np.mean(away**2)):.1e}")
    return float(np.abs(away).max()), float(np.sqrt(np.mean(away**2)))


@pytest.mark.parametrize(("name", "row"), EVERY)
def test_torch_in_fp32(converted, cache, name, row):
    assert error(converted, name, row, "torch", "fp32")[0] < 1e-4


@pytest.mark.parametrize(("name", "row"), FIRST)
def test_torch_in_fp16(converted, cache, name, row):
    assert error(converted, name, row, "torch", "fp16")[1] < 1e-2


@pytest.mark.skipif(bool(tensorrt_runtime.missing()), reason="TensorRT is not installed")
@pytest.mark.parametrize(("precision", "most"), [("fp32", 1e-4), ("fp16", 1e-2)])
@pytest.mark.parametrize(("name", "row"), FIRST)
def test_tensorrt(converted, cache, name, row, precision, most):
    assert error(converted, name, row, "tensorrt", precision)[precision == "fp16"] < most
