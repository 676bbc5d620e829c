"""The rewritten generator against the plain transposed convolutions it stands for."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from installation.backends.choose import load
from installation.backends.recipe import Input, Recipe
from installation.networks.bend import UNBENT, Bent
from installation.networks.dcgan import DCGAN

WIDTHS = (24, 12, 8, 3)
INDICES = (0, 4, 7, 10)  # a dropout without tensors follows the first activation


def checkpoint(inputs: int = 6) -> dict[str, torch.Tensor]:
    made = torch.Generator().manual_seed(5)
    state = {}
    for index, wide, out in zip(INDICES, (inputs, *WIDTHS), WIDTHS, strict=False):
        state[f"main.{index}.weight"] = torch.randn(wide, out, 4, 4, generator=made) * 0.2
        if index != INDICES[-1]:
            for name in ("weight", "bias", "running_mean", "running_var"):
                state[f"main.{index + 1}.{name}"] = torch.rand(out, generator=made) + 0.2
            state[f"main.{index + 1}.num_batches_tracked"] = torch.tensor(7)
    return state


def plain(state: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """The network as the papers draw it; x is z with the classes behind it."""
    x = x[:, :, None, None]
    indices = sorted(int(name.split(".")[1]) for name, tensor in state.items() if tensor.ndim == 4)
    for index in indices:
        stride, padding = (1, 0) if index == indices[0] else (2, 1)
        bias = state.get(f"main.{index}.bias")
        x = F.conv_transpose2d(x, state[f"main.{index}.weight"], bias, stride=stride, padding=padding)
        if index != indices[-1]:
            norm = {k.split(".")[2]: v for k, v in state.items() if k.startswith(f"main.{index + 1}.")}
            if norm:
                layer = nn.BatchNorm2d(x.shape[1]).eval()
                layer.load_state_dict(norm, strict=True)
                x = layer(x)
            x = torch.relu(x)
    return torch.tanh(x)


def test_it_is_exactly_the_plain_network():
    state = checkpoint()
    net = DCGAN.from_state(state, classes=2)
    made = torch.Generator().manual_seed(1)
    z, classes = torch.randn(3, 4, generator=made), torch.softmax(torch.randn(3, 2, generator=made), 1)
    with torch.no_grad():
        expected, actual = plain(state, torch.cat([z, classes], 1)), net(z, classes)
    assert actual.shape == (3, 3, 32, 32)
    assert net.resolution == 32
    assert expected.std() > 0.05
    assert (actual - expected).abs().max() < 1e-5


@pytest.mark.parametrize("norms", [True, False])
@pytest.mark.parametrize("channels", [1, 3])
def test_without_classes_with_biases_with_and_without_norms_in_grey_and_in_colour(channels, norms):
    state = checkpoint()
    made = torch.Generator().manual_seed(9)
    state["main.10.weight"] = torch.randn(8, channels, 4, 4, generator=made) * 0.2
    for index, out in zip(INDICES, (24, 12, 8, channels), strict=True):
        state[f"main.{index}.bias"] = torch.randn(out, generator=made) * 0.3
    if not norms:
        state = {name: tensor for name, tensor in state.items() if int(name.split(".")[1]) in INDICES}
    net = DCGAN.from_state(state)
    z = torch.randn(2, 6, generator=made)
    expected = plain(state, z)
    assert (net.z_dim, net.classes, net.channels) == (6, 0, channels)
    assert expected.std() > 0.05
    assert (net(z) - expected).abs().max() < 1e-5


def test_its_layers_can_be_bent_and_its_first_can_be_searched():
    net = DCGAN.from_state(checkpoint(), classes=2)
    assert list(net.layers) == ["b4", "b8", "b16"]
    assert net.style_matrix().shape == (24 * 16, 4)
    z, classes = torch.ones(1, 4), torch.ones(1, 2) / 2
    unbent, other = torch.tensor(UNBENT), torch.tensor([2.0, 0.1, 0.2])
    bent = Bent(net, tuple(net.layers))
    assert torch.equal(bent(z, classes, *[unbent] * 3), net(z, classes))
    assert (bent(z, classes, unbent, other, unbent) - net(z, classes)).abs().max() > 0.01


@pytest.mark.parametrize(("precision", "limit"), [("fp32", 1e-5), ("bf16", 0.03)])
def test_openvino_makes_the_same_picture(tmp_path, monkeypatch, precision, limit):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    net = DCGAN.from_state(checkpoint())
    program = load(
        Recipe("dcgan", {"z": Input((1, 6), "float32")}, "out", ("dcgan 1",), lambda: net), "openvino", precision
    )
    z = np.random.RandomState(1).randn(1, 6).astype(np.float32)
    wanted = net(torch.from_numpy(z)).numpy()
    off = np.asarray(program.run({"z": z})["out"]) - wanted
    assert np.sqrt(np.mean(off**2)) < limit * wanted.std()
    program.close()


def test_nothing_in_it_trains_or_changes():
    net = DCGAN.from_state(checkpoint())
    assert not net.training
    assert not any(parameter.requires_grad for parameter in net.parameters())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"main.5.running_var": None}, r"main\.5\.running_var is missing"),
        (
            {"main.4.weight": torch.zeros(23, 12, 4, 4)},
            r"main\.4\.weight is \(23, 12, 4, 4\), wanted \(24, any, 4, 4\)",
        ),
        ({"main.4.weight": torch.zeros(24, 12, 3, 3)}, r"main\.4\.weight is"),
        ({"main.7.weight": torch.full((12, 8, 4, 4), float("nan"))}, r"main\.7\.weight holds numbers"),
        ({"main.5.bias": torch.zeros(3)}, r"main\.5\.bias is \(3,\)"),
        ({"main.12.weight": torch.zeros(3)}, r"belong to no layer of it: main\.12\.weight"),
    ],
)
def test_another_networks_tensors_are_refused(change, message):
    state = {name: tensor for name, tensor in {**checkpoint(), **change}.items() if tensor is not None}
    with pytest.raises(ValueError, match=message):
        DCGAN.from_state(state, classes=2)


def test_another_family_is_named_by_what_was_seen():
    with pytest.raises(ValueError, match=r"found synthesis\.b4\.const"):
        DCGAN.from_state({"synthesis.b4.const": torch.zeros(4)})


def test_more_classes_than_inputs_are_refused():
    with pytest.raises(ValueError, match="6 classes among 6 inputs leave no z"):
        DCGAN.from_state(checkpoint(), classes=6)
