"""A picture seen anew."""

import pytest
import torch

from installation.networks.resight import ReSight
from installation.networks.soft_grey import FEATURES, SoftGrey, gaussian, waves
from installation.training.image.crawl import ROOM, crawl

WIDTHS = (8, 8, 16, 16, 16)


def small(margin: int = 16) -> ReSight:
    torch.manual_seed(3)
    return ReSight(WIDTHS, 1, margin=margin).requires_grad_(False).eval()


def picture(height: int, width: int) -> torch.Tensor:
    """Stripes and a disc with hard edges, -1..1."""
    x, y = torch.arange(width)[None, :], torch.arange(height)[:, None]
    stripes = ((x // 9 + y // 13) % 2).float()
    disc = ((x - 70) ** 2 + (y - 60) ** 2 < 900).float()
    return (stripes * (1 - disc) * 2 - 1)[None, None]


def test_size_and_cost():
    net = ReSight()
    assert sum(p.numel() for p in net.parameters()) == 3_087_155
    assert 2 * 3_087_155 < 8e6  # bytes in half precision
    made = small()(picture(64, 96))
    assert made.shape == (1, 3, 64, 96)
    assert made.abs().max() <= 1
    assert made.std() > 1e-3


def test_a_network_comes_back_from_its_tensors():
    net = small()
    again = ReSight.from_state(net.state_dict(), margin=16)
    assert (again.widths, again.deep) == (WIDTHS, 1)
    assert torch.equal(again(picture(64, 64)), net(picture(64, 64)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"down8.weight": torch.zeros(16, 17, 3, 3)}, "down8.weight is"),
        ({"extra.weight": torch.zeros(1)}, "extra.weight"),
        ({"stem.bias": torch.full((16,), torch.nan)}, "not finite"),
    ],
)
def test_tensors_that_are_another_networks(change, words):
    with pytest.raises(ValueError, match=words):
        ReSight.from_state(small().state_dict() | change)


def test_sides_and_channels_that_it_cannot_take():
    with pytest.raises(ValueError, match="multiples of 16"):
        small()(picture(60, 64))
    with pytest.raises(ValueError, match="one channel"):
        ReSight.from_state(small().state_dict(), in_channels=3)
    with pytest.raises(ValueError, match="margin"):
        ReSight(margin=8)


def test_soft_is_a_gaussian_of_the_deviation_asked_for():
    """A step's edge, read off where it passes 16 and 84 %: a deviation to either side."""
    step = torch.zeros(1, 1, 64, 128)
    step[..., 64:] = 1
    line = SoftGrey(8.0, 0)(step)[0, 0, 8]
    at = torch.arange(len(line)) * 4 + 1.5
    below, above = ((line - share).abs().argmin() for share in (0.159, 0.841))
    assert float(at[above] - at[below]) == pytest.approx(16, abs=4)
    assert float(gaussian(2.0).sum()) == pytest.approx(1)


def test_a_margin_paints_what_is_inside_as_before():
    """Far from the borders nothing changes; at them, mirrored ground takes the place of nothing."""
    wide = picture(256, 256)
    apart = (small(0)(wide) - small(16)(wide)).abs()
    assert apart[:, :, 112:144, 112:144].max() < 0.02 * small(0)(wide).std()
    assert apart[:, :, 0].max() > apart[:, :, 128].max()


def test_waves_fade_where_the_grey_is_steep():
    even = torch.full((1, 1, 8, 8), 0.3)
    made = waves(even)
    assert made.shape == (1, FEATURES, 8, 8)
    assert torch.allclose((made[:, 1::2] ** 2 + made[:, 2::2] ** 2)[0, :, 4, 4], torch.ones(4), atol=1e-5)
    steep = torch.linspace(0, 1, 8).reshape(1, 1, 1, 8).expand(1, 1, 8, 8)
    assert waves(steep)[0, -2:, 4, 4].abs().max() < 0.4
    assert waves(steep)[0, 1:3, 4, 4].abs().max() > 0.8


def test_crawl_is_none_for_what_moves_along_and_much_for_what_sticks():
    view = picture(128 + ROOM, 128 + ROOM)
    assert crawl(lambda grey: grey.expand(-1, 3, -1, -1), view) == 0
    torch.manual_seed(1)
    noise = torch.rand(1, 3, 128, 128) * 2 - 1
    assert crawl(lambda grey: noise, view) > 0.9
    with pytest.raises(ValueError, match="larger"):
        crawl(lambda grey: grey, picture(64, 64))


def test_a_fresh_network_hardly_crawls():
    """Ten times as bright as it paints, so that there is something to crawl."""
    net = small()
    bright = 1 / float(net(picture(128, 128)).std())
    assert crawl(lambda grey: net(grey) * bright, picture(128 + ROOM, 128 + ROOM)) < 0.05
