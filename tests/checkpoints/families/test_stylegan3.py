"""NVIDIA's own files and state dicts of such networks: known for what they are, and refused by name when broken."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from installation.checkpoints import foreign
from installation.checkpoints.families import recognise, stylegan3
from installation.checkpoints.found import Found
from installation.errors import ModelError
from installation.networks.stylegan3 import StyleGAN3
from tests.networks.plain_stylegan3 import Numbers, checkpoint

FIXTURES = Path(__file__).parents[2] / "fixtures" / "stylegan3"
# What a state dict does not tell is taken as usual, so the networks of these tests are usual in that.
T = Numbers(margin_size=10)
R = replace(T, conv_kernel=1, use_radial_filters=True)


def as_found(state, **facts) -> Found:
    return Found("safetensors", {name: tuple(tensor.shape) for name, tensor in state.items()}, facts)


def told(**numbers):
    """Facts of a synthesis network with these values of its own."""
    return {"network": {"synthesis": {"state": numbers}}}


@pytest.mark.parametrize(("file", "letter", "kernel"), [("t64", "T", 3), ("r64", "R", 1)])
def test_official_files(file, letter, kernel):
    recognised = recognise(foreign.look(FIXTURES / f"{file}.pkl"))
    assert recognised.family == "stylegan3"
    assert recognised.words == f"StyleGAN3-{letter}, 64x64 RGB"
    assert recognised.network == {
        "z_dim": 64, "c_dim": 0, "w_dim": 64, "mapping_layers": 2, "lr_multiplier": 0.01, "resolution": 64,
        "channels": 3, "num_layers": 14, "num_critical": 2, "margin_size": 10, "conv_kernel": kernel, "filter_size": 6,
        "lrelu_upsampling": 2, "use_radial_filters": letter == "R", "conv_clamp": 256, "output_scale": 0.25,
        "first_cutoff": 2.0, "first_stopband": 2**2.1, "last_stopband_rel": 2**0.3,
    }  # fmt: skip
    assert (recognised.resolution, recognised.latent, recognised.classes) == ((64, 64), 64, 0)
    assert not recognised.notes
    assert "NVIDIA" in recognised.licence


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        (T, "StyleGAN3-T, 32x32 RGB"),
        (R, "StyleGAN3-R, 32x32 RGB"),
        (replace(T, num_layers=8, resolution=64, channels=1), "StyleGAN3-T, 64x64 grey"),
        (replace(R, channels=4, c_dim=7, mapping_layers=3), "StyleGAN3-R, 32x32 RGBA, 7 classes"),
    ],
)
def test_what_names_and_shapes_tell(numbers, words):
    state = checkpoint(numbers)
    recognised = stylegan3.recognise(as_found(state))
    assert recognised.words == words
    assert recognised.classes == numbers.c_dim
    assert "taken as is usual" in recognised.notes
    net = StyleGAN3.from_state(recognised.rename(state), **recognised.network)
    assert (net.z_dim, net.c_dim, net.w_dim) == (numbers.z_dim, numbers.c_dim, numbers.w_dim)
    assert (net.num_ws, net.channels, net.resolution) == (
        numbers.num_layers + 2,
        numbers.channels,
        numbers.resolution,
    )


def test_what_only_the_values_tell():
    numbers = replace(T, num_critical=1, margin_size=3, filter_size=4, lrelu_upsampling=4, output_scale=0.5)
    state = checkpoint(numbers)
    facts = {
        "network": {
            "mapping": {"fc0": {"state": {"bias_gain": 0.02}}},
            "synthesis": {
                "init_kwargs": {"filter_size": 4, "lrelu_upsampling": 4, "margin_size": 10, "conv_clamp": 8},
                "state": {"num_critical": 1, "margin_size": 3, "output_scale": 0.5},
                "L0_22_21": {"state": {"conv_clamp": None}},
            },
        }
    }
    network = stylegan3.recognise(as_found(state, network=facts["network"])).network
    assert (network["filter_size"], network["lrelu_upsampling"]) == (4, 4)
    assert (network["num_critical"], network["margin_size"], network["output_scale"]) == (1, 3, 0.5)
    assert network["conv_clamp"] is None
    assert network["lr_multiplier"] == 0.02
    StyleGAN3.from_state(state, **network)


def test_another_family_is_not_its_own():
    assert stylegan3.recognise(Found("safetensors", {"synthesis.b4.const": (8, 4, 4)})) is None


@pytest.mark.parametrize(
    ("change", "facts", "message"),
    [
        ({"synthesis.L2_52_21.weight": None}, {}, "layers of it are missing: there are 6"),
        ({"synthesis.input.affine.weight": None}, {}, r"synthesis\.input\.affine\.weight is missing"),
        ({"mapping.fc0.weight": torch.zeros(32)}, {}, r"mapping\.fc0\.weight is \(32,\), wanted 2 sides"),
        ({"synthesis.L6_32_3.weight": torch.zeros(5, 20, 1, 1)}, {}, "paints 5 channels"),
        ({}, told(margin_size=-1), "its margin_size is -1"),
        ({}, told(num_critical=2.5), r"its num_critical is 2\.5, wanted a whole number"),
        ({}, told(first_cutoff="x" * 900), "its first_cutoff is x{40}, wanted a number"),
        ({}, told(filter_size=0), "its filter_size is 0"),
        (
            {},
            {"network": {"synthesis": {f"L{i}_1_1": {"state": {"conv_clamp": i + 1}} for i in range(2)}}},
            "clamped to different numbers",
        ),
    ],
)
def test_what_is_refused(change, facts, message):
    state = {name: tensor for name, tensor in {**checkpoint(T), **change}.items() if tensor is not None}
    with pytest.raises(ModelError, match=message):
        stylegan3.recognise(as_found(state, **facts))
