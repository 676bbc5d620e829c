"""glow.fs in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.shaders.pictures import Render, plain, ramps

SIZE = (160, 96)


def lamp(level: float = 1.0) -> np.ndarray:
    """A bright square of 16 pixels in the middle of the dark."""
    picture = plain(0.05, 0.05, 0.05, size=SIZE)
    picture[40:56, 72:88, :3] = round(level * 255)
    return picture


def test_light_falls_around_the_lamp_and_nowhere_else(render: Render) -> None:
    values = {"amount": 0.5, "radius": 0.15}
    added = (render(lamp(), {"glow": values}, size=SIZE) - render(lamp(), size=SIZE))[..., 1]
    assert added.min() >= -1
    assert added[48, 92] > 25  # beside it
    assert added[48, 92] > added[48, 98] > added[48, 104] > 2
    assert np.abs(added[:, :20]).max() <= 1
    assert np.abs(added[:8]).max() <= 1


def test_it_is_as_wide_as_it_is_high(render: Render) -> None:
    shown = render(lamp(), {"glow": {"amount": 0.5, "radius": 0.15}}, size=SIZE)[..., 1]
    square = shown[8:88, 40:120]
    assert np.abs(square - square.T).max() <= 2
    assert np.abs(square - square[::-1, ::-1]).max() <= 2


def test_what_is_not_bright_does_not_glow(render: Render) -> None:
    for picture, threshold in ((lamp(0.4), 0.6), (lamp(0.7), 0.9)):
        shown = render(picture, {"glow": {"amount": 1.0, "threshold": threshold}}, size=SIZE)
        assert np.abs(shown - render(picture, size=SIZE)).max() <= 1


def test_no_amount_no_change(render: Render) -> None:
    assert np.abs(render(ramps(), {"glow": {"amount": 0.0, "threshold": 0.0}}) - render(ramps())).max() <= 1


@pytest.mark.parametrize(("name", "low", "high", "x"), [("amount", 0.2, 0.8, 91), ("radius", 0.05, 0.2, 98)])
def test_more_is_more(name: str, low: float, high: float, x: int, render: Render) -> None:
    less, more = (render(lamp(), {"glow": {name: value}}, size=SIZE)[48, x, 1] for value in (low, high))
    assert more > less + 3


def test_the_light_has_the_colour_of_the_lamp(render: Render) -> None:
    picture = lamp()
    picture[40:56, 72:88, 1:3] = 40
    beside = render(picture, {"glow": {"amount": 1.0}}, size=SIZE)[48, 91]
    assert beside[0] > beside[1] + 20
