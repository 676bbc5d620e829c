from __future__ import annotations

import pytest

from installation.errors import InstallationError
from installation.latent import layers
from installation.latent.space import Space


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0-3", [0, 1, 2, 3]),
        ("8-", [8, 9, 10, 11, 12, 13]),
        ("-3", [0, 1, 2, 3]),
        ("4", [4]),
        ("13", [13]),
        ("4-4", [4]),
        (" 0 - 1, 12-,0 ", [0, 1, 12, 13]),
        ("all", list(range(14))),
    ],
)
def test_what_can_be_written(text: str, wanted: list[int]) -> None:
    assert layers.parse(text, 14, "at.layers") == wanted


@pytest.mark.parametrize("text", ["", "x", "0-3-5", "4 5", "--2", "1.5", "0..3", ",", "0-3,"])
def test_what_cannot_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InstallationError, match=r"at.layers cannot be") as refused:
        layers.parse(text, 14, "at.layers")
    assert "0-3" in refused.value.hint


@pytest.mark.parametrize("text", ["14", "14-", "3-20", "-14", "999"])
def test_a_layer_that_is_not_there_is_refused_with_those_that_are(text: str) -> None:
    with pytest.raises(InstallationError, match="the layers 0-13"):
        layers.parse(text, 14, "at.layers")


def test_backwards_is_refused_with_the_right_way_round() -> None:
    with pytest.raises(InstallationError, match="ends before it begins") as refused:
        layers.parse("5-2", 14, "at.layers")
    assert refused.value.hint == "write 2-5"


def test_a_model_that_paints_from_z_has_no_layers_to_choose() -> None:
    assert layers.of_space("all", Space(16), "at.layers") == [0]
    with pytest.raises(InstallationError, match="paints from z, which has no layers"):
        layers.of_space("0-3", Space(16), "at.layers")
