"""frame.fs in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.shaders.pictures import Render, light, plain, ramps

SQUARE = (64, 64)


@pytest.mark.parametrize("fit", ["contain", "cover"])
def test_the_middle_is_the_picture(fit: str, render: Render) -> None:
    picture = ramps(SQUARE)
    shown = render(picture, {"frame": {"softness": 0.2}}, fit=fit)
    assert np.abs(shown - render(picture, fit=fit))[25:65, 60:100].max() <= 1


def test_the_wall_is_the_picture_itself_darkened(render: Render) -> None:
    colour = plain(0.8, 0.4, 0.2, size=SQUARE)
    shown = render(colour, {"frame": {"background": 0.5}}, fit="contain")
    wall = light(shown[45, 4]) / light(np.array([204, 102, 51]))
    assert np.ptp(wall) < 0.05  # the same colour
    assert 0.2 < wall.mean() < 0.5
    assert render(colour, {"frame": {"background": 0.0}}, fit="contain")[:, :20].max() <= 1


def test_the_wall_follows_the_light_of_the_picture(render: Render) -> None:
    shown = render(ramps(SQUARE), ["frame"], fit="contain")
    assert shown[:, 140:, 0].mean() > shown[:, :20, 0].mean() + 20  # red is at the right of the picture


def test_a_square_has_corners_and_a_circle_has_none(render: Render) -> None:
    white = plain(1, 1, 1, size=SQUARE)
    values = {"radius": 0.8, "softness": 0.0, "background": 0.0}
    square = render(white, {"frame": {**values, "roundness": 0.0}}, fit="contain")[..., 1]
    circle = render(white, {"frame": {**values, "roundness": 1.0}}, fit="contain")[..., 1]
    assert (square > 127).sum() == pytest.approx(72 * 72, rel=0.03)
    assert (circle > 127).sum() == pytest.approx(np.pi * 36 * 36, rel=0.03)
    tall = render(white, {"frame": {**values}}, size=(60, 120), fit="contain")[..., 1]
    assert (tall > 127).sum() == pytest.approx(np.pi * 24 * 24, rel=0.05)  # round on a tall canvas too


def test_softness_is_a_long_way_from_light_to_dark(render: Render) -> None:
    def steepest(softness: float) -> float:
        values = {"softness": softness, "background": 0.0}
        shown = render(plain(1, 1, 1, size=SQUARE), {"frame": values}, fit="contain")
        return float(np.abs(np.diff(shown[45, :, 1])).max())

    assert steepest(0.0) > 100 > 40 > steepest(0.8)
