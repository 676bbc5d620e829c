"""The rewritten generator against the plain transposed convolutions it stands for."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from installation.networks.dcgan import ConditionalDCGAN, phases

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


def plain(state: dict[str, torch.Tensor], z: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The network as the papers draw it."""
    x = torch.cat([z, classes], 1)[:, :, None, None]
    for index in INDICES:
        stride, padding = (1, 0) if index == 0 else (2, 1)
        x = F.conv_transpose2d(x, state[f"main.{index}.weight"], stride=stride, padding=padding)
        if index != INDICES[-1]:
            norm = nn.BatchNorm2d(x.shape[1]).eval()
            norm.load_state_dict(
                {k.split(".")[2]: v for k, v in state.items() if k.startswith(f"main.{index + 1}.")}, strict=True
            )
            x = torch.relu(norm(x))
    return torch.tanh(x)


def test_it_is_exactly_the_plain_network():
    state = checkpoint()
    net = ConditionalDCGAN.from_state(state)
    made = torch.Generator().manual_seed(1)
    z, classes = torch.randn(3, 4, generator=made), torch.softmax(torch.randn(3, 2, generator=made), 1)
    with torch.no_grad():
        expected, actual = plain(state, z, classes), net(z, classes)
    assert actual.shape == (3, 3, 32, 32)
    assert net.resolution == 32
    assert expected.std() > 0.05
    assert (actual - expected).abs().max() < 1e-5


@pytest.mark.parametrize(("height", "width"), [(1, 1), (4, 4), (5, 3)])
def test_the_four_phases_are_one_transposed_convolution(height, width):
    made = torch.Generator().manual_seed(2)
    kernel = torch.randn(5, 3, 4, 4, generator=made)
    x = torch.randn(2, 5, height, width, generator=made)
    expected = F.conv_transpose2d(x, kernel, stride=2, padding=1)
    actual = F.pixel_shuffle(F.conv2d(x, phases(kernel), padding=1), 2)[:, :, 1:-1, 1:-1]
    assert actual.shape == expected.shape
    assert (actual - expected).abs().max() < 1e-5


def test_nothing_in_it_trains_or_changes():
    net = ConditionalDCGAN.from_state(checkpoint())
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
        ({"main.5.bias": torch.zeros(3)}, r"main\.5"),
    ],
)
def test_another_networks_tensors_are_refused(change, message):
    state = {name: tensor for name, tensor in {**checkpoint(), **change}.items() if tensor is not None}
    with pytest.raises(ValueError, match=message):
        ConditionalDCGAN.from_state(state)


def test_another_family_is_named_by_what_was_seen():
    with pytest.raises(ValueError, match=r"found synthesis\.b4\.const"):
        ConditionalDCGAN.from_state({"synthesis.b4.const": torch.zeros(4)})
