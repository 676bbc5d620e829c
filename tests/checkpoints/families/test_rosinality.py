"""rosinality's files: the same network in other words, with its own official pictures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from installation.checkpoints import foreign
from installation.checkpoints.families import rosinality
from installation.errors import ModelError
from installation.networks.stylegan2 import StyleGAN2
from tests.networks import plain_stylegan2 as plain

FIXTURES = Path(__file__).parents[2] / "fixtures" / "rosinality"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """(what was found, its tensors)"""
    into = tmp_path_factory.mktemp("read") / "plain.safetensors"
    return foreign.read(FIXTURES / "conv64.pt", into), load_file(into)


@pytest.fixture(scope="module")
def numbers():
    with np.load(FIXTURES / "conv64.npz") as held:
        return {name: torch.from_numpy(array) for name, array in held.items()}


def made_from(found, tensors) -> StyleGAN2:
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    recognised = rosinality.recognise(replace(found, shapes=shapes))
    return StyleGAN2.from_state(recognised.rename(tensors), **recognised.network)


def test_it_is_known_by_what_is_in_it(file):
    recognised = rosinality.recognise(file[0])
    assert (recognised.family, recognised.words) == ("stylegan2", "StyleGAN2 (rosinality), 64x64 RGB")
    assert recognised.network == {
        "z_dim": 64, "c_dim": 0, "w_dim": 64, "mapping_layers": 8, "lr_multiplier": 0.01,
        "resolution": 64, "channels": 3, "architecture": "skip",
    }  # fmt: skip
    assert (recognised.resolution, recognised.latent, recognised.notes) == ((64, 64), 64, "")


def test_official_latents(file, numbers):
    net = made_from(*file)
    assert (net.mapping(numbers["z"]) - numbers["w_psi1"]).abs().max() < 1e-5
    assert torch.equal(net.mapping.w_avg, numbers["latent_avg"])


@pytest.mark.parametrize(
    ("wanted", "psi", "noise"), [("img_psi1_const", 1, 1), ("img_psi07_const", 0.7, 1), ("img_psi1_zeronoise", 1, 0)]
)
def test_official_pictures(file, numbers, wanted, psi, noise):
    net = made_from(*file)
    w = torch.lerp(net.mapping.w_avg, net.mapping(numbers["z"]), psi)
    made = net.synthesis(w[:, None].repeat(1, net.num_ws, 1), torch.full((net.num_noise,), float(noise)))
    assert made.shape == numbers[wanted].shape
    assert (made - numbers[wanted]).abs().max() < 2e-5 * numbers[wanted].std()


def test_official_style_mixing(file, numbers):
    net = made_from(*file)
    first, second = net.mapping(numbers["z"])
    ws = torch.cat([first.repeat(4, 1), second.repeat(net.num_ws - 4, 1)])[None]
    made = net.synthesis(ws, torch.ones(net.num_noise))
    assert (made - numbers["img_mix4"]).abs().max() < 2e-5 * numbers["img_mix4"].std()


def test_a_trainings_file_without_its_mean_w_gets_one(file):
    found, tensors = file
    without = {name: tensor for name, tensor in tensors.items() if name != "latent_avg"}
    without["ada_aug_p"] = torch.tensor(0.3)  # lies beside the network, and is none of it
    shapes = {name: tuple(tensor.shape) for name, tensor in without.items()}
    assert rosinality.recognise(replace(found, shapes=shapes)).notes == (
        "its file lacks the mean w: drawn with a fixed seed"
    )
    net = made_from(found, without)
    z = torch.randn(50_000, 64, generator=torch.Generator().manual_seed(9))
    w = net.mapping(z)
    assert (net.mapping.w_avg - w.mean(0)).abs().max() < 5 * float(w.std(0).max()) / 10_000**0.5
    assert torch.equal(made_from(found, without).mapping.w_avg, net.mapping.w_avg)


def test_an_old_file_without_noise_gets_some_that_stays(file):
    found, tensors = file
    without = {name: tensor for name, tensor in tensors.items() if not name.startswith("noises.")}
    nets = [made_from(found, without) for _ in range(2)]
    noise = nets[0].synthesis.b16.conv0.noise_const
    assert (noise.shape, 0.8 < float(noise.std()) < 1.2) == ((16, 16), True)
    assert torch.equal(noise, nets[1].synthesis.b16.conv0.noise_const)


def test_numbers_in_half_precision_are_read(file, numbers):
    found, tensors = file
    net = made_from(found, {name: tensor.half() for name, tensor in tensors.items()})
    made = net.synthesis(net.mapping(numbers["z"])[:, None].repeat(1, 10, 1), torch.ones(net.num_noise))
    assert (made - numbers["img_psi1_const"]).square().mean().sqrt() < 1e-2 * numbers["img_psi1_const"].std()


@pytest.mark.parametrize(
    ("name", "given", "complaint"),
    [
        ("convs.0.conv.blur.kernel", torch.ones(4, 4) / 4, r"blur.kernel is not \[1, 3, 3, 1\]"),
        ("to_rgbs.1.upsample.kernel", plain.FIR, "upsample.kernel is not"),  # without the gain
        ("convs.1.conv.noise_mapping.weight", torch.zeros(3), "a tensor nobody knows: convs.1.conv.noise_mapping"),
        ("encoder.weight", torch.zeros(3), "a tensor nobody knows: encoder.weight"),
        ("convs.0.conv.weight", torch.zeros(32, 32, 3, 3), r"conv.weight is \(32, 32, 3, 3\), wanted 5 sides"),
        ("convs.0.conv.weight", torch.zeros(2, 32, 32, 3, 3), r"conv.weight is \(2, 32, 32, 3, 3\)"),
        ("noises.noise_3", torch.zeros(16, 16), r"noise_3 is \(16, 16\), wanted 4 sides"),
        ("convs.0.noise.weight", torch.zeros(32), r"noise.weight is \(32,\)"),
        ("style.4.weight", torch.zeros(64, 32), r"style.4.weight is \(64, 32\)"),
        ("style.4.bias", None, "mapping.fc3.bias is missing"),
        ("convs.2.activate.bias", None, "synthesis.b16.conv0.bias is missing"),
        ("conv1.conv.modulation.weight", None, "its conv1.conv.modulation.weight is missing"),
    ],
)
def test_what_is_not_known_is_refused_by_name(file, name, given, complaint):
    found, tensors = file
    changed = {key: tensor for key, tensor in {**tensors, name: given}.items() if tensor is not None}
    with pytest.raises((ModelError, ValueError), match=complaint):
        made_from(found, changed)


def test_a_layer_that_is_missing_where_the_mean_is_wanted(file):
    found, tensors = file
    short = {name: tensor for name, tensor in tensors.items() if name not in ("latent_avg", "style.8.bias")}
    with pytest.raises((ModelError, ValueError), match="is missing"):
        made_from(found, short)


def test_others_are_left_alone(file):
    assert rosinality.recognise(replace(file[0], shapes={"style.1.weight": (64, 64)})) is None
