"""A texture, by its names and shapes."""

import pytest

from installation.benchmark.samples import pictures
from installation.checkpoints.families import recognise
from installation.checkpoints.found import Found
from installation.errors import ModelError


def test_one_of_the_house():
    found = recognise(Found("training", pictures.texture()[0]))
    assert found.family == "texture"
    assert found.words == "neural cellular automaton, 12 channels, 5,868 parameters"
    assert found.network == {"channels": 12}
    assert found.resolution is None


@pytest.mark.parametrize(("channels", "hidden"), [(8, 32), (16, 128)])
def test_any_size(channels, hidden):
    assert recognise(Found("safetensors", pictures.texture(channels, hidden)[0])).network == {"channels": channels}


def test_other_layers_of_the_same_names_are_not_ours():
    shapes = {**pictures.texture()[0], "hidden.weight": (96, 50)}
    with pytest.raises(ModelError, match="no family we know"):
        recognise(Found("safetensors", shapes))


def test_one_without_colours():
    with pytest.raises(ModelError, match="a texture of 2 channels"):
        recognise(Found("safetensors", pictures.texture(2, 8)[0]))
