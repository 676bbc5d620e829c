"""What is told by the file, what by its config.json, and what happens without it."""

from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.torch import load_file

from installation.checkpoints import foreign
from installation.checkpoints.families.biggan import recognise
from installation.errors import ModelError
from installation.networks.biggan import BigGAN

FIXTURE = Path(__file__).parents[2] / "fixtures" / "biggan" / "tiny64" / "pytorch_model.bin"


@pytest.fixture(scope="module")
def found():
    return foreign.look(FIXTURE)


def test_a_converted_file_makes_the_network(tmp_path):
    into = tmp_path / "plain.safetensors"
    recognised = recognise(foreign.read(FIXTURE, into))
    assert (recognised.family, recognised.words) == ("biggan", "BigGAN-deep, 64x64, 7 classes")
    assert (recognised.resolution, recognised.latent, recognised.classes) == ((64, 64), 12, 7)
    assert recognised.network == {"ups": [1, 2, 5, 7], "n_stats": 11, "eps": 1e-4}
    assert recognised.notes == ""
    net = BigGAN.from_state(recognised.rename(load_file(into)), **recognised.network)
    assert (net.resolution, net.z_dim, net.classes) == (64, 12, 7)


def test_without_its_config_a_published_layout_is_taken(found):
    even = {name: shape for name, shape in found.shapes.items() if not name.startswith("generator.layers.7.")}
    recognised = recognise(replace(found, shapes=even, facts={}))
    assert recognised.network["ups"] == [1, 3, 6]
    assert "without its config.json" in recognised.notes


def test_without_its_config_an_unusual_layout_is_refused(found):
    with pytest.raises(ModelError, match="BigGAN of 7 blocks") as caught:
        recognise(replace(found, facts={}))
    assert "config.json beside" in caught.value.hint


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"layers": [[True, 1, 1]]}, "tells of 1 blocks and the file has 7"),
        ({"model_type": "another"}, "no list 'layers'"),
        ({"layers": [1, 2]}, "no list 'layers'"),
        ({"eps": "0.0001"}, "eps '0.0001'"),
    ],
)
def test_another_models_config_is_refused(found, config, message):
    config = {**(found.facts["config"] if "eps" in config else {}), **config}
    with pytest.raises(ModelError, match=message):
        recognise(replace(found, facts={"config": config}))


def test_half_a_file_is_told_what_it_lacks(found):
    without = {name: shape for name, shape in found.shapes.items() if name != "embeddings.weight"}
    with pytest.raises(ModelError, match=r"BigGAN without embeddings\.weight"):
        recognise(replace(found, shapes=without))
