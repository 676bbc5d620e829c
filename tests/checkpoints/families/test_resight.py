"""A network of ``train image``, by its names."""

import pytest

from installation.benchmark.samples import pictures
from installation.checkpoints.families import recognise
from installation.checkpoints.found import Found
from installation.errors import ModelError


def test_what_lay_beside_it_goes_into_its_card():
    shapes, _ = pictures.resight()
    found = recognise(Found("training", shapes, {"greys": [3, 90, 250], "blur": 6.0}))
    assert found.family == "resight"
    assert found.words == "ReSight, 192 channels at its deepest"
    assert found.network == {"in_channels": 1, "blur": 6.0}
    assert found.preprocessing == {
        "colour": "grey", "range": "-1..1", "fit": "cover", "multiple": 16, "greys": "3 90 250",
    }  # fmt: skip


def test_a_file_without_a_word_beside_it():
    found = recognise(Found("safetensors", pictures.resight()[0]))
    assert found.network == {"in_channels": 1}
    assert "greys" not in found.preprocessing


def test_one_that_is_not_whole():
    shapes, _ = pictures.resight()
    del shapes["out.weight"]
    with pytest.raises(ModelError, match=r"out\.weight is missing"):
        recognise(Found("safetensors", shapes))
