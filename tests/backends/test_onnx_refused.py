"""Somebody's graph that is not ours to play, or not as its card says: one line, before anything is made of it."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from installation.backends import onnx_graph
from installation.backends.choose import load
from installation.backends.recipe import Input, Recipe
from installation.errors import ModelError
from tests.backends.onnx_graphs import FLOAT, repaints, save


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path / "cache"))


def broken(path, change):
    model = onnx.load(path)
    change(model)
    path.write_bytes(model.SerializeToString())


def external(model):
    tensor = model.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../secret")


def custom(model):
    model.graph.node[-1].domain = "com.microsoft"
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (external, r"theirs\.onnx: it keeps '.*' in another file"),
        (custom, r"theirs\.onnx: it uses operators of 'com\.microsoft'"),
        (lambda model: model.graph.node[-1].input.__setitem__(0, "nowhere"), "it is no valid ONNX graph"),
        (lambda model: model.graph.ClearField("name"), "it is no valid ONNX graph"),
    ],
)
def test_a_file_that_is_not_ours_to_play_is_refused(tmp_path, change, message):
    path, network, _ = repaints(tmp_path)
    broken(path, change)
    with pytest.raises(ModelError, match=message) as caught:
        onnx_graph.numeric(path, network, onnx_graph.inputs(network, 1, (8, 8)), "made")
    assert "\n" not in caught.value.message


def test_a_line_that_asks_for_all_memory_is_refused(tmp_path):
    nodes = [
        helper.make_node("ConstantOfShape", ["sides"], ["large"]),
        helper.make_node("ReduceMax", ["large"], ["most"], keepdims=0),
        helper.make_node("Add", ["image", "most"], ["y"]),
    ]
    sides = [1, 3, 8, 8]
    path = save(
        tmp_path, nodes, {"image": (FLOAT, sides)}, {"y": (FLOAT, sides)}, {"sides": np.array([100_000, 100_000])}
    )
    row = {"dtype": "F32", "shape": sides, "layout": "nchw", "channels": 3}
    network = {"inputs": {"image": {**row, "name": "image"}}, "output": {**row, "name": "y"}, "range": "0..1"}
    with pytest.raises(ModelError, match="more than any memory holds"):
        onnx_graph.numeric(path, network, onnx_graph.inputs(network, 1, (8, 8)), "made")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"range": "bright"}, "'bright' is no range"),
        ({"inputs": {"image": {"name": "elsewhere", "dtype": "F32", "shape": [1, 3, "h", "w"], "layout": "nchw",
                               "channels": 3}}}, "it has no 'elsewhere'"),
        ({"inputs": {"image": {"name": "image", "dtype": "F32", "shape": [1, 3, 9, 9], "layout": "nchw",
                               "channels": 3}}}, r"it takes pictures of 1x3x9x9 \(nchw\), not of 1x3x8x8"),
        ({"output": {"name": "rgba", "dtype": "F32", "shape": [], "layout": "nhwc", "channels": 3}},
         "its picture has 8 channels"),
    ],
)  # fmt: skip
def test_a_card_that_does_not_fit_is_told_where(tmp_path, change, message):
    path, network, _ = repaints(tmp_path)
    with pytest.raises(ModelError, match=message):
        onnx_graph.numeric(path, {**network, **change}, {"image": Input((1, 3, 8, 8), "float32")}, "made")


def test_torch_says_what_runs_it(tmp_path):
    path, network, _ = repaints(tmp_path)
    asked = onnx_graph.inputs(network, 1, (8, 8))
    recipe = Recipe("theirs", asked, "made", (), graph=onnx_graph.numeric(path, network, asked, "made"))
    with pytest.raises(ModelError, match="torch does not run an ONNX file"):
        load(recipe, "torch", "fp32")
