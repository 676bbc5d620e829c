"""Our StyleGAN2 against the papers' own arithmetic, exported against itself, and broken checkpoints."""

import collections

import numpy as np
import onnx
import pytest
import torch
from torch.func import functional_call

from installation.backends.choose import load
from installation.backends.export import exported
from installation.backends.recipe import Input, Recipe
from installation.networks.stylegan2 import StyleGAN2
from tests.networks import plain_stylegan2 as plain

RESOLUTION = 32
NUM_WS = 8
KINDS = {
    "skip": {},
    "resnet": {"architecture": "resnet"},
    "orig": {"architecture": "orig"},
    "grey": {"channels": 1},
    "rgba": {"channels": 4},
    "grey resnet": {"channels": 1, "architecture": "resnet"},
}


def network(**changes):
    """The network table of ``plain.random_state(**the same)``."""
    table = {"z_dim": 16, "c_dim": 0, "w_dim": 20, "mapping_layers": 2, "resolution": RESOLUTION, "channels": 3}
    return table | changes


def styles(count=2, seed=7):
    """Another w at every place, and another strength for every noise."""
    made = torch.Generator().manual_seed(seed)
    return torch.randn(count, NUM_WS, 20, generator=made), torch.rand(NUM_WS - 1, generator=made) * 2


def difference(made, wanted) -> float:
    return float((made - wanted).abs().max() / wanted.std())


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSTALLATION_CACHE", str(folder))
        yield folder


def recipe(name, net, batch=1):
    inputs = {"ws": Input((batch, NUM_WS, 20), "float32"), "noise": Input((NUM_WS - 1,), "float32")}
    return Recipe(name, inputs, "made", (name, "test"), lambda: net.synthesis)


@pytest.mark.parametrize("clamp", [None, 0.8])
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_exactly_the_papers_network(kind, clamp):
    state = plain.random_state(**KINDS[kind])
    net = StyleGAN2.from_state(state, **network(**KINDS[kind]), conv_clamp=clamp)
    ws, noise = styles()
    wanted, made = plain.synthesis(state, ws, noise, clamp), net.synthesis(ws, noise)
    assert made.shape == (2, KINDS[kind].get("channels", 3), 32, 32)
    assert torch.equal(net(ws, noise), made)
    assert difference(made, wanted) < 2e-5
    if clamp:
        assert difference(plain.synthesis(state, ws, noise), wanted) > 0.1  # it bites


def test_the_way_around_a_block_is_clamped_only_where_the_file_says_so():
    state = plain.random_state(architecture="resnet")
    net = StyleGAN2.from_state(state, **network(architecture="resnet"), skip_clamp=0.3)
    ws, noise = styles()
    wanted = plain.synthesis(state, ws, noise, skip_clamp=0.3)
    assert difference(net.synthesis(ws, noise), wanted) < 2e-5
    assert difference(plain.synthesis(state, ws, noise), wanted) > 0.1


@pytest.mark.parametrize(("c_dim", "layers"), [(0, 1), (0, 8), (5, 2)])
def test_the_mapping(c_dim, layers):
    state = plain.random_state(c_dim=c_dim, layers=layers)
    net = StyleGAN2.from_state(state, **network(c_dim=c_dim, mapping_layers=layers))
    made = torch.Generator().manual_seed(2)
    z = torch.randn(3, 16, generator=made)
    labels = (torch.softmax(torch.randn(3, c_dim, generator=made), 1),) if c_dim else ()
    w, wanted = net.mapping(z, *labels), plain.mapping(state, z, *labels)
    assert (w.shape, wanted.std() > 1e-2) == ((3, 20), True)
    assert (w - wanted).abs().max() < 1e-5
    assert torch.equal(net.mapping.w_avg, state["mapping.w_avg"])
    # Half way between two opposite vectors lies 0.
    assert bool(torch.isfinite(net.mapping(torch.zeros(1, 16), *(label[:1] for label in labels))).all())


