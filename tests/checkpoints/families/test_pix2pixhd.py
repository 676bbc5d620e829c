"""pix2pixHD files as people have them; and which of two like networks a file is."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from installation.checkpoints import foreign
from installation.checkpoints.families import pix2pixhd, recognise
from installation.checkpoints.found import Found
from installation.errors import ModelError
from installation.networks.pix2pixhd import Pix2PixHD
from installation.networks.resnet_generator import ResNetGenerator
from tests.networks.plain_translation import (
    PlainEnhanced,
    PlainResNet,
    apart,
    checkpoint,
    drawn,
    entry,
    leave,
    picture,
    rise,
)

OFFICIAL = Path(__file__).parents[2] / "fixtures" / "pix2pixhd" / "global_rgb_oldIN" / "latest_net_G.pth"


def shapes_of(net: nn.Module) -> Found:
    return Found("torch zip", {name: tuple(tensor.shape) for name, tensor in net.state_dict().items()})


@pytest.mark.parametrize(("look", "wanted"), [("eval", "y_eval"), ("batch", "y_train")])
def test_an_official_file_paints_the_official_picture(look, wanted, tmp_path):
    recognised = recognise(foreign.read(OFFICIAL, tmp_path / "plain.safetensors"))
    assert (recognised.family, recognised.words) == ("pix2pixhd", "pix2pixHD, 2 levels, 3 blocks, RGB to RGB")
    assert recognised.preprocessing == {"colour": "rgb", "range": "-1..1", "fit": "cover", "multiple": 4}
    state = recognised.rename(load_file(tmp_path / "plain.safetensors"))
    net = Pix2PixHD.from_state(state, **{**recognised.network, "look": look})
    with np.load(OFFICIAL.parent / "ref.npz") as official:
        assert apart(net(torch.from_numpy(official["x"])), torch.from_numpy(official[wanted])) < 2e-5


@pytest.mark.parametrize(
    ("net", "words", "multiple"),
    [
        (PlainResNet(3, 3, 2, 4, 9), "pix2pixHD, 4 levels, 9 blocks, RGB to RGB", 16),
        (PlainResNet(3, 3, 2, 2, 3), "pix2pixHD, 2 levels, 3 blocks, RGB to RGB", 4),
        (PlainResNet(3, 3, 2, 2, 9, "batch"), "pix2pixHD, 2 levels, 9 blocks, RGB to RGB", 4),
        (PlainResNet(36, 3, 2, 2, 9), "pix2pixHD, 2 levels, 9 blocks, map of labels (36 channels) to RGB", 4),
        (PlainEnhanced(1, 3, 2, 2, 9, 1, 3), "pix2pixHD, 2 levels, 9 blocks, 1 local enhancer, grey to RGB", 8),
        (PlainEnhanced(3, 3, 2, 3, 2, 2, 1), "pix2pixHD, 3 levels, 2 blocks, 2 local enhancers, RGB to RGB", 32),
    ],
)
def test_every_form_is_recognised_and_fits_its_network(net, words, multiple):
    recognised = recognise(shapes_of(net))
    assert (recognised.family, recognised.words) == ("pix2pixhd", words)
    assert recognised.preprocessing["multiple"] == multiple
    made = Pix2PixHD.from_state(recognised.rename(checkpoint(net)), **recognised.network)
    assert made.multiple == multiple
    assert made.label_classes == (36 if "labels" in words else 0)
    assert recognised.preprocessing["range"] == ("0..1" if "labels" in words else "-1..1")


def test_what_may_be_either_paints_the_same_as_either():
    net = drawn(PlainResNet(3, 3, 4, 2, 6))
    assert pix2pixhd.recognise(shapes_of(net)) is None
    recognised = recognise(shapes_of(net))
    assert recognised.family == "cyclegan"
    state, image = checkpoint(net), picture(1, 3, 32, 32)
    assert apart(Pix2PixHD.from_state(state)(image), ResNetGenerator.from_state(state)(image)) == 0


def test_what_is_no_generator_is_named():
    encoder = nn.Module()
    encoder.model = nn.Sequential(*entry(3, 4, 2, "instance", True), *rise(16, "instance", True),
                                  *rise(8, "instance", True), *leave(4, 3))  # fmt: skip
    with pytest.raises(ModelError, match="pix2pixHD's feature encoder"):
        recognise(shapes_of(encoder))
    broken = dict(shapes_of(PlainEnhanced(3, 3, 2, 2, 1, 1, 2)).shapes)
    del broken["model1_2.6.weight"]
    with pytest.raises(ModelError, match=r"last convolution, model1_2\.6\.weight, is missing"):
        recognise(Found("torch zip", broken))
    with pytest.raises(ModelError, match="to 2 channels: that is no picture"):
        recognise(shapes_of(PlainResNet(12, 2, 2, 2, 1)))
