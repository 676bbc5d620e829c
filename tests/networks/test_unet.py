"""The rewritten U-Net against the plain one, in every form its training can give it."""

import pytest
import torch
from torch import nn

from installation.backends.choose import load
from installation.backends.recipe import Input, Recipe
from installation.benchmark.plain.unet import PlainUNet
from installation.networks.unet import UNet
from tests.networks.plain_translation import apart, checkpoint, drawn, on_batch_statistics, picture

CLOSE = 2e-5


@pytest.mark.parametrize("norm", ["batch", "instance"])
@pytest.mark.parametrize(
    ("wide", "out", "ngf", "downs", "shape"),
    [(3, 3, 6, 8, (1, 3, 256, 256)), (1, 3, 5, 5, (2, 1, 64, 96)), (3, 1, 8, 7, (1, 3, 128, 128))],
)
def test_it_is_exactly_the_plain_network(norm, wide, out, ngf, downs, shape):
    plain = drawn(PlainUNet(wide, out, ngf, downs, norm))
    net = UNet.from_state(checkpoint(plain), in_channels=wide)
    assert (net.multiple, net.channels_in, net.channels_out) == (2**downs, wide, out)
    assert apart(net(picture(*shape)), plain(picture(*shape))) < CLOSE


def test_the_batch_look_is_a_network_that_was_never_told_to_evaluate():
    plain = drawn(PlainUNet(3, 3, 6, 6))
    state, image = checkpoint(plain), picture(1, 3, 64, 128)
    stored = UNet.from_state(state)(image)
    own = UNet.from_state(state, look="batch")(image)
    assert apart(stored, plain(image)) < CLOSE
    assert apart(own, on_batch_statistics(plain)(image)) < CLOSE
    assert apart(own, stored) > 0.1


def test_in_the_batch_look_a_picture_does_not_depend_on_its_neighbours():
    net = UNet.from_state(checkpoint(drawn(PlainUNet(3, 3, 4, 5))), look="batch")
    pictures = picture(3, 3, 64, 64)
    alone = torch.cat([net(one[None]) for one in pictures])
    assert apart(net(pictures), alone) < 1e-5


@pytest.mark.parametrize("look", ["eval", "batch"])
def test_openvino_paints_the_same(look, tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    plain = drawn(PlainUNet(3, 3, 6, 6))
    net, image = UNet.from_state(checkpoint(plain), look=look), picture(1, 3, 64, 128)
    wanted = (on_batch_statistics(plain) if look == "batch" else plain)(image)
    recipe = Recipe("unet", {"image": Input(tuple(image.shape), "float32")}, "made", (look,), lambda: net)
    program = load(recipe, "openvino", "fp32")
    assert apart(torch.from_numpy(program.run({"image": image.numpy()})["made"]), wanted) < 1e-4


def test_nothing_of_a_transposed_convolution_or_of_stored_statistics_is_left():
    plain = drawn(PlainUNet(3, 3, 4, 5))
    net = UNet.from_state(checkpoint(plain))
    kinds = {type(module) for module in net.modules()}
    assert not kinds & {nn.ConvTranspose2d, nn.BatchNorm2d}
    assert not net.training
    assert not any(parameter.requires_grad for parameter in net.parameters())


def test_every_layer_that_can_be_bent_gives_a_tensor_at_its_size():
    net = UNet.from_state(checkpoint(drawn(PlainUNet(3, 3, 4, 5))))
    sizes = {}
    for name, path in net.layers.items():
        net.get_submodule(path).register_forward_hook(
            lambda m, given, made, name=name: sizes.update({name: made.shape})
        )
    net(picture(1, 3, 64, 64))
    assert [sizes[f"down{i}"][2] for i in (1, 2, 3, 4, 5)] == [32, 16, 8, 4, 2]
    assert [sizes[f"up{i}"][2] for i in (4, 3, 2, 1)] == [4, 8, 16, 32]
    assert len(sizes) == len(net.layers) == 9


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model.model.1.model.2.running_var": None}, r"model\.model\.1\.model\.2\.running_var is missing"),
        ({"model.model.3.weight": torch.zeros(8, 3, 3, 3)}, r"model\.model\.3\.weight is \(8, 3, 3, 3\)"),
        ({"model.model.1.model.5.weight": torch.zeros(9, 4, 4, 4)}, r"wanted \(16, 4, 4, 4\)"),
        ({"model.model.1.model.1.weight": torch.full((8, 4, 4, 4), float("nan"))}, "numbers that are not finite"),
        ({"model.model.1.model.9.weight": torch.zeros(1)}, r"1 tensors belong to no layer"),
        ({"model.model.0.weight": torch.zeros(4, 2, 4, 4)}, r"wanted \(any, 3, 4, 4\)"),
    ],
)
def test_another_networks_tensors_are_refused(change, message):
    state = {
        name: tensor for name, tensor in {**checkpoint(PlainUNet(3, 3, 4, 5)), **change}.items() if tensor is not None
    }
    with pytest.raises(ValueError, match=message):
        UNet.from_state(state, in_channels=3)


def test_a_look_or_a_size_that_is_none_is_refused():
    state = checkpoint(PlainUNet(3, 3, 4, 5))
    with pytest.raises(ValueError, match="look is train, wanted one of eval, batch"):
        UNet.from_state(state, look="train")
    with pytest.raises(ValueError, match=r"multiples of 32, not \(64, 48\)"):
        UNet.from_state(state)(picture(1, 3, 64, 48))
