"""pix2pix and CycleGAN files as people have them, through the confined reader, to the official pictures."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from installation.benchmark.plain.unet import PlainUNet
from installation.checkpoints import foreign
from installation.checkpoints.families import junyanz, pix2pixhd, recognise
from installation.checkpoints.found import Found
from installation.errors import ModelError
from installation.networks.resnet_generator import ResNetGenerator
from installation.networks.unet import UNet
from tests.networks.plain_translation import PlainResNet, apart, checkpoint, drawn, picture

FIXTURES = Path(__file__).parents[2] / "fixtures" / "junyanz"
UNET = FIXTURES / "pix2pix_unet128_bn" / "latest_net_G.pth"
RESNET = FIXTURES / "cyclegan_resnet6" / "latest_net_G_A.pth"
NETWORKS = {"pix2pix": UNet, "cyclegan": ResNetGenerator}


def shapes_of(net: nn.Module) -> Found:
    return Found("torch zip", {name: tuple(tensor.shape) for name, tensor in net.state_dict().items()})


@pytest.mark.parametrize(
    ("file", "family", "words", "multiple"),
    [
        (UNET, "pix2pix", "pix2pix U-Net, 7 levels, RGB to RGB", 128),
        (RESNET, "cyclegan", "CycleGAN ResNet, 6 blocks, RGB to RGB", 4),
    ],
)
@pytest.mark.parametrize(("look", "wanted"), [("eval", "y_eval"), ("batch", "y_trainbn_nodropout")])
def test_an_official_file_paints_the_official_picture(file, family, words, multiple, look, wanted, tmp_path):
    recognised = recognise(foreign.read(file, tmp_path / "plain.safetensors"))
    assert (recognised.family, recognised.words) == (family, words)
    assert recognised.resolution is None
    assert recognised.preprocessing == {"colour": "rgb", "range": "-1..1", "fit": "cover", "multiple": multiple}
    state = recognised.rename(load_file(tmp_path / "plain.safetensors"))
    net = NETWORKS[family].from_state(state, **{**recognised.network, "look": look})
    assert net.multiple == multiple
    with np.load(file.parent / "ref.npz") as official:
        assert apart(net(torch.from_numpy(official["x"])), torch.from_numpy(official[wanted])) < 2e-5


def test_a_file_of_several_machines_with_old_statistics_is_the_same(tmp_path):
    plain = drawn(PlainResNet(1, 3, 4, 2, 9))
    old = {f"module.{name}": tensor for name, tensor in plain.state_dict().items()}
    old |= {"module.model.2.running_mean": torch.ones(4), "module.model.2.running_var": torch.ones(4)}
    old |= {"module.model.2.num_batches_tracked": torch.tensor(3)}
    torch.save(old, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    recognised = recognise(foreign.read(tmp_path / "old.pth", tmp_path / "plain.safetensors"))
    assert recognised.words == "CycleGAN ResNet, 9 blocks, grey to RGB"
    assert recognised.preprocessing["colour"] == "grey"
    state = recognised.rename(load_file(tmp_path / "plain.safetensors"))
    assert sorted(state) == sorted(plain.state_dict())
    net = ResNetGenerator.from_state(state, **recognised.network)
    assert apart(net(picture(1, 1, 32, 32)), plain(picture(1, 1, 32, 32))) < 2e-5


@pytest.mark.parametrize(
    ("net", "family", "network"),
    [
        (PlainUNet(3, 3, 4, 8), "pix2pix", {"in_channels": 3, "look": "eval"}),
        (PlainUNet(1, 3, 4, 5, "instance"), "pix2pix", {"in_channels": 1}),
        (PlainResNet(3, 3, 4, 2, 9), "cyclegan", {"in_channels": 3}),
        (PlainResNet(3, 3, 4, 2, 9, "batch", biased=False), "cyclegan", {"in_channels": 3, "look": "eval"}),
        (PlainResNet(3, 3, 4, 2, 4, "instance", dropout=True), "cyclegan", {"in_channels": 3}),
        (PlainResNet(3, 3, 4, 2, 9, "affine"), "cyclegan", {"in_channels": 3}),
    ],
)
def test_every_form_is_recognised_and_fits_its_network(net, family, network):
    recognised = recognise(shapes_of(net))
    assert (recognised.family, recognised.network) == (family, network)
    made = NETWORKS[family].from_state(recognised.rename(checkpoint(net)), **recognised.network)
    assert made.multiple == recognised.preprocessing["multiple"]
    assert bool(recognised.notes) == ("look" in network)


def test_blocks_by_their_other_name_are_recognised():
    shapes = {
        name.replace("conv_block", "block"): shape
        for name, shape in shapes_of(PlainResNet(3, 3, 4, 2, 9)).shapes.items()
    }
    assert recognise(Found("torch zip", shapes)).words == "CycleGAN ResNet, 9 blocks, RGB to RGB"


def patch_judge(*channels: int, pixel: bool = False) -> dict[str, tuple[int, ...]]:
    side = 1 if pixel else 4
    pairs = zip((3, *channels), channels, strict=False)
    return {
        f"{'net' if pixel else 'model'}.{3 * i}.weight": (out, wide, side, side) for i, (wide, out) in enumerate(pairs)
    }


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (patch_judge(64, 128, 256, 1), "discriminator.* judges pictures"),
        (patch_judge(64, 128, 1, pixel=True), "discriminator.* judges pictures"),
        ({f"scale{s}_layer{i}.0.weight": (1, 3, 4, 4) for s in (0, 1) for i in (0, 1)}, "discriminator"),
        (
            {**shapes_of(PlainUNet(3, 3, 4, 5)).shapes, "model.model.0.weight": (4, 3, 3, 3)},
            r"wanted \(any, any, 4, 4\)",
        ),
        (
            {**shapes_of(PlainUNet(3, 3, 4, 5)).shapes, "model.model.3.weight": (8,)},
            r"model\.model\.3\.weight, is \(8,\)",
        ),
        (
            {
                f"model.model.{'1.model.' * (i > 0)}{'3.model.' * (i - 1)}{int(i > 0)}.weight": (4, 4, 4, 4)
                for i in range(99)
            },
            "a U-Net of 99 levels",
        ),
        (shapes_of(PlainUNet(6, 3, 4, 5)).shapes, "from 6 to 3 channels: that is no picture"),
        (shapes_of(PlainResNet(3, 2, 4, 2, 6)).shapes, "from 3 to 2 channels: that is no picture"),
        ({**shapes_of(PlainResNet(3, 3, 4, 2, 6)).shapes, "model.7.filt": (8, 1, 3, 3)}, "antialiased sampling"),
        ({"model.1.weight": (4, 3, 7, 7), "model.9.conv_block.1.weight": (4, 4, 3, 3)}, "built differently"),
        ({"model.1.weight": (4, 3, 7, 7), "model.300001.conv_block.1.weight": (4, 4, 3, 3)}, "built differently"),
        ({"model.1.weight": (4, 3, 7, 7), "model.10.conv_block.1.weight": (4, 4, 3, 3)}, "is missing"),
    ],
)
def test_what_is_no_generator_of_theirs_is_named(shapes, message):
    with pytest.raises(ModelError, match=message):
        recognise(Found("torch zip", shapes))


@pytest.mark.parametrize(
    "shapes",
    [
        {},
        {"model.0.weight": ()},
        {"state.0.exp_avg": (64, 3, 4, 4), "state.0.step": ()},
        {"model.1.weight": (4, 3, 7, 7)},
        {f"features.{i}.weight": (4, 4, 3, 3) for i in range(5)},
        {"model.9999999999.conv_block.1.weight": (4, 4, 3, 3), "model.1.weight": (4, 3, 7, 7)},
    ],
)
def test_what_is_nothing_of_theirs_is_left_to_others(shapes):
    found = Found("torch zip", shapes)
    assert junyanz.recognise(found) is None
    assert pix2pixhd.recognise(found) is None
