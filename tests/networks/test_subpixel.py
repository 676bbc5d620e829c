"""Every rearrangement against the convolution it stands for."""

import pytest
import torch
from torch.nn import functional as F

from installation.networks.subpixel import phases, squares, upsample

SIZES = [(1, 1), (4, 4), (5, 3)]


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def apart(made: torch.Tensor, wanted: torch.Tensor) -> float:
    assert made.shape == wanted.shape
    return float((made - wanted).abs().max())


@pytest.mark.parametrize("size", SIZES)
def test_four_phases_are_one_transposed_convolution(size):
    kernel, x = drawn(5, 3, 4, 4), drawn(2, 5, *size)
    wanted = F.conv_transpose2d(x, kernel, stride=2, padding=1)
    assert apart(upsample(lambda x: F.conv2d(x, phases(kernel), padding=1), x), wanted) < 1e-5


@pytest.mark.parametrize(("side", "size"), [(7, (6, 10)), (3, (2, 4))])
def test_squares_are_the_pixels_one_by_one(side, size):
    kernel, edge = drawn(3, 5, side, side), side // 2
    x = F.pad(drawn(2, 5, *size), (edge, edge, edge, edge))
    made = F.pixel_shuffle(F.conv2d(x, squares(kernel), stride=2), 2)
    assert apart(made, F.conv2d(x, kernel)) < 2e-5
