"""Turned maps: the places pixels come from, against the rotation written out in float64."""

import math

import pytest
import torch

from installation.networks.turning import sources, turned

TURNS = [0.0, 0.003, 0.1, 0.25, 0.777, -0.123, -1e-9, 3.4]


@pytest.mark.parametrize(("height", "width"), [(4, 4), (64, 64), (48, 80), (80, 48)])
@pytest.mark.parametrize("turns", TURNS)
def test_the_places_are_a_rotation_of_square_pixels(height, width, turns):
    angle = turns * 2 * math.pi
    cos, sin = math.cos(angle), math.sin(angle)
    x = torch.arange(width, dtype=torch.float64) - (width - 1) / 2
    y = torch.arange(height, dtype=torch.float64)[:, None] - (height - 1) / 2
    expected = torch.stack([(cos * x - sin * y) * 2 / width, (sin * x + cos * y) * 2 / height], -1)
    actual = sources(height, width, torch.tensor([9.0, turns]), 1)
    assert actual.shape == (1, height, width, 2)
    assert (actual[0] - expected).abs().max() < 1e-5


def test_a_turn_is_anticlockwise_and_whole_turns_are_none():
    x = torch.zeros(1, 1, 5, 5)
    x[0, 0, 2, 4] = 1  # on the right
    quarter = turned(x, torch.tensor([0.25]), 0)
    assert quarter[0, 0, 0, 2] == pytest.approx(1, abs=1e-5)  # at the top
    assert (turned(x, torch.tensor([-2.0]), 0) - x).abs().max() < 1e-5


def test_every_picture_of_a_batch_is_turned():
    x = torch.randn(3, 2, 6, 6, generator=torch.Generator().manual_seed(4))
    assert (turned(x, torch.tensor([0.5]), 0) - x.flip(2, 3)).abs().max() < 1e-5


def test_half_precision_maps_are_placed_in_full():
    """Places in half precision would move a pixel of a large map by parts of a pixel."""
    x = torch.linspace(-1, 1, 1024).expand(1, 1, 1024, 1024)
    half = turned(x.half(), torch.tensor([0.1]), 0)
    assert half.dtype == torch.float16
    assert (half.float() - turned(x, torch.tensor([0.1]), 0)).abs().max() < 1e-3
