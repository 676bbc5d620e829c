"""Against the official code, to the last digits: every reference array of every fixture, through the whole house.

Gates: latents 1e-5; pictures 2e-5 of the reference's deviation in torch fp32, 1e-4 on OpenVINO fp32.
"""

import numpy as np
import pytest

from installation.errors import InstallationError
from installation.models.given import read_arrays
from installation.models.render import render
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


@pytest.mark.parametrize(
    ("name", "arrays", "wrong"),
    [
        ("stylegan2", {"w": np.zeros((1, 3, 64))}, r"w is \(1, 3, 64\), wanted \(N, 10, 64\)"),
        ("stylegan2", {"z": np.zeros((1, 64)), "noise": np.ones(4)}, "this model has 9 layers with noise"),
        ("stylegan2", {"z": np.zeros((1, 64)), "psi": np.array("much")}, "psi is <U4"),
        ("stylegan2-conditional", {"z": np.zeros((1, 64))}, "knows 5 classes and needs 'c'"),
        ("stylegan3-t", {"z": np.zeros((1, 64)), "transform": np.eye(2)}, "transform is"),
        ("biggan", {"z": np.zeros((1, 12)), "label": np.array([7])}, "label must be 0..6"),
        (
            "biggan",
            {"z": np.zeros((1, 12)), "label": np.eye(1, 7), "statistics": np.array("x")},
            "statistics cannot be",
        ),
        ("pix2pix", {"image": np.zeros((1, 3, 128, 128)), "look": np.array("good")}, "look cannot be 'good'"),
        ("pix2pix", {"image": np.zeros((1, 3, 100, 100))}, "sides that are multiples of 128"),
    ],
)
def test_what_a_family_cannot_take_is_one_line(converted, name, arrays, wrong):
    with pytest.raises(InstallationError, match=wrong) as caught:
        render(converted(name), arrays, "torch", "fp32")
    assert "\n" not in caught.value.message


def test_classes_mix_and_indices_are_one_hot(converted):
    card, z = converted("biggan"), np.random.RandomState(1).randn(1, 12)

    def made(label):
        return render(card, {"z": z, "label": np.array(label), "truncation": np.array(0.5)}, "torch", "fp32")["image"]

    one, other = made([2]), made([4])
    np.testing.assert_array_equal(one, made(np.eye(1, 7, 2)))
    mixed = made(np.eye(1, 7, 2) * 0.5 + np.eye(1, 7, 4) * 0.5)
    apart = np.abs(one - other).mean()
    assert 0 < np.abs(mixed - one).mean() < apart
    assert 0 < np.abs(mixed - other).mean() < apart
