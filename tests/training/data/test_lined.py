"""Drawings beside the pictures they are of."""

import numpy as np
import torch

from installation.models.lines import lines
from installation.training.data.about import About
from installation.training.data.lined import PENS, Lined, rubbed

SIDE = 64


def pictures(count: int = 3) -> torch.Tensor:
    """Discs, each in another place and colour."""
    held = Lined.held(SIDE)
    y, x = torch.meshgrid(torch.arange(held), torch.arange(held), indexing="ij")
    made = torch.full((count, 3, held, held), 30, dtype=torch.uint8)
    for i in range(count):
        disc = (x - 20 - 12 * i) ** 2 + (y - 30) ** 2 < 14**2
        made[i, :, disc] = torch.tensor([[220], [180 - 40 * i], [90 * i]], dtype=torch.uint8)
    return made


def test_lines_lie_where_the_picture_has_its_edges():
    seen = []
    lined = Lined(pictures(), About(), SIDE, "cpu", lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    torch.manual_seed(1)
    drawn, real = lined.draw(24)
    assert (drawn.shape, real.shape) == ((24, 1, SIDE, SIDE), (24, 3, SIDE, SIDE))
    assert float(drawn.min()) >= -1
    assert float(drawn.max()) <= 1
    for drawing, picture in zip(drawn, real, strict=True):
        ink = (drawing[0] < 0).nonzero().float()
        red = picture[0]
        step = (red[:, 1:] - red[:, :-1]).abs()
        edge = (step > 0.5).nonzero().float()
        if len(ink) and len(edge):
            assert float(torch.cdist(ink, edge).min(1).values.quantile(0.9)) < 8


def test_every_pen_draws_and_the_first_is_the_shows():
    lined = Lined(pictures(1), About(), SIDE, "cpu", lambda done, total: None)
    (kept,) = lined._pairs._both[:, : len(PENS)]
    picture = pictures(1)[0].permute(1, 2, 0).contiguous().numpy()
    np.testing.assert_array_equal(kept[0].numpy(), lines(picture)[..., 0])
    assert len({int((pen < 128).sum()) for pen in kept}) == len(PENS)


def test_half_of_the_drawings_are_incomplete():
    torch.manual_seed(0)
    drawings = torch.full((400, 1, SIDE, SIDE), -1.0)
    bare = (rubbed(drawings) == 1).float().mean((1, 2, 3))
    assert 0.4 < float((bare > 0).float().mean()) < 0.6
    assert 0 < float(bare[bare > 0].mean()) < 0.1
    assert float(bare.max()) < 0.2
