"""OpenVINO in bf16 with the marks: angles as exact as in float32, and products still in bf16."""

import numpy as np
import openvino as ov
import pytest
import torch
from torch import nn

from installation.backends.exact_angles import with_exact_angles
from installation.backends.openvino import has_bf16

SETTINGS = {"INFERENCE_PRECISION_HINT": "bf16", "INFERENCE_NUM_THREADS": 1}


class Waves(nn.Module):
    """16 waves that two numbers put together, some of 30 turns, through a convolution."""

    def __init__(self):
        super().__init__()
        made = torch.Generator().manual_seed(1)
        self.register_buffer("basis", 6 * torch.rand(2, 16, generator=made))
        self.register_buffer("places", torch.linspace(-3, 3, 64))
        self.conv = nn.Conv2d(16, 16, 1)

    def forward(self, pair):
        turns = (pair.reshape(2, 1) * self.basis).sum(0).reshape(16, 1)
        return self.conv(torch.sin(turns * self.places)[None, :, :, None])


@pytest.fixture(scope="module")
def waves(tmp_path_factory):
    net, path = Waves().eval(), tmp_path_factory.mktemp("graph") / "waves.onnx"
    with torch.no_grad():
        torch.onnx.export(net, (torch.zeros(2),), str(path), dynamo=True, opset_version=20, verbose=False)
    return net, path


def error(net, compiled):
    pair = np.array([7.317, -3.411], np.float32)
    expected = net(torch.from_numpy(pair)).detach().numpy()
    return float(np.abs(compiled([pair])[0] - expected).max() / expected.std())


@pytest.mark.filterwarnings("ignore")
def test_a_wave_is_where_it_should_be(waves):
    net, path = waves
    core = ov.Core()
    marked = core.compile_model(with_exact_angles(core, core.read_model(path)), "CPU", SETTINGS)
    assert error(net, marked) < 0.05
    if has_bf16():
        assert error(net, core.compile_model(core.read_model(path), "CPU", SETTINGS)) > 0.2


@pytest.mark.filterwarnings("ignore")
def test_names_and_shapes_stay(waves):
    _, path = waves
    core = ov.Core()
    before = core.read_model(path)
    after = with_exact_angles(core, before)
    assert after.input(0).any_name == before.input(0).any_name
    assert after.output(0).any_name == before.output(0).any_name
    assert list(after.output(0).shape) == [1, 16, 64, 1]


def test_a_graph_without_sines_is_left_alone():
    core = ov.Core()
    given = ov.opset13.parameter([1], np.float32)
    graph = ov.Model([ov.opset13.relu(given)], [given])
    assert with_exact_angles(core, graph) is graph
