"""The matrix against the official one, against the movement it undoes, and against the waves that it moves."""

from pathlib import Path

import numpy as np
import pytest
import torch

from installation.latent.transform import moved
from installation.networks.fourier_input import FourierInput
from installation.networks.modulated import Affine

FIXTURES = Path(__file__).parents[1] / "fixtures" / "stylegan3"
SIZE, RATE = 24, 16


@pytest.mark.parametrize(("name", "movement"), [("tr", (0.2, -0.1, 1 / 12)), ("big", (0.6, 0.4, 75 / 360))])
def test_the_official_buffer(name, movement):
    with np.load(FIXTURES / "t64.npz") as official:
        assert np.abs(moved(*movement) - official[f"transform_{name}"]).max() < 1e-7


def test_no_movement():
    assert np.array_equal(moved(0, 0, 0), np.eye(3, dtype=np.float32))
    assert moved(0.3, 0.1, 0.6).dtype == np.float32


def test_it_takes_a_moved_point_back():
    c, s = np.cos(2 * np.pi * 0.15), np.sin(2 * np.pi * 0.15)
    point = np.array([0.3, -0.2])
    there = np.array([[c, s], [-s, c]]) @ point + [0.25, -0.4]
    back = moved(0.25, -0.4, 0.15) @ np.array([*there, 1])
    assert np.abs(back - [*point, 1]).max() < 1e-6


@pytest.fixture
def waves():
    """w, whose own movement is none, to a picture of slow waves."""
    made = torch.Generator().manual_seed(4)
    freqs, phases = torch.randn(8, 2, generator=made), torch.rand(8, generator=made)
    still = Affine(5, 4)
    with torch.no_grad():
        still.weight.zero_()
        still.bias.copy_(torch.tensor([1.0, 0, 0, 0]))
        net = FourierInput(still, freqs, phases, torch.randn(8, 8, generator=made), SIZE, RATE, 3.0)
    return lambda *movement: net(torch.zeros(1, 5), torch.from_numpy(moved(*movement))).detach()


@pytest.mark.parametrize(
    ("movement", "expected"),
    [
        ((3 / RATE, 0, 0), lambda x: x.roll(3, 3)),
        ((0, -2 / RATE, 0), lambda x: x.roll(-2, 2)),
        ((0, 0, 0.25), lambda x: x.rot90(1, (2, 3))),
        ((5 / RATE, 0, 0.5), lambda x: x.rot90(2, (2, 3)).roll(5, 3)),
    ],
)
def test_the_picture_goes_where_it_is_told(waves, movement, expected):
    still, gone = waves(0, 0, 0), waves(*movement)
    edge = 6  # what rolled in on the other side
    difference = (gone - expected(still))[:, :, edge:-edge, edge:-edge]
    assert still.std() > 0.3
    assert difference.abs().max() < 1e-4 * still.std()
    assert (gone - still).abs().max() > 0.5 * still.std()
