"""One generator under the names that people give its layers; and what is no generator, or no known one."""

from collections.abc import Callable

import pytest
import torch

from installation.checkpoints.families.dcgan import NORM, recognise
from installation.checkpoints.found import Found
from installation.errors import ModelError
from installation.networks.dcgan import DCGAN

# How layer i's tensors begin: kernel, norm.
LAYOUTS: dict[str, Callable[[int], tuple[str, str]]] = {
    "a sequence": lambda i: (f"main.{3 * i}", f"main.{3 * i + 1}"),
    "with dropout": lambda i: (f"main.{4 * i}", f"main.{4 * i + 1}"),
    "a sequence called model": lambda i: (f"model.{3 * i}", f"model.{3 * i + 1}"),
    "nested sequences": lambda i: (f"gen.{i}.0", f"gen.{i}.1"),
    "layers of their own": lambda i: (f"layer{i + 1}.0", f"layer{i + 1}.1"),
    "attributes": lambda i: (f"deconv{i + 1}", f"deconv{i + 1}_bn"),
    "bare": lambda i: (f"{3 * i}", f"{3 * i + 1}"),
    "named the wrong way round": lambda i: (f"up{9 - i}", f"norm{9 - i}"),
}


def generator(layout: str, side: int = 64, inputs: int = 7, channels: int = 3, norms=True, biases=False):
    made = torch.Generator().manual_seed(side)
    count = side.bit_length() - 2
    widths = [inputs, *(4 + 2 * (count - i) for i in range(count - 1)), channels]
    state = {}
    for i in range(count):
        kernel, norm = LAYOUTS[layout](i)
        state[f"{kernel}.weight"] = torch.randn(widths[i], widths[i + 1], 4, 4, generator=made) * 0.2
        if biases:
            state[f"{kernel}.bias"] = torch.randn(widths[i + 1], generator=made) * 0.2
        if norms and i < count - 1:
            for part in NORM:
                state[f"{norm}.{part}"] = torch.rand(widths[i + 1], generator=made) + 0.2
            state[f"{norm}.num_batches_tracked"] = torch.tensor(3)
    return state


def found(state, **facts) -> Found:
    return Found("torch zip", {name: tuple(tensor.shape) for name, tensor in state.items()}, facts)


def converted(state, **facts) -> tuple[DCGAN, str]:
    recognised = recognise(found(state, **facts))
    assert recognised is not None
    return DCGAN.from_state(recognised.rename(state), **recognised.network), recognised.words


@pytest.mark.parametrize("biases", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_network_by_any_names(layout, biases):
    z = torch.randn(2, 7, generator=torch.Generator().manual_seed(1))
    net, words = converted(generator(layout, biases=biases))
    expected, _ = converted(generator("a sequence", biases=biases))
    assert words == "DCGAN, 64x64 RGB, 7 inputs"
    assert torch.equal(net(z), expected(z))


@pytest.mark.parametrize("side", [32, 64, 128, 256])
def test_the_side_is_told_by_the_number_of_layers(side):
    net, words = converted(generator("attributes", side, channels=1))
    assert words == f"DCGAN, {side}x{side} grey, 7 inputs"
    assert net(torch.zeros(1, 7)).shape == (1, 1, side, side)


@pytest.mark.parametrize("layout", ["layers of their own", "nested sequences"])
def test_eleven_layers_sorted_by_name_are_in_order_again(layout):
    """A .safetensors file is sorted by letters, and layer10 comes before layer2."""
    state = generator(layout, 4096, inputs=5)
    ordered = dict(sorted(state.items()))
    assert list(ordered) != list(state)
    net, _ = converted(ordered)
    assert net.resolution == 4096


def test_norms_that_are_declared_after_all_layers_find_their_own():
    state = generator("attributes")
    after = {name: tensor for name, tensor in state.items() if "_bn" not in name}
    after |= {name: tensor for name, tensor in state.items() if "_bn" in name}
    z = torch.ones(1, 7)
    assert torch.equal(converted(after)[0](z), converted(state)[0](z))


def test_without_norms():
    net, _ = converted(generator("nested sequences", norms=False, biases=True))
    assert net.resolution == 64


@pytest.mark.parametrize("facts", [{"config": {"classes": 3}}, {"args": {"n_classes": 3, "lr": 0.1}}])
def test_classes_are_told_beside_the_file(facts):
    net, words = converted(generator("a sequence"), **facts)
    assert words == "DCGAN, 64x64 RGB, 4 inputs and 3 classes"
    assert (net.z_dim, net.classes) == (4, 3)
    assert net(torch.zeros(1, 4), torch.ones(1, 3)).shape == (1, 3, 64, 64)


def test_more_inputs_than_usual_may_be_classes():
    assert "config.json" in recognise(found(generator("a sequence", inputs=108))).notes
    assert recognise(found(generator("a sequence", inputs=100))).notes == ""


def test_a_discriminator_is_told_from_a_generator():
    shapes = {"main.0.weight": (64, 3, 4, 4), "main.2.weight": (128, 64, 4, 4), "main.5.weight": (1, 128, 4, 4)}
    with pytest.raises(ModelError, match="discriminator") as caught:
        recognise(Found("torch zip", shapes))
    assert "netG" in caught.value.hint


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label_emb.weight": torch.zeros(3, 3)}, r"layers that we do not know: label_emb\.weight"),
        (
            {f"main.1.{part}": None for part in ("weight", "bias", "running_mean", "running_var")},
            "5 layers with 3 batch",
        ),
    ],
)
def test_what_we_cannot_play_is_named(change, message):
    state = {name: tensor for name, tensor in {**generator("a sequence"), **change}.items() if tensor is not None}
    with pytest.raises(ModelError, match=message):
        recognise(found(state))


@pytest.mark.parametrize(
    "shapes",
    [
        {},
        {"a.weight": (8, 4, 4, 4), "b.weight": (4, 3, 4, 4)},  # two layers
        {"a.weight": (8, 4, 3, 3), "b.weight": (4, 4, 4, 4), "c.weight": (4, 3, 4, 4)},
        {"a.weight": (8, 6, 4, 4), "b.weight": (4, 5, 4, 4), "c.weight": (4, 3, 4, 4)},  # no chain
        {"a.weight": (8, 6, 4, 4), "b.weight": (6, 5, 4, 4), "c.weight": (5, 64, 4, 4)},  # makes no picture
    ],
)
def test_what_is_another_familys_is_left_to_it(shapes):
    assert recognise(Found("torch zip", shapes)) is None
