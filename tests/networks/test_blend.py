"""Two checkpoints mixed live against a network that was built from their mixed tensors."""

import numpy as np
import pytest
import torch
from torch import nn

from installation.backends.choose import load
from installation.backends.recipe import Input, Recipe
from installation.networks.bend import Bent
from installation.networks.blend import Blend
from installation.networks.stylegan2 import StyleGAN2
from tests.networks.plain_stylegan2 import random_state

AMOUNTS = (0.0, 0.3, 1.0, 1.2)
STYLE = {"z_dim": 16, "c_dim": 0, "w_dim": 20, "mapping_layers": 2, "resolution": 32, "channels": 3}


class Small(nn.Module):
    def __init__(self, seed: int, width: int = 6, gain: float = 1.4) -> None:
        super().__init__()
        made = torch.Generator().manual_seed(seed)
        self.layers = {"first": "first"}
        self.gain = gain
        self.first, self.up, self.last = nn.Conv2d(2, width, 3), nn.ConvTranspose2d(width, 4, 4, 2), nn.Linear(4, 3)
        self.register_buffer("shift", torch.zeros(()))
        self.register_buffer("filter", torch.ones(4))
        for tensor in (*self.parameters(), self.shift):
            tensor.data = torch.randn(tensor.shape, generator=made) * 0.4
        self.eval().requires_grad_(False)

    def forward(self, x, gain):
        x = self.up(torch.relu(self.first(x))) * gain + self.shift
        return torch.tanh(self.last((x * self.filter[:, None, None]).mean((2, 3)) * self.gain))


def between(a: nn.Module, b: nn.Module, amount: float) -> dict[str, torch.Tensor]:
    theirs = b.state_dict()
    return {name: tensor * (1 - amount) + theirs[name] * amount for name, tensor in a.state_dict().items()}


@pytest.mark.parametrize("amount", AMOUNTS)
def test_it_is_the_network_of_the_mixed_numbers(amount):
    a, b, mixed = Small(1), Small(2), Small(3)
    mixed.load_state_dict(between(a, b, amount))
    inputs = torch.randn(2, 2, 7, 7, generator=torch.Generator().manual_seed(4)), torch.tensor(1.3)
    made = Blend(a, b)(torch.tensor([amount]), *inputs)
    assert (made - mixed(*inputs)).abs().max() < 1e-6
    if amount in (0.0, 1.0):
        assert torch.equal(made, (a, b)[int(amount)](*inputs))


@pytest.fixture(scope="module")
def styles() -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    return random_state(seed=1), random_state(seed=2)


@pytest.mark.parametrize("amount", AMOUNTS)
def test_stylegan2_is_that_of_the_mixed_checkpoints(styles, amount):
    """Its demodulation comes from mixed weights, and the gains that were folded in are linear."""
    a, b = (StyleGAN2.from_state(state, **STYLE) for state in styles)
    state = {name: tensor * (1 - amount) + styles[1][name] * amount for name, tensor in styles[0].items()}
    mixed = StyleGAN2.from_state(state, **STYLE)
    made = torch.Generator().manual_seed(5)
    z, ws = torch.randn(2, 16, generator=made), torch.randn(2, a.num_ws, 20, generator=made)
    noise, at = torch.ones(a.num_noise), torch.tensor([amount])
    wanted = mixed.synthesis(ws, noise)
    assert (Blend(a.synthesis, b.synthesis)(at, ws, noise) - wanted).abs().max() < 2e-5 * wanted.std()
    assert (Blend(a.mapping, b.mapping)(at, z) - mixed.mapping(z)).abs().max() < 1e-5


@pytest.mark.parametrize(("precision", "limit"), [("fp32", 1e-5), ("bf16", 0.03)])
def test_openvino_mixes_and_bends_alike(styles, tmp_path, monkeypatch, precision, limit):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    a, b = (StyleGAN2.from_state(state, **STYLE) for state in styles)
    net = Bent(Blend(a.synthesis, b.synthesis), ("b16_conv0",))
    shapes = {"amount": (1,), "ws": (1, a.num_ws, 20), "noise": (a.num_noise,), "dial": (3,)}
    inputs = {name: Input(shape, "float32") for name, shape in shapes.items()}
    program = load(Recipe("blend", inputs, "out", ("blend 1",), lambda: net), "openvino", precision)
    made = np.random.RandomState(6)
    for amount in AMOUNTS:
        given = {
            "amount": np.array([amount], np.float32),
            "ws": made.randn(1, a.num_ws, 20).astype(np.float32),
            "noise": np.ones(a.num_noise, np.float32),
            "dial": np.array([1.2, 0.15, 0], np.float32),
        }
        wanted = net(*map(torch.from_numpy, given.values())).numpy()
        error = np.sqrt(np.mean((np.asarray(program.run(given)["out"]) - wanted) ** 2)) / wanted.std()
        assert error < limit, f"{amount}: {error:.2e}"
    program.close()


def test_what_is_equal_is_not_mixed():
    """A filter stays a constant of the graph."""
    assert "filter" not in Blend(Small(1), Small(2))._mixed
    assert Blend(Small(1), Small(1))._mixed == []


class More(Small):
    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.extra = nn.Linear(2, 2)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (More(2), r"differ in extra\.bias, extra\.weight"),
        (Small(2, width=5), r"first\.weight is \(6, 2, 3, 3\) in one and \(5, 2, 3, 3\) in the other"),
        (Small(2, gain=1.5), r"the whole: gain is 1\.4 in one and 1\.5 in the other"),
        (nn.Sequential(), "differ in filter, first.bias"),
    ],
)
def test_two_networks_that_are_not_one_shape_are_refused(other, message):
    with pytest.raises(ValueError, match=message):
        Blend(Small(1), other)
