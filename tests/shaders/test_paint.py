"""paint.fs in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.shaders.pictures import Render, plain, ramps, rgba

SIZE = (320, 180)
FLAT = {"strokes": 0.0, "canvas": 0.0}


def soft() -> np.ndarray:
    """What a network of few pixels makes: 32 x 18 random colours, scaled up by the stage."""
    rng = np.random.default_rng(5)
    return rgba(0.2 + 0.6 * rng.random((18, 32, 3)))


def step() -> np.ndarray:
    """Dark left, light right, and a slope between them ten pixels wide."""
    u = (np.arange(SIZE[0]) + 0.5) / SIZE[0]
    level = 0.2 + 0.6 * np.clip((u - 0.485) / 0.03, 0, 1)
    return rgba(np.repeat(np.tile(level, (SIZE[1], 1))[..., None], 3, axis=2))


@pytest.mark.parametrize("values", [{}, {"strokes": 1.0, "canvas": 1.0}, {"radius": 0.03}])
def test_the_mean_colour_stays(values: dict[str, float], render: Render) -> None:
    for picture in (soft(), ramps(SIZE)):
        shown = render(picture, {"paint": values}, size=SIZE)
        assert np.abs((shown - render(picture, size=SIZE)).mean((0, 1))).max() < 2


def test_no_amount_no_change(render: Render) -> None:
    assert np.abs(render(soft(), {"paint": {"amount": 0.0}}, size=SIZE) - render(soft(), size=SIZE)).max() <= 1


def test_a_flat_colour_stays_flat(render: Render) -> None:
    shown = render(plain(0.3, 0.6, 0.5, size=SIZE), {"paint": FLAT}, size=SIZE)
    assert np.abs(shown - (76.5, 153, 127.5)).max() <= 1.5


def test_a_soft_edge_becomes_firm(render: Render) -> None:
    def steepest(shown: np.ndarray) -> float:
        return float(np.abs(np.diff(shown[60:120, :, 1].mean(0))).max())

    before, after = render(step(), size=SIZE), render(step(), {"paint": {**FLAT, "radius": 0.03}}, size=SIZE)
    assert steepest(after) > 1.3 * steepest(before)
    assert np.abs(after[:, :110] - before[:, :110]).max() <= 1  # the edge has not moved into the flat
    assert abs((after > 127).mean() - 0.5) < 0.02


@pytest.mark.parametrize("name", ["strokes", "canvas"])
def test_relief_is_fine_and_grows(name: str, render: Render) -> None:
    bare = render(soft(), {"paint": FLAT}, size=SIZE)

    def relief(value: float) -> float:
        return float((render(soft(), {"paint": {**FLAT, name: value}}, size=SIZE) - bare).std())

    assert 0.5 < relief(0.5) < relief(1.0) < 25


def test_strokes_stand_still_on_a_still_picture(render: Render) -> None:
    one, later = (render(soft(), ["paint"], size=SIZE, frames=frames) for frames in (2, 9))
    assert np.abs(one - later).max() <= 1