def test_what_it_says_of_itself():
    net = StyleGAN2.from_state(plain.random_state(c_dim=5), **network(c_dim=5))
    assert (net.z_dim, net.c_dim, net.w_dim, net.resolution, net.channels) == (16, 5, 20, 32, 3)
    assert (net.num_ws, net.num_noise) == (NUM_WS, NUM_WS - 1)
    assert list(net.layers)[:4] == ["b4_conv1", "b4_torgb", "b8_conv0", "b8_conv1"]
    ws, noise = styles(1)
    seen = []
    for path in net.layers.values():
        net.get_submodule(path).register_forward_hook(lambda *made: seen.append(made[-1].shape))
    net.synthesis(ws, noise)
    assert sorted(seen)[:3] == [(1, 3, 4, 4), (1, 3, 8, 8), (1, 3, 16, 16)]
    assert len(seen) == len(net.layers) == 7 + 4
    assert not any(tensor.requires_grad for tensor in net.parameters())


def test_the_style_matrix_is_every_convolutions_affine_in_turn():
    state = plain.random_state()
    net = StyleGAN2.from_state(state, **network())
    matrix = net.style_matrix()
    rows = [len(state[f"{path}.affine.bias"]) for path in net.layers.values() if ".conv" in path]
    assert matrix.shape == (sum(rows), 20)
    first = state["synthesis.b4.conv1.affine.weight"] / 20**0.5
    assert torch.allclose(matrix[: rows[0]], first)


@pytest.mark.parametrize("kind", KINDS)
def test_openvino_paints_the_same(cache, kind):
    net = StyleGAN2.from_state(plain.random_state(**KINDS[kind]), **network(**KINDS[kind]), conv_clamp=256)
    ws, noise = styles()
    program = load(recipe(kind, net, batch=2), "openvino", "fp32")
    made = program.run({"ws": ws.numpy(), "noise": noise.numpy()})["made"]
    assert difference(torch.from_numpy(np.array(made)), net.synthesis(ws, noise)) < 1e-4
    program.close()


def test_the_graph_holds_nothing_that_is_not_needed(cache):
    net = StyleGAN2.from_state(plain.random_state(), **network(), conv_clamp=256)
    graph = onnx.load(exported(recipe("graph", net))).graph
    operators = collections.Counter(node.op_type for node in graph.node)
    known = "Gather Gemm Unsqueeze Mul Pow ReduceSum Transpose Sqrt Reciprocal Reshape Add Clip LeakyRelu"
    assert set(operators) <= {*known.split(), "Conv", "ConvTranspose"}
    # Styled: 4 plain, 3 that double; a filter behind each of those; colours of 4 sides, doubled 3 times.
    assert (operators["Conv"], operators["ConvTranspose"]) == (4 + 3 + 4, 3 + 3)
    ends = [given.type.tensor_type.shape.dim for given in (*graph.input, *graph.output)]
    assert [[side.dim_value for side in sides] for sides in ends] == [[1, NUM_WS, 20], [NUM_WS - 1], [1, 3, 32, 32]]


def test_every_operand_of_a_picture_has_its_rank(cache):
    """OpenVINO leaves the convolutions' memory layout for one that has not: a third of a frame went into copies."""
    net = StyleGAN2.from_state(plain.random_state(), **network())
    model = onnx.shape_inference.infer_shapes(onnx.load(exported(recipe("ranks", net))), data_prop=True)
    values = (*model.graph.input, *model.graph.value_info, *model.graph.output)
    ranks = {value.name: len(value.type.tensor_type.shape.dim) for value in values}
    ranks |= {tensor.name: len(tensor.dims) for tensor in model.graph.initializer}
    pictures = [node for node in model.graph.node if node.op_type in ("Add", "Mul") and ranks[node.output[0]] == 4]
    assert len(pictures) > 30
    assert {ranks[name] for node in pictures for name in node.input} == {4}


