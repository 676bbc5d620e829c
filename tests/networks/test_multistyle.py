"""Our network from the checkpoint's tensors against the checkpoint's own graph, and its refusals."""

import numpy as np
import openvino as ov
import pytest
import torch

from installation.checkpoints import card as cards
from installation.checkpoints import weights
from installation.checkpoints.catalogue import get_model
from installation.library import Library
from installation.networks.multistyle import LAYERS, MultiStyle


@pytest.fixture(scope="module")
def card() -> cards.Card:
    get_model("multistyle", Library())
    return cards.load("multistyle", Library())


@pytest.fixture(scope="module")
def net(card) -> MultiStyle:
    return MultiStyle.from_state(weights.state(card))


@pytest.mark.parametrize(("height", "width", "styles"), [(96, 128, (3,)), (64, 36, (0, 19, 25))])
def test_it_is_the_original_graph(card, net, height, width, styles):
    core = ov.Core()
    graph = core.read_model(card.weights[0].path())
    graph.reshape({"image": [1, 3, height, width], "style_weights": [26]})
    original = core.compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    rng = np.random.RandomState(4)
    image = rng.rand(1, 3, height, width).astype(np.float32)
    mixed = np.zeros(26, np.float32)
    mixed[list(styles)] = rng.rand(len(styles))
    mixed /= mixed.sum()
    expected = original([image, mixed])[0]
    with torch.no_grad():
        actual = net(torch.from_numpy(image), torch.from_numpy(mixed)[None]).numpy()
    assert expected.std() > 0.05
    assert np.abs(actual - expected).max() < 1e-4


def test_the_card_names_every_style(card, net):
    assert len(card.classes.names) == net.styles == 26
    assert sum(parameter.numel() for parameter in net.parameters()) == 166_104


def small() -> dict[str, torch.Tensor]:
    state = {}
    wide = 3
    for name in LAYERS:
        out = 3 if name == "expand.2" else 4
        side = 9 if name in ("contract.0", "expand.2") else 3
        state |= {f"{name}.w": torch.full((out, wide, side, side), 0.01)}
        state |= {f"{name}.norm.{part}": torch.full((2, out), 0.5) for part in ("gamma", "beta")}
        wide = out
    return state


def test_any_size_of_multiples_of_four_comes_out_as_it_went_in():
    net = MultiStyle.from_state(small())
    for height, width in ((8, 8), (20, 36)):
        made = net(torch.rand(1, 3, height, width), torch.tensor([[0.5, 0.5]]))
        assert made.shape == (1, 3, height, width)
        assert 0 <= made.min() <= made.max() <= 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"res.3.1.w": None}, r"res\.3\.1\.w is missing"),
        ({"expand.1.norm.beta": torch.zeros(2, 9)}, r"expand\.1\.norm\.beta is \(2, 9\), wanted \(2, 4\)"),
        ({"contract.1.w": torch.zeros(4)}, r"contract\.1\.w has 1 axes, wanted 4"),
        ({"res.0.0.w": torch.full((4, 4, 3, 3), float("inf"))}, r"res\.0\.0\.w holds numbers"),
        ({"res.0.0.w": torch.zeros(4, 7, 3, 3)}, r"res\.0\.0\.w is \(4, 7, 3, 3\), wanted \(any, 4, k, k\)"),
    ],
)
def test_another_networks_tensors_are_refused(change, message):
    state = {name: tensor for name, tensor in {**small(), **change}.items() if tensor is not None}
    with pytest.raises(ValueError, match=message):
        MultiStyle.from_state(state)


def test_every_layer_but_the_last_can_be_bent():
    net = MultiStyle.from_state(small())
    seen = {}
    for name, path in net.layers.items():
        net.get_submodule(path).register_forward_hook(lambda _m, _i, out, name=name: seen.update({name: out.shape}))
    net(torch.rand(1, 3, 16, 24), torch.tensor([[0.5, 0.5]]))
    assert list(seen) == [name.replace(".", "_") for name in LAYERS[:-1]]
    assert tuple(seen["res_5_1"]) == (1, 4, 4, 6)
    assert tuple(seen["expand_1"]) == (1, 4, 16, 24)
