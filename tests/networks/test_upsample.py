"""Both ways of doubling are the filter over zeros that are really inserted, borders too."""

import pytest
import torch
from torch.nn import functional as F

from installation.networks.upsample import Upsample, upsampled
from tests.networks import plain_stylegan2 as plain


@pytest.mark.parametrize("side", [1, 2, 5])
def test_both_ways_are_the_filter_over_zeros(side):
    x = torch.randn(2, 3, side, side, generator=torch.Generator().manual_seed(side))
    wanted = torch.stack([plain.filtered(plain.with_zeros(each), 2, 1) for each in x])
    assert wanted.shape == (2, 3, 2 * side, 2 * side)
    for made in (Upsample(3)(x), upsampled(x)):
        assert (made - wanted).abs().max() < 1e-6
    bilinear = F.interpolate(x, scale_factor=2.0, mode="bilinear")
    assert (bilinear - wanted).abs().max() > 0.05  # its borders differ
    if side > 2:
        assert (bilinear - wanted)[:, :, 1:-1, 1:-1].abs().max() < 1e-6
