"""Against the official code's pictures, against the network as its paper draws it, and torch against OpenVINO."""

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import onnx
import openvino as ov
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from installation.backends.choose import load
from installation.backends.exact_angles import with_exact_angles
from installation.backends.export import exported
from installation.backends.recipe import Input, Recipe
from installation.checkpoints import foreign
from installation.checkpoints.families import stylegan3 as recogniser
from installation.networks.blend import Blend
from installation.networks.stylegan3 import StyleGAN3, plan
from tests.networks.plain_stylegan3 import Numbers, checkpoint, mapped, painted

FIXTURES = Path(__file__).parents[1] / "fixtures" / "stylegan3"
T = Numbers()
R = Numbers(conv_kernel=1, use_radial_filters=True)
MOVED = torch.tensor([[0.9, -0.3, 0.2], [0.3, 0.9, -0.1], [0, 0, 1]])


@pytest.fixture(scope="module", params=["t64", "r64"])
def official(request, tmp_path_factory):
    """(our network, the official code's numbers)"""
    into = tmp_path_factory.mktemp("read") / "plain.safetensors"
    recognised = recogniser.recognise(foreign.read(FIXTURES / f"{request.param}.pkl", into))
    net = StyleGAN3.from_state(recognised.rename(load_file(into)), **recognised.network)
    with np.load(FIXTURES / f"{request.param}.npz") as numbers:
        return net, {name: torch.from_numpy(array).float() for name, array in numbers.items()}


def error(made, wanted):
    assert made.shape == wanted.shape
    return float((made - wanted).abs().max() / wanted.std())


@pytest.mark.parametrize(
    ("wanted", "psi", "cutoff"), [("ws_psi1", 1, None), ("ws_psi07", 0.7, None), ("ws_psi05cut4", 0.5, 4)]
)
def test_official_latents(official, wanted, psi, cutoff):
    net, numbers = official
    ws = net.mapping(numbers["z"])[:, None].repeat(1, net.num_ws, 1)
    ws[:, :cutoff] = torch.lerp(net.mapping.w_avg, ws[:, :cutoff], psi)
    assert (ws - numbers[wanted]).abs().max() < 1e-5


@pytest.mark.parametrize(
    ("wanted", "ws", "transform"),
    [
        ("img_psi1_const", "ws_psi1", None),
        ("img_psi07_const", "ws_psi07", None),
        ("img_psi05cut4_const", "ws_psi05cut4", None),
        ("img_psi07_tr", "ws_psi07", "transform_tr"),
        ("img_psi07_big", "ws_psi07", "transform_big"),
    ],
)
def test_official_pictures(official, wanted, ws, transform):
    net, numbers = official
    made = net.synthesis(numbers[ws], numbers[transform] if transform else net.transform)
    assert error(made, numbers[wanted]) < 2e-5


def test_official_waves(official):
    net, numbers = official
    waves = net.synthesis.input
    made = waves(numbers["ws_psi1"][:, 0], torch.eye(3))
    assert error(made[:, : waves.wide], numbers["input_psi1"]) < 2e-5
    assert not made[:, waves.wide :].any()


CASES = {
    "T": T,
    "R": R,
    "deep and grey": replace(T, num_layers=9, num_critical=3, resolution=64, channels=1),
    "with classes and alpha": replace(T, c_dim=5, channels=4, mapping_layers=3),
    "a rate times four": replace(T, num_layers=3, num_critical=1, resolution=64, margin_size=5),
    "the same, radial": replace(R, num_layers=3, num_critical=1, resolution=64),
    "not oversampled": replace(T, lrelu_upsampling=1, num_layers=4),
    "oversampled by four, clamped": replace(T, lrelu_upsampling=4, filter_size=5, conv_clamp=0.5, num_layers=4),
    "no clamp, no margin, 5x5": replace(T, conv_clamp=None, filter_size=3, conv_kernel=5, margin_size=0),
}


@pytest.mark.parametrize("numbers", CASES.values(), ids=CASES.keys())
def test_it_is_the_network_of_the_paper(numbers):
    state = checkpoint(numbers)
    net = StyleGAN3.from_state(state, **asdict(numbers))
    made = torch.Generator().manual_seed(3)
    z = torch.randn(2, numbers.z_dim, generator=made)
    labels = [torch.softmax(torch.randn(2, numbers.c_dim, generator=made), 1)] if numbers.c_dim else []
    w = net.mapping(z, *labels)
    assert error(w, mapped(numbers, state, z, *labels)) < 1e-5
    ws = w[:, None] + 0.1 * torch.randn(2, net.num_ws, numbers.w_dim, generator=made)
    expected = painted(numbers, state, ws, MOVED)
    assert expected.std() > 0.03
    assert error(net(ws, MOVED), expected) < 2e-5
    assert (net.num_ws, net.channels, net.resolution) == (ws.shape[1], numbers.channels, numbers.resolution)


def test_a_picture_does_not_depend_on_its_neighbours():
    net, ws = drawn(T, count=3)
    assert error(net.synthesis(ws[1:2], MOVED), net.synthesis(ws, MOVED)[1:2]) < 5e-5


def test_the_layers_that_can_be_bent():
    net, ws = drawn(T)
    seen = {}
    for name, path in net.layers.items():
        net.get_submodule(path).register_forward_hook(lambda _, __, made, name=name: seen.update({name: made}))
    net(ws, MOVED)
    assert list(net.layers) == ["input", "L0", "L1", "L2", "L3", "L4", "L5"]
    sides = [stage.size for stage in plan(T.resolution, T.num_layers, margin_size=T.margin_size)]
    assert [seen[name].shape[2] for name in net.layers] == [sides[0], *sides[:-1]]


