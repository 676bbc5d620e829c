"""pix2pixHD against its plain form: the global generator alone and with enhancers, pictures and maps of labels."""

import numpy as np
import pytest
import torch

from installation.backends.choose import load
from installation.backends.recipe import Input, Recipe
from installation.models.labels import one_hot
from installation.networks.pix2pixhd import Pix2PixHD
from tests.networks.plain_translation import (
    PlainEnhanced,
    PlainResNet,
    apart,
    checkpoint,
    drawn,
    on_batch_statistics,
    picture,
)

CLOSE = 2e-5


@pytest.mark.parametrize(
    ("plain", "shape", "multiple"),
    [
        (PlainResNet(3, 3, 8, 3, 3), (1, 3, 64, 128), 8),
        (PlainResNet(1, 3, 4, 4, 2, "batch"), (2, 1, 64, 32), 16),
        (PlainEnhanced(3, 3, 6, 2, 2, 1, 3), (1, 3, 64, 128), 8),
        (PlainEnhanced(3, 3, 4, 2, 2, 2, 1), (2, 3, 64, 48), 16),
        (PlainEnhanced(3, 3, 4, 2, 1, 1, 2, "batch"), (1, 3, 32, 64), 8),
    ],
)
def test_it_is_exactly_the_plain_network(plain, shape, multiple):
    plain = drawn(plain)
    net = Pix2PixHD.from_state(checkpoint(plain), in_channels=shape[1])
    assert (net.multiple, net.channels_in, net.channels_out) == (multiple, shape[1], 3)
    assert apart(net(picture(*shape)), plain(picture(*shape))) < CLOSE
    one = picture(1, *shape[1:])
    own = Pix2PixHD.from_state(checkpoint(plain), look="batch")(one)
    assert apart(own, on_batch_statistics(plain)(one)) < CLOSE


def test_a_map_of_labels_with_edges_comes_in_as_channels():
    plain = drawn(PlainEnhanced(8, 3, 4, 2, 2, 1, 1))
    net = Pix2PixHD.from_state(checkpoint(plain), in_channels=8, label_classes=8)
    rng = np.random.RandomState(2)
    label, instance = (np.kron(rng.randint(0, 7, (1, 1, 4, 8)), np.ones((8, 8), int)) for _ in range(2))
    image = torch.from_numpy(one_hot(label, 8, instance))
    assert apart(net(image), plain(image)) < CLOSE
    assert net.label_classes == 8


@pytest.mark.parametrize("enhancers", [1, 2])
def test_openvino_paints_the_same(enhancers, tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    plain = drawn(PlainEnhanced(3, 3, 4, 2, 2, enhancers, 2))
    net, image = Pix2PixHD.from_state(checkpoint(plain)), picture(1, 3, 64, 96)
    recipe = Recipe("hd", {"image": Input(tuple(image.shape), "float32")}, "made", (str(enhancers),), lambda: net)
    program = load(recipe, "openvino", "fp32")
    assert apart(torch.from_numpy(program.run({"image": image.numpy()})["made"]), plain(image)) < 1e-4


def test_the_layers_of_enhancers_can_be_bent_too():
    net = Pix2PixHD.from_state(checkpoint(PlainEnhanced(3, 3, 4, 2, 2, 1, 1)))
    assert list(net.layers) == [
        *("down0", "down1", "down2", "block0", "block1", "up0", "up1"),
        *("fine1_down0", "fine1_down1", "fine1_block0", "fine1_up0"),
    ]
    assert all(net.get_submodule(path) for path in net.layers.values())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"model1_1.1.weight": torch.zeros(4, 2, 7, 7)},
            r"model1_1\.1\.weight is \(4, 2, 7, 7\), wanted \(any, 3, 7, 7\)",
        ),
        ({"model1_2.5.weight": None}, r"model1_2\.5\.weight is missing"),
        ({"model1_1.4.weight": torch.zeros(6, 4, 3, 3), "model1_1.4.bias": torch.zeros(6)}, "ends in 6 channels"),
        ({"model2_2.0.weight": torch.zeros(4, 4, 3, 3)}, "1 tensors belong to no layer"),
    ],
)
def test_another_networks_tensors_are_refused(change, message):
    whole = checkpoint(PlainEnhanced(3, 3, 4, 2, 1, 1, 1))
    state = {name: tensor for name, tensor in {**whole, **change}.items() if tensor is not None}
    with pytest.raises(ValueError, match=message):
        Pix2PixHD.from_state(state)


def test_more_labels_than_channels_are_refused():
    with pytest.raises(ValueError, match="9 classes of labels want as many channels, and it has 8"):
        Pix2PixHD.from_state(checkpoint(PlainResNet(8, 3, 4, 2, 1)), label_classes=9)
