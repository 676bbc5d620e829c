"""BigGAN-deep against the official pictures of a small random checkpoint, at every truncation they were made with."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from installation.backends.choose import load
from installation.backends.recipe import Input, Recipe
from installation.checkpoints import foreign
from installation.latent.batch_statistics import statistics_weights
from installation.networks.biggan import BigGAN

FIXTURE = Path(__file__).parents[1] / "fixtures" / "biggan" / "tiny64"
EPS = json.loads((FIXTURE / "config.json").read_text())["eps"]
UPS = (1, 2, 5, 7)  # as its config.json has it, the attention at 4 counted
PICTURES = sorted(name for name in np.load(FIXTURE / "ref.npz").files if name.startswith("img_"))


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> dict[str, torch.Tensor]:
    into = tmp_path_factory.mktemp("read") / "plain.safetensors"
    foreign.read(FIXTURE / "pytorch_model.bin", into)
    return load_file(into)


@pytest.fixture(scope="module")
def net(state) -> BigGAN:
    return BigGAN.from_state(state, ups=UPS, n_stats=11, eps=EPS)


@pytest.fixture(scope="module")
def official() -> dict[str, np.ndarray]:
    with np.load(FIXTURE / "ref.npz") as numbers:
        return dict(numbers)


def given(official, name: str) -> dict[str, np.ndarray]:
    label = official["label_mix" if "mix" in name else "label"]
    stats = statistics_weights(float(name.split("_t")[1]), 11, "compat")
    return {"z": official["z"].astype(np.float32), "classes": label.astype(np.float32), "stats": stats}


@pytest.mark.parametrize("name", PICTURES)
def test_the_official_picture(net, official, name):
    reference = official[name]
    made = net(*map(torch.from_numpy, given(official, name).values())).numpy()
    assert made.shape == reference.shape
    assert np.abs(made - reference).max() < 2e-5 * reference.std()


def test_what_it_says_of_itself(net):
    assert (net.z_dim, net.classes, net.n_stats, net.resolution) == (12, 7, 11, 64)
    assert list(net.layers)[3:6] == ["block3", "attention4", "block5"]
    assert net.style_matrix().shape[1] == 12
    assert not net.training
    assert not any(parameter.requires_grad for parameter in net.parameters())


def test_a_batch_is_each_of_its_own(net):
    made = torch.Generator().manual_seed(4)
    z, classes = torch.randn(3, 12, generator=made), torch.softmax(torch.randn(3, 7, generator=made), 1)
    stats = torch.from_numpy(statistics_weights(0.37, 11, "correct"))
    together = net(z, classes, stats)
    alone = torch.cat([net(z[i : i + 1], classes[i : i + 1], stats) for i in range(3)])
    assert (together - alone).abs().max() < 1e-5


@pytest.mark.parametrize(("precision", "limit"), [("fp32", 1e-4), ("bf16", 0.03)])
def test_openvino_makes_the_same_picture(net, official, tmp_path, monkeypatch, precision, limit):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    inputs = {name: Input(array.shape, "float32") for name, array in given(official, PICTURES[0]).items()}
    program = load(Recipe("biggan", inputs, "out", ("biggan 1",), lambda: net), "openvino", precision)
    for name in ("img_t0.43", "img_mix_t0.43"):
        off = np.asarray(program.run(given(official, name))["out"]) - official[name]
        error = np.abs(off).max() if precision == "fp32" else np.sqrt(np.mean(off**2))
        assert error < limit * official[name].std()
    program.close()


@pytest.mark.parametrize(
    ("change", "numbers", "message"),
    [
        ({"generator.bn.weight": None}, {}, r"generator\.bn\.weight is missing"),
        ({"generator.layers.2.conv_1.weight_u": torch.zeros(3)}, {}, r"layers\.2\.conv_1\.weight_u is \(3,\)"),
        ({"generator.layers.9.extra": torch.zeros(3)}, {}, r"layers\.9\.extra"),
        ({"generator.layers.0.conv_0.bias": torch.full((32,), torch.nan)}, {}, "not finite"),
        ({}, {"ups": (1, 4)}, "layer 4 is said to double the side"),
        ({}, {"n_stats": 51}, r"running_means is \(11, 128\), wanted \(51, 128\)"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(state, change, numbers, message):
    changed = {name: tensor for name, tensor in {**state, **change}.items() if tensor is not None}
    with pytest.raises(ValueError, match=message):
        BigGAN.from_state(changed, **{"ups": UPS, "n_stats": 11, "eps": EPS, **numbers})
