"""grade.fs in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.shaders.pictures import Render, light, plain, ramps


def test_the_defaults_change_nothing(render: Render) -> None:
    assert np.abs(render(ramps(), ["grade"]) - render(ramps())).max() <= 1


@pytest.mark.parametrize("stops", [-1.0, 1.0, 2.0])
def test_a_stop_doubles_the_light(stops: float, render: Render) -> None:
    before = plain(0.3, 0.25, 0.4)
    shown = render(before, {"grade": {"exposure": stops}})[45, 80]
    assert light(shown) == pytest.approx(light(before[45, 80, :3]) * 2**stops, rel=0.04)


def test_saturation_keeps_the_luma(render: Render) -> None:
    picture = plain(0.7, 0.4, 0.2)
    grey = render(picture, {"grade": {"saturation": 0.0}})[45, 80]
    assert np.ptp(grey) <= 1
    weights = np.array([0.2126, 0.7152, 0.0722])
    assert light(grey) @ weights == pytest.approx(light(picture[45, 80, :3]) @ weights, rel=0.02)


def test_warmth_and_tint_keep_white_as_bright_as_it_was(render: Render) -> None:
    weights = np.array([0.2126, 0.7152, 0.0722])
    for values in ({"temperature": 0.6}, {"temperature": -0.6}, {"tint": 0.8}):
        shown = render(plain(0.6, 0.6, 0.6), {"grade": values})[45, 80]
        assert light(shown) @ weights == pytest.approx(light(153), rel=0.03)
    warm = render(plain(0.6, 0.6, 0.6), {"grade": {"temperature": 1.0}})[45, 80]
    assert warm[0] > warm[1] > warm[2]


def test_contrast_pivots_on_the_middle_and_never_clips(render: Render) -> None:
    flat = render(ramps(), {"grade": {"contrast": 0.0}})
    assert np.abs(flat - 127.5).max() <= 1
    steep = render(ramps(), {"grade": {"contrast": 2.0}})[45, :, 0]
    assert steep[40] < 60
    assert steep[120] > 195
    assert abs(steep[79:81].mean() - 127.5) <= 2
    assert (np.diff(steep) >= -1).all()


def test_a_vignette_leaves_the_middle(render: Render) -> None:
    shown = render(plain(0.6, 0.6, 0.6), {"grade": {"vignette": 0.5}})
    assert shown[45, 80, 1] == pytest.approx(153, abs=1)
    assert shown[0, 0, 1] < 120
    assert np.ptp(shown[[0, 0, -1, -1], [0, -1, 0, -1], 1]) <= 1


def test_grain_is_new_every_film_frame_and_adds_no_light(render: Render) -> None:
    grey = plain(0.5, 0.5, 0.5)
    one = render(grey, {"grade": {"grain": 1.0}}, frames=1)
    other = render(grey, {"grade": {"grain": 1.0}}, frames=6)
    assert 5 < one.std() < 20
    assert one.mean() == pytest.approx(127.5, abs=1)
    assert np.corrcoef(one[..., 1].ravel(), other[..., 1].ravel())[0, 1] < 0.1
    assert np.abs(np.corrcoef(one[:, 1:, 1].ravel(), one[:, :-1, 1].ravel())[0, 1]) < 0.1  # no pattern
