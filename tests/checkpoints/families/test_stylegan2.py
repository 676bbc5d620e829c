"""NVIDIA's own files, read and renamed: the official pictures come out, and what is not known is refused by name."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from installation.checkpoints import foreign
from installation.checkpoints.families import stylegan2
from installation.checkpoints.found import Found
from installation.errors import ModelError
from installation.networks.stylegan2 import StyleGAN2
from tests.networks import plain_stylegan2 as plain

FIXTURES = Path(__file__).parents[2] / "fixtures" / "stylegan2"
NAMES = ("cond64_map2", "uncond64_map8")


@pytest.fixture(scope="module", params=NAMES)
def official(request, tmp_path_factory):
    """(what was recognised, our network, the official code's numbers)"""
    into = tmp_path_factory.mktemp("read") / "plain.safetensors"
    recognised = stylegan2.recognise(foreign.read(FIXTURES / f"{request.param}.pkl", into))
    net = StyleGAN2.from_state(recognised.rename(load_file(into)), **recognised.network)
    with np.load(FIXTURES / f"{request.param}.npz") as numbers:
        return recognised, net, {name: torch.from_numpy(array) for name, array in numbers.items()}


def as_found(state, **facts) -> Found:
    return Found("safetensors", {name: tuple(tensor.shape) for name, tensor in state.items()}, facts)


def told(**layer):
    """Facts of a network whose layers carry these values."""
    return {"network": {"synthesis": {"b4": {"conv1": {"state": layer}, "torgb": {"state": layer}}}}}


def test_it_is_known_by_what_is_in_it(official):
    recognised, net, numbers = official
    classes = numbers["c"].shape[1]
    assert recognised.family == "stylegan2"
    assert recognised.words == "StyleGAN2, 64x64 RGB" + (f", {classes} classes" if classes else "")
    assert recognised.network == {
        "z_dim": 64, "c_dim": classes, "w_dim": 64, "mapping_layers": 2 if classes else 8, "lr_multiplier": 0.01,
        "resolution": 64, "channels": 3, "architecture": "skip", "conv_clamp": 256,
    }  # fmt: skip
    assert (recognised.resolution, recognised.latent, recognised.classes) == ((64, 64), 64, classes)
    assert net.num_ws == numbers["ws_psi1"].shape[1]


@pytest.mark.parametrize(
    ("wanted", "psi", "cutoff"), [("ws_psi1", 1, None), ("ws_psi07", 0.7, None), ("ws_psi05cut4", 0.5, 4)]
)
def test_official_latents(official, wanted, psi, cutoff):
    _, net, numbers = official
    w = net.mapping(numbers["z"], *([numbers["c"]] if net.c_dim else []))
    ws = w[:, None].repeat(1, net.num_ws, 1)
    ws[:, :cutoff] = torch.lerp(net.mapping.w_avg, ws[:, :cutoff], psi)
    assert (ws - numbers[wanted]).abs().max() < 1e-5


@pytest.mark.parametrize(
    ("wanted", "ws", "noise"),
    [
        ("img_psi1_const", "ws_psi1", 1),
        ("img_psi07_const", "ws_psi07", 1),
        ("img_psi05cut4_const", "ws_psi05cut4", 1),
        ("img_psi1_none", "ws_psi1", 0),
        ("img_mix_const", "ws_mix", 1),
    ],
)
def test_official_pictures(official, wanted, ws, noise):
    _, net, numbers = official
    made = net.synthesis(numbers[ws], torch.full((net.num_noise,), float(noise)))
    assert made.shape == numbers[wanted].shape
    assert (made - numbers[wanted]).abs().max() < 2e-5 * numbers[wanted].std()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "StyleGAN2, 32x32 RGB"),
        ({"architecture": "resnet", "channels": 1}, "StyleGAN2 (resnet), 32x32 grey"),
        ({"architecture": "orig", "channels": 4, "layers": 8}, "StyleGAN2 (orig), 32x32 RGBA"),
        ({"c_dim": 3, "resolution": 8}, "StyleGAN2, 8x8 RGB, 3 classes"),
        ({"resolution": 4}, "StyleGAN2, 4x4 RGB"),
    ],
)
def test_what_shapes_tell(changes, words):
    state = plain.random_state(**changes)
    recognised = stylegan2.recognise(as_found(state))
    assert recognised.words == words
    assert recognised.network["mapping_layers"] == changes.get("layers", 2)
    assert recognised.network["conv_clamp"] == 256
    assert "clamped to: 256" in recognised.notes
    net = StyleGAN2.from_state(recognised.rename(state), **recognised.network)
    assert (net.z_dim, net.w_dim) == (16, 20)


