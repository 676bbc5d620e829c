"""The rewritten ResNet generator against the plain one, in every form its training can give it."""

import pytest
import torch
from torch import nn

from installation.backends.choose import load
from installation.backends.recipe import Input, Recipe
from installation.networks.resnet_generator import ResNetGenerator
from tests.networks.plain_translation import PlainResNet, apart, checkpoint, drawn, on_batch_statistics, picture

CLOSE = 2e-5


@pytest.mark.parametrize(
    ("plain", "shape"),
    [
        (PlainResNet(3, 3, 12, 2, 9), (1, 3, 64, 96)),
        (PlainResNet(1, 3, 5, 2, 6, dropout=True), (2, 1, 32, 32)),
        (PlainResNet(3, 1, 8, 2, 9, "batch", biased=False), (1, 3, 64, 64)),
        (PlainResNet(3, 3, 8, 2, 6, "batch", biased=False, dropout=True), (2, 3, 36, 64)),
        (PlainResNet(3, 4, 8, 1, 2, "batch"), (1, 3, 8, 8)),
        (PlainResNet(3, 3, 8, 2, 9, "affine"), (2, 3, 32, 48)),
    ],
)
def test_it_is_exactly_the_plain_network(plain, shape):
    plain = drawn(plain)
    net = ResNetGenerator.from_state(checkpoint(plain), in_channels=shape[1])
    assert apart(net(picture(*shape)), plain(picture(*shape))) < CLOSE
    one = picture(1, *shape[1:])
    own = ResNetGenerator.from_state(checkpoint(plain), look="batch")(one)
    assert apart(own, on_batch_statistics(plain)(one)) < CLOSE


def test_blocks_by_their_other_name_are_the_same():
    plain = drawn(PlainResNet(3, 3, 4, 2, 2, "affine"))
    state = {name.replace("conv_block", "block"): tensor for name, tensor in checkpoint(plain).items()}
    assert apart(ResNetGenerator.from_state(state)(picture(1, 3, 16, 16)), plain(picture(1, 3, 16, 16))) < CLOSE


def test_a_network_that_was_trained_without_norms_gets_none():
    state = checkpoint(drawn(PlainResNet(3, 3, 4, 2, 1, biased=False)))
    net = ResNetGenerator.from_state(state)
    half = {name: tensor * 0.5 if name == "model.1.weight" else tensor for name, tensor in state.items()}
    lost = torch.atanh(ResNetGenerator.from_state(half)(picture(1, 3, 16, 16))) - state["model.18.bias"][:, None, None]
    kept = torch.atanh(net(picture(1, 3, 16, 16))) - state["model.18.bias"][:, None, None]
    assert (lost / kept - 0.5).abs().median() < 1e-3


def test_openvino_paints_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    plain = drawn(PlainResNet(3, 3, 8, 2, 6))
    net, image = ResNetGenerator.from_state(checkpoint(plain)), picture(1, 3, 64, 96)
    recipe = Recipe("resnet", {"image": Input(tuple(image.shape), "float32")}, "made", ("1",), lambda: net)
    program = load(recipe, "openvino", "fp32")
    assert apart(torch.from_numpy(program.run({"image": image.numpy()})["made"]), plain(image)) < 1e-4


def test_it_is_ready_to_play():
    net = ResNetGenerator.from_state(checkpoint(drawn(PlainResNet(1, 3, 4, 2, 2, "batch", biased=False))))
    assert (net.multiple, net.channels_in, net.channels_out) == (4, 1, 3)
    assert list(net.layers) == ["down0", "down1", "down2", "block0", "block1", "up0", "up1"]
    assert all(isinstance(net.get_submodule(path), nn.Module) for path in net.layers.values())
    assert not {type(module) for module in net.modules()} & {nn.BatchNorm2d, nn.Dropout}
    assert not net.training
    assert not any(parameter.requires_grad for parameter in net.parameters())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model.4.bias": None}, r"model\.4\.bias is missing"),
        ({"model.10.conv_block.5.weight": torch.zeros(16, 15, 3, 3)}, r"wanted \(16, 16, 3, 3\)"),
        ({"model.10.conv_block.1.weight": torch.full((16, 16, 3, 3), float("inf"))}, "numbers that are not finite"),
        ({"model.18.weight": torch.zeros(3, 4, 5, 5)}, r"model\.18\.weight is \(3, 4, 5, 5\), wanted \(any, 4, 7, 7\)"),
        ({"model.30.weight": torch.zeros(3)}, "1 tensors belong to no layer"),
        ({"model.2.running_mean": torch.zeros(4)}, r"model\.2\.weight is missing"),
    ],
)
def test_another_networks_tensors_are_refused(change, message):
    state = {
        name: tensor
        for name, tensor in {**checkpoint(PlainResNet(3, 3, 4, 2, 1)), **change}.items()
        if tensor is not None
    }
    with pytest.raises(ValueError, match=message):
        ResNetGenerator.from_state(state, in_channels=3)


def test_what_cannot_be_is_said():
    with pytest.raises(ValueError, match=r"the first residual block is model\.0"):
        ResNetGenerator.from_state({"model.1.weight": torch.zeros(4, 3, 7, 7)})
    net = ResNetGenerator.from_state(checkpoint(PlainResNet(3, 3, 4, 2, 1)))
    for size in ((64, 62), (4, 64)):
        with pytest.raises(ValueError, match="multiples of 4, two at least"):
            net(picture(1, 3, *size))
