"""What holds for every shader file."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from installation.library import Library
from installation.stage import isf
from tests.shaders.pictures import Render, ramps

NAMES = [name.removesuffix(".fs") for name in Library().names("shaders") if name.endswith(".fs")]


def test_the_house_has_its_passes() -> None:
    assert {"between", "paint", "frame", "glow", "feedback", "corner_pin", "grade"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_input_is_ranged_and_explained(name: str) -> None:
    read = isf.read(Library().shader(name))
    assert read.description.endswith(".")
    for param in read.params:
        assert param.help, param.name
        assert param.type == "bool" or (param.low is not None and param.high is not None), param.name


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles_and_shows_the_picture(name: str, render: Render) -> None:
    shown = render(ramps(), [name])
    assert shown[..., 0].std() > 10
    assert shown[..., 1].std() > 10
    assert shown[:, 120:, 0].mean() > shown[:, :40, 0].mean() + 20  # not mirrored
    assert shown[:20, ..., 1].mean() > shown[-20:, ..., 1].mean() + 10  # not upside down


@pytest.mark.parametrize("name", NAMES)
def test_the_ends_of_every_range_are_lawful(name: str, render: Render) -> None:
    params = isf.read(Library().shader(name)).params
    for param, end in itertools.product(params, ("low", "high")):
        if param.type in ("float", "point"):
            bound = getattr(param, end)
            value = bound if param.type == "float" else (bound, bound)
            render(ramps((32, 18)), {name: {param.name: value}}, size=(32, 18))


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_and_a_tall_canvas(name: str, render: Render) -> None:
    for size in ((81, 47), (48, 96)):
        assert render(ramps(size), [name], size=size).std() > 5


def test_a_whole_chain(render: Render) -> None:
    shown = render(ramps(), ["between", "paint", "frame", "glow", "feedback", "grade", "corner_pin"], frames=4)
    assert np.ptp(shown) > 60
