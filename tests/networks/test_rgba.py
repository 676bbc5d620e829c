"""Bytes in, bytes out: layout, rounding, clamp, opacity."""

import pytest
import torch
from torch import nn

from installation.networks.rgba import PaintsRGBA, RepaintsRGBA, to_rgba


def test_levels_are_rounded_clamped_and_opaque():
    levels = torch.tensor([-1.0, 0.0, 0.4 / 255, 0.6 / 255, 127.5 / 255, 1.0, 7.0])
    picture = levels.reshape(1, 1, 1, -1).expand(1, 3, 1, -1)
    made = to_rgba(picture)
    assert made.dtype == torch.uint8
    assert made.shape == (1, 1, 7, 4)
    assert made[0, 0, :, 0].tolist() == [0, 0, 0, 1, 128, 255, 255]
    assert (made[..., 3] == 255).all()


def test_channels_and_rows_stay_where_they_are():
    picture = torch.zeros(1, 3, 2, 3)
    picture[0, 1, 1, 2] = 1
    made = to_rgba(picture)
    assert made[0, 1, 2].tolist() == [0, 255, 0, 255]
    assert made[..., :3].sum() == 255


def test_grey_becomes_rgb_and_an_alpha_is_kept():
    grey = to_rgba(torch.full((1, 1, 2, 2), 0.2))
    assert grey[0, 0, 0].tolist() == [51, 51, 51, 255]
    clear = to_rgba(torch.tensor([0.2, 0.4, 0.6, 0.8]).reshape(1, 4, 1, 1))
    assert clear[0, 0, 0].tolist() == [51, 102, 153, 204]


class Mean(nn.Module):
    def forward(self, z, classes):
        return z.mean() * torch.ones(1, 3, 2, 2)


class Invert(nn.Module):
    """In 0..255, as fast style transfer has it."""

    def forward(self, image, styles):
        return 255 - image


def test_a_latent_network_gives_minus_one_to_one():
    paints = PaintsRGBA(Mean(), -1.0, 1.0)
    levels = [int(paints(torch.full((1, 4), v), torch.zeros(1, 1))[0, 0, 0, 0]) for v in (-1.0, 0.0, 1.0)]
    assert levels == [0, 128, 255]


@pytest.mark.parametrize(("strength", "expected"), [(0.0, 51), (0.5, 128), (1.0, 204)])
def test_strength_mixes_the_picture_with_what_became_of_it(strength, expected):
    image = torch.full((1, 2, 3, 3), 51, dtype=torch.uint8)
    made = RepaintsRGBA(Invert(), 0.0, 255.0)(image, torch.zeros(1, 1), torch.tensor([strength]))
    assert made.shape == (1, 2, 3, 4)
    assert (made[..., :3] == expected).all()
