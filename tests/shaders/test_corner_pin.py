"""corner_pin.fs against a homography worked out apart from it."""

from __future__ import annotations

import numpy as np

from tests.shaders.pictures import SIZE, Render, plain, ramps

QUAD = {
    "bottom_left": (0.1, 0.05),
    "bottom_right": (0.85, 0.2),
    "top_left": (0.2, 0.9),
    "top_right": (0.95, 0.8),
}
PICTURE = np.array([(0, 0), (1, 0), (0, 1), (1, 1)], float)


def homography(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The 3 x 3 matrix that takes four points to four points: eight linear equations."""
    rows, right = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(right)), 1).reshape(3, 3)


def places() -> np.ndarray:
    """Middles of the canvas's pixels, top row first, in 0..1 from the lower left corner."""
    u = (np.arange(SIZE[0]) + 0.5) / SIZE[0]
    v = 1 - (np.arange(SIZE[1]) + 0.5) / SIZE[1]
    return np.stack(np.meshgrid(u, v), -1)


def test_the_defaults_change_nothing(render: Render) -> None:
    assert np.abs(render(ramps(), ["corner_pin"]) - render(ramps())).max() <= 1


def test_every_pixel_comes_from_where_the_homography_says(render: Render) -> None:
    shown = render(ramps(), {"corner_pin": QUAD})
    back = homography(np.array(list(QUAD.values())), PICTURE)
    found = np.concatenate([places(), np.ones((*places().shape[:2], 1))], -1) @ back.T
    found = found[..., :2] / found[..., 2:]
    inside = (np.abs(found - 0.5) < 0.47).all(-1)
    outside = (np.abs(found - 0.5) > 0.53).any(-1)
    assert inside.sum() > 5000
    assert np.abs(shown[..., :2] - 255 * found)[inside].max() <= 2
    assert shown[outside].max() <= 1


def test_the_middle_of_the_picture_goes_where_its_diagonals_meet(render: Render) -> None:
    shown = render(ramps(), {"corner_pin": QUAD})
    a, b, c, d = (np.array(QUAD[name]) for name in ("bottom_left", "top_right", "bottom_right", "top_left"))
    s, _ = np.linalg.solve(np.stack([b - a, c - d], 1), c - a)
    x, y = a + s * (b - a)
    at = shown[int((1 - y) * SIZE[1]), int(x * SIZE[0])]
    assert np.abs(at[:2] - 127.5).max() <= 3


def test_a_crossed_picture_is_turned_over(render: Render) -> None:
    mirrored = {"bottom_left": (1, 0), "bottom_right": (0, 0), "top_left": (1, 1), "top_right": (0, 1)}
    # Two levels: the finish dithers by where a pixel is, not by what it shows.
    assert np.abs(render(ramps(), {"corner_pin": mirrored}) - render(ramps())[:, ::-1]).max() <= 2


def test_corners_on_one_line_or_one_point_are_black(render: Render) -> None:
    line = {name: (x, x) for name, x in zip(QUAD, (0.1, 0.4, 0.6, 0.9), strict=True)}
    point = dict.fromkeys(QUAD, (0.5, 0.5))
    for corners in (line, point):
        assert render(plain(1, 1, 1), {"corner_pin": corners}).max() <= 1


def test_its_edge_is_smooth(render: Render) -> None:
    shown = render(plain(1, 1, 1), {"corner_pin": QUAD})[..., 1]
    assert ((shown > 30) & (shown < 225)).sum() > 60