def test_a_dead_channel_and_a_dead_z_stay_numbers_on_every_backend(cache):
    state = plain.random_state()
    state["synthesis.b8.conv1.weight"][3] = 0
    net = StyleGAN2.from_state(state, **network())
    ws, noise = styles(1)
    wanted = net.synthesis(ws, noise)
    assert difference(wanted, plain.synthesis(state, ws, noise)) < 2e-5
    program = load(recipe("dead", net), "openvino", "fp32")
    made = program.run({"ws": ws.numpy(), "noise": noise.numpy()})["made"]
    assert difference(torch.from_numpy(np.array(made)), wanted) < 1e-4
    mapping = Recipe("dead z", {"z": Input((1, 16), "float32")}, "w", ("dead z",), lambda: net.mapping)
    w = load(mapping, "openvino", "fp32").run({"z": np.zeros((1, 16), np.float32)})["w"]
    assert np.abs(w - net.mapping(torch.zeros(1, 16)).numpy()).max() < 1e-5
    layer = net.synthesis.b8.conv1.half()
    assert bool(torch.isfinite(layer.demodulation(torch.ones(1, 10, dtype=torch.half))).all())


@pytest.mark.parametrize("share", [0.3, 1.5])
def test_blended_parameters_are_blended_checkpoints(share):
    states = [plain.random_state(architecture="resnet", seed=seed) for seed in (1, 2)]
    blend = {name: torch.lerp(states[0][name], states[1][name], share) for name in states[0]}
    nets = [StyleGAN2.from_state(state, **network(architecture="resnet")) for state in (*states, blend)]
    tensors = [net.state_dict() for net in nets]
    between = {name: torch.lerp(tensors[0][name], tensors[1][name], share) for name in tensors[0]}
    ws, noise = styles()
    made = functional_call(nets[0], between, (ws, noise))
    assert difference(made, nets[2](ws, noise)) < 2e-5
    assert difference(nets[0](ws, noise), made) > 0.1


@pytest.mark.parametrize(
    ("change", "numbers", "complaint"),
    [
        ({"synthesis.b8.conv0.weight": None}, {}, "synthesis.b8.conv0.weight is missing"),
        ({"synthesis.b8.conv0.bias": torch.zeros(3)}, {}, r"synthesis.b8.conv0.bias is \(3,\), wanted \(10\)"),
        ({"synthesis.b16.conv1.noise_const": torch.zeros(8, 8)}, {}, r"noise_const is \(8, 8\), wanted \(16, 16\)"),
        ({"synthesis.b4.const": torch.full((12, 4, 4), torch.nan)}, {}, "b4.const holds numbers that are not finite"),
        ({"synthesis.b64.conv0.weight": torch.zeros(2)}, {}, "1 tensors belong to no layer of it: synthesis.b64"),
        ({"mapping.w_avg": torch.zeros(21)}, {}, r"mapping.w_avg is \(21,\), wanted \(20\)"),
        ({}, {"resolution": 48}, "the resolution is 48, wanted a power of two from 4"),
        ({}, {"resolution": 2}, "the resolution is 2"),
        ({}, {"architecture": "swagan"}, "the architecture is 'swagan', wanted one of skip, resnet, orig"),
        ({}, {"architecture": "resnet"}, "synthesis.b8.skip.weight is missing"),
        ({}, {"channels": 1}, r"synthesis.b4.torgb.weight is \(3, 12, 1, 1\), wanted \(1, 12, 1, 1\)"),
        ({}, {"mapping_layers": 0}, "no mapping network has .* 0 layers"),
        ({}, {"mapping_layers": 3}, "mapping.fc2.weight is missing"),
        ({}, {"c_dim": 4}, "mapping.embed.weight is missing"),
    ],
)
def test_what_does_not_fit_is_named(change, numbers, complaint):
    state = {name: tensor for name, tensor in (plain.random_state() | change).items() if tensor is not None}
    with pytest.raises(ValueError, match=complaint):
        StyleGAN2.from_state(state, **network() | numbers)