@pytest.mark.parametrize(
    ("facts", "clamp"),
    [
        ({"network": {"init_kwargs": {"synthesis_kwargs": {"channel_base": 1024}}}}, None),  # ADA's default
        ({"network": {"init_kwargs": {"synthesis_kwargs": {"conv_clamp": 64}}}}, 64),
        ({"network": {"init_kwargs": {"channel_base": 1024}}}, 256),  # the StyleGAN3 repository's
        ({"network": {"init_kwargs": {"conv_clamp": None}}}, None),
        (told(conv_clamp=None), None),
        (told(conv_clamp=128.5), 128.5),
    ],
)
def test_the_clamp_is_what_the_layers_say_else_the_repositorys_default(facts, clamp):
    found = as_found(plain.random_state(), **facts)
    assert stylegan2.recognise(found).network.get("conv_clamp") == clamp


def test_a_clamp_on_the_way_around_a_block():
    found = as_found(
        plain.random_state(architecture="resnet"),
        network={"synthesis": {"b8": {"skip": {"state": {"conv_clamp": 12}}, "conv1": {"state": {"conv_clamp": 256}}}}},
    )
    network = stylegan2.recognise(found).network
    assert (network["conv_clamp"], network["skip_clamp"]) == (256, 12)


@pytest.mark.parametrize(
    ("mapping", "wanted"),
    [
        ({}, 0.01),
        ({"init_kwargs": {"lr_multiplier": 0.1}}, 0.1),
        ({"init_kwargs": {"lr_multiplier": 0.1}, "fc0": {"state": {"bias_gain": 0.02, "activation": "lrelu"}}}, 0.02),
    ],
)
def test_the_learning_rate_that_is_folded_in(mapping, wanted):
    found = as_found(plain.random_state(), network={"mapping": mapping})
    assert stylegan2.recognise(found).network["lr_multiplier"] == wanted


def test_layers_without_noise_get_silence():
    state = plain.random_state()
    silent = {name: tensor for name, tensor in state.items() if ".noise_" not in name}
    recognised = stylegan2.recognise(as_found(silent))
    net = StyleGAN2.from_state(recognised.rename(silent), **recognised.network)
    noisy = StyleGAN2.from_state(state, **recognised.network)
    ws = torch.randn(1, net.num_ws, 20, generator=torch.Generator().manual_seed(3))
    made, wanted = net(ws, torch.ones(net.num_noise)), noisy(ws, torch.zeros(net.num_noise))
    assert torch.equal(made, wanted)


def test_its_filters_are_looked_at_and_left_out():
    state = plain.random_state(architecture="resnet")
    places = ("b4", "b8", "b8.conv0", "b8.conv1", "b8.skip")
    filters = {f"synthesis.{place}.resample_filter": plain.FIR for place in places}
    assert stylegan2.renamed(state | filters).keys() == state.keys()
    other = {"synthesis.b8.conv0.resample_filter": torch.ones(4, 4) / 16}
    with pytest.raises(ModelError, match=r"b8.conv0.resample_filter is not \[1, 3, 3, 1\]"):
        stylegan2.renamed(state | filters | other)
    with pytest.raises(ModelError, match="resample_filter is not"):
        stylegan2.renamed({"synthesis.b4.resample_filter": torch.full((4, 4), torch.nan)})


@pytest.mark.parametrize(
    ("change", "facts", "complaint"),
    [
        ({"mapping.fc0.weight": None}, {}, "but its mapping.fc0.weight is missing"),
        ({"synthesis.b32.torgb.weight": None}, {}, "but its synthesis.b32.torgb.weight is missing"),
        ({"synthesis.b4.conv1.affine.weight": (20,)}, {}, r"affine.weight is \(20,\), wanted 2 sides"),
        ({"synthesis.b32.torgb.weight": (7, 6, 1, 1)}, {}, "paints 7 channels"),
        ({"mapping.embed.weight": (16, 3)}, {}, "labels alone, without z"),
        ({}, told(conv_clamp="256"), "its conv_clamp is 256, wanted a number above 0"),
        ({}, told(conv_clamp=True), "its conv_clamp is True"),
        ({}, told(activation="swish"), "whose convolutions use 'swish'"),
        ({}, {"network": {"mapping": {"fc0": {"state": {"activation": "relu"}}}}}, "whose mapping network use 'relu'"),
        ({}, {"network": {"mapping": {"init_kwargs": {"lr_multiplier": -1}}}}, "its lr_multiplier is -1"),
        (
            {},
            {"network": {"synthesis": {f"b{2**n}": {"conv1": {"state": {"conv_clamp": n}}} for n in (2, 3)}}},
            "clamped to different numbers",
        ),
    ],
)
def test_what_is_not_known_is_refused_by_name(change, facts, complaint):
    found = as_found(plain.random_state(), **facts)
    shapes = {name: shape for name, shape in {**found.shapes, **change}.items() if shape is not None}
    with pytest.raises(ModelError, match=complaint):
        stylegan2.recognise(replace(found, shapes=shapes))


def test_others_are_left_alone():
    assert stylegan2.recognise(Found("safetensors", {"synthesis.input.freqs": (8, 2)})) is None
    assert stylegan2.recognise(Found("torch zip", {"b4.conv.weight": (8, 8, 3, 3)})) is None  # a discriminator
