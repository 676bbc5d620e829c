"""Against the official code, to the last digits: every reference array of every fixture, through the whole house.

Gates: latents 1e-5; pictures 2e-5 of the reference's deviation in torch fp32, 1e-4 on OpenVINO fp32.
"""

import numpy as np
import pytest

from installation.errors import InstallationError
from installation.models.render import read_arrays, render
from tests.models.official import CASES

EVERY = [(name, row) for name, case in CASES.items() for row in case.rows]
GATES = {"torch": 2e-5, "openvino": 1e-4}
FIRST = [(name, next(iter(case.rows))) for name, case in CASES.items()]


@pytest.mark.parametrize(("name", "row"), EVERY)
def test_torch_reproduces_the_official_picture(converted, name, row):
    check(converted, name, row, "torch")


@pytest.mark.parametrize(("name", "row"), FIRST)
def test_openvino_reproduces_it_too(converted, name, row):
    check(converted, name, row, "openvino")


def check(converted, name: str, row: str, backend: str) -> None:
    case = CASES[name]
    made = render(converted(name), case.given(row), backend, "fp32")
    wanted = case.arrays()[row]
    assert made["image"].dtype == np.float32
    assert made["image"].shape == wanted.shape
    error = np.abs(made["image"] - wanted).max() / wanted.std()
    assert error < GATES[backend], f"{error:.2e} of the picture's deviation"
    if row in case.ws:
        assert np.abs(made["ws"] - case.arrays()[case.ws[row]]).max() < 1e-5


def test_every_array_of_the_references_is_compared():
    """A fixture may grow: an array that nobody compares is a gap that looks like a test."""
    helpers = {"z", "c", "x", "label", "label_mix", "ws_mix", "latent_avg", "transform_tr", "transform_big"}
    elsewhere = {"input_psi1", "w_psi1", "img_mix4"}  # tests/networks compares these
    for name, case in CASES.items():
        left = set(case.arrays()) - set(case.rows) - set(case.ws.values()) - helpers - elsewhere
        assert not left, f"{name}: {left}"


def save(path, **arrays) -> None:
    np.savez(path, **arrays)


@pytest.mark.parametrize(
    ("arrays", "wrong"),
    [
        ({}, "the model 'stylegan2' needs 'z'"),
        ({"z": np.zeros((1, 9))}, "z is"),
        ({"z": np.full((1, 64), np.nan)}, "z holds numbers that are not finite"),
        ({"z": np.zeros((1, 64)), "noise": np.array("loud")}, "noise cannot be 'loud'"),
    ],
)
def test_arrays_that_do_not_fit_are_told(converted, arrays, wrong):
    with pytest.raises(InstallationError, match=wrong):
        render(converted("stylegan2"), arrays, "torch", "fp32")


def test_names_that_no_model_takes_are_told(converted):
    with pytest.raises(InstallationError, match="'stylegan2' takes no 'zz'"):
        render(converted("stylegan2"), {"zz": np.zeros(3)}, "torch", "fp32")


def test_a_pickle_in_an_npz_is_not_opened(tmp_path):
    save(tmp_path / "in.npz", z=np.array([{"a": 1}], dtype=object))
    with pytest.raises(InstallationError, match=r"is no \.npz of plain arrays"):
        read_arrays(tmp_path / "in.npz")


def test_one_strength_a_layer_reaches_its_layer(converted):
    """Noise of the last layer alone changes less than all of it, and something."""
    card, z = converted("stylegan2"), np.random.RandomState(3).randn(1, 64)
    none, last, both = (
        render(card, {"z": z, "noise": noise}, "torch", "fp32")["image"]
        for noise in (np.zeros(9), np.eye(9)[8], np.ones(9))
    )
    assert 0 < np.abs(last - none).mean() < np.abs(both - none).mean()