def test_the_matrix_that_directions_come_from():
    state = checkpoint(T)
    net = StyleGAN3.from_state(state, **asdict(T))
    stacked = torch.cat([state[f"{prefix(state, i)}.affine.weight"] for i in range(T.num_layers)])
    assert torch.allclose(net.style_matrix(), stacked / T.w_dim**0.5)


def test_half_way_between_two_networks_is_the_network_of_half_way_checkpoints():
    one, other = checkpoint(T), checkpoint(T, seed=2)
    other |= {name: tensor for name, tensor in one.items() if name.endswith(("filter", "magnitude_ema"))}
    half = {name: (tensor + other[name]) / 2 for name, tensor in one.items()}
    a, b, middle = (StyleGAN3.from_state(state, **asdict(T)) for state in (one, other, half))
    _, ws = drawn(T)
    assert error(Blend(a, b)(torch.tensor([0.5]), ws, MOVED), middle(ws, MOVED)) < 2e-5
    assert error(Blend(a, b)(torch.tensor([1.0]), ws, MOVED), b(ws, MOVED)) < 1e-6


def test_it_is_ready_to_run():
    net, _ = drawn(T)
    assert not net.training
    assert not any(parameter.requires_grad for parameter in net.parameters())
    assert torch.equal(net.transform, torch.eye(3))


@pytest.mark.parametrize("numbers", [replace(T, num_layers=4), replace(R, num_layers=4)], ids=["T", "R"])
def test_openvino_paints_the_same(numbers, cache):
    net, ws = drawn(numbers, count=2)
    recipe = recipe_of(net.synthesis, ws)
    expected = net.synthesis(ws, MOVED)
    given = {"ws": ws.numpy(), "transform": MOVED.numpy()}
    made = {precision: load(recipe, "openvino", precision).run(given)["made"] for precision in ("fp32", "bf16")}
    assert error(torch.from_numpy(made["fp32"]), expected) < 1e-4
    assert (torch.from_numpy(made["bf16"]) - expected).square().mean().sqrt() < 0.06 * expected.std()
    graph = onnx.load(exported(recipe))
    assert {node.domain for node in graph.graph.node} == {""}
    assert {entry.version for entry in graph.opset_import if not entry.domain} == {20}
    assert not {node.op_type for node in graph.graph.node} & {"ConvTranspose", "If", "Loop", "Scan", "RandomNormal"}


def test_angles_stay_exact_in_bf16(cache):
    """The operations up to the sines are such that OpenVINO leaves them as they are marked."""
    net, ws = drawn(T)
    waves = Waves(net.synthesis.input).eval()
    core = ov.Core()
    graph = with_exact_angles(core, core.read_model(exported(recipe_of(waves, ws))))
    compiled = core.compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "bf16"})
    expected = waves(ws, MOVED)
    assert error(torch.from_numpy(compiled([ws.numpy(), MOVED.numpy()])[0]), expected) < 0.03


@pytest.mark.parametrize(
    ("change", "numbers", "message"),
    [
        ({"synthesis.input.phases": None}, {}, r"synthesis\.input\.phases is missing"),
        ({"synthesis.L2_40_21.bias": torch.zeros(3)}, {}, r"synthesis\.L2_40_21\.bias is \(3,\), wanted \(21\)"),
        ({"synthesis.L2_40_21.weight": None}, {}, "6 synthesis layers, wanted 7"),
        ({"synthesis.L1_24_21.up_filter": torch.zeros(11)}, {}, r"up_filter is \(11,\), wanted \(12\)"),
        ({"synthesis.L9.more": torch.zeros(1)}, {}, r"belong to no layer of it: synthesis\.L9\.more"),
        ({"mapping.fc1.weight": torch.full((32, 32), float("nan"))}, {}, "not finite"),
        ({}, {"margin_size": 5}, r"synthesis\.L0_24_21 has the side 24, wanted 26"),
        ({}, {"num_critical": 6}, "no StyleGAN3 has 6 layers, 6 of them critical"),
        ({}, {"use_radial_filters": True}, r"down_filter is \(12,\), wanted \(12, 12\)"),
        ({}, {"first_stopband": 32.0, "last_stopband_rel": 0.3}, "wanted"),
    ],
)
def test_another_networks_tensors_are_refused(change, numbers, message):
    state = {name: tensor for name, tensor in {**checkpoint(T), **change}.items() if tensor is not None}
    with pytest.raises(ValueError, match=message):
        StyleGAN3.from_state(state, **{**asdict(T), **numbers})


class Waves(nn.Module):
    def __init__(self, waves):
        super().__init__()
        self.waves = waves

    def forward(self, ws, transform):
        return self.waves(ws[:, 0], transform)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))


def drawn(numbers, count=1):
    net = StyleGAN3.from_state(checkpoint(numbers), **asdict(numbers))
    z = torch.randn(count, numbers.z_dim, generator=torch.Generator().manual_seed(7))
    return net, net.mapping(z)[:, None].repeat(1, net.num_ws, 1)


def prefix(state, i):
    return next(name for name in state if name.startswith(f"synthesis.L{i}_")).rpartition(".")[0]


def recipe_of(module, ws):
    inputs = {"ws": Input(tuple(ws.shape), "float32"), "transform": Input((3, 3), "float32")}
    return Recipe("stylegan3", inputs, "made", (repr(module),), lambda: module)
