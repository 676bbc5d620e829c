"""Somebody's graph between our ends: the same numbers as the graph alone, the same bytes as our own networks give."""

import numpy as np
import onnx
import pytest
import torch
from onnx import helper
from onnx.reference import ReferenceEvaluator

from installation.backends import onnx_graph
from installation.backends.recipe import Input
from installation.errors import ModelError
from installation.networks.rgba import PaintsRGBA, RepaintsRGBA
from tests.backends.onnx_graphs import BYTE, FLOAT, HALF, LONG, paints, repaints, run, save


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
def test_its_numbers_are_its_own(tmp_path, layout):
    path, network, _ = repaints(tmp_path, layout)
    asked = onnx_graph.inputs(network, 1, (10, 6))
    assert asked == {"image": Input((1, 3, 6, 10), "float32")}
    given = np.random.RandomState(1).uniform(-1, 1, (1, 3, 6, 10)).astype(np.float32)
    made = run(onnx_graph.numeric(path, network, asked, "made"), asked, "made", {"image": given})
    plain = given if layout == "nchw" else given.transpose(0, 2, 3, 1)
    expected = ReferenceEvaluator(str(path)).run(None, {"image": plain})[0]
    expected = expected if layout == "nchw" else expected.transpose(0, 3, 1, 2)
    assert np.abs(made - expected).max() < 1e-5


@pytest.mark.parametrize(("layout", "opset", "ir"), [("nchw", 8, 3), ("nchw", 17, 8), ("nhwc", 20, 9)])
@pytest.mark.parametrize("strength", [0.0, 0.4, 1.0])
def test_its_bytes_are_those_of_our_own_wrapper(tmp_path, layout, opset, ir, strength):
    if ir == 3:  # where every constant had to be an input as well
        path, network, kernel = repaints(tmp_path, layout, opset=opset, ir=4)
        model = onnx.load(path)
        model.ir_version = 3
        model.graph.input.extend(
            helper.make_tensor_value_info(t.name, t.data_type, t.dims) for t in model.graph.initializer
        )
        onnx.save(model, path)
    else:
        path, network, kernel = repaints(tmp_path, layout, opset=opset, ir=ir)
    asked = {"image": Input((1, 6, 10, 3), "uint8"), "strength": Input((1,), "float32")}
    given = np.random.RandomState(2).randint(0, 256, (1, 6, 10, 3)).astype(np.uint8)
    share = np.array([strength], np.float32)
    kept = onnx_graph.painted(path, network, asked, "rgba")
    last = onnx.load(kept).graph.node[-1]
    assert (last.op_type, list(last.output)) == ("Cast", ["rgba"])  # TensorRT has no bytes inside a graph
    made = run(kept, asked, "rgba", {"image": given, "strength": share})
    ours = RepaintsRGBA(lambda x: torch.tanh(torch.nn.functional.conv2d(x, kernel)), -1, 1)
    expected = ours(torch.from_numpy(given), torch.from_numpy(share)).numpy()
    assert (made.shape, made.dtype) == ((1, 6, 10, 4), np.uint8)
    assert np.abs(made.astype(int) - expected).max() <= 1  # a half may round either way
    assert (made == expected).mean() > 0.98


def test_a_graph_of_bytes_gets_every_byte_as_it_was(tmp_path):
    path, network, _ = repaints(tmp_path, "nhwc", BYTE)
    asked = {"image": Input((1, 16, 16, 3), "uint8"), "strength": Input((1,), "float32")}
    given = np.arange(768, dtype=np.int64).reshape(1, 16, 16, 3).astype(np.uint8)
    kept = onnx_graph.painted(path, network, asked, "rgba")
    made = run(kept, asked, "rgba", {"image": given, "strength": np.ones(1, np.float32)})
    expected = ReferenceEvaluator(str(path)).run(None, {"image": given})[0]
    assert np.abs(made[..., :3].astype(int) - expected).max() <= 1
    assert (made[..., 3] == 255).all()


def test_a_larger_picture_is_mixed_with_a_larger_one(tmp_path):
    path, network, _ = repaints(tmp_path, grow=True)
    asked = {"image": Input((1, 6, 10, 3), "uint8"), "strength": Input((1,), "float32")}
    given = np.full((1, 6, 10, 3), 90, np.uint8)
    kept = onnx_graph.painted(path, network, asked, "rgba")
    made = run(kept, asked, "rgba", {"image": given, "strength": np.zeros(1, np.float32)})
    assert made.shape == (1, 12, 20, 4)
    assert (made[..., :3] == 90).all()


@pytest.mark.parametrize("quantised", [False, True])
def test_numbers_in_a_picture_out_what_nobody_asks_for_is_held(tmp_path, quantised):
    path, network = paints(tmp_path, quantised)
    asked = onnx_graph.inputs(network, 2, (0, 0))
    assert asked == {"z": Input((2, 4), "float32")}
    z = np.array([[0, 0.1, 0.2, 0.3], [0.4, 0.3, 0.2, 0.1]], np.float32)
    made = run(onnx_graph.numeric(path, network, asked, "made"), asked, "made", {"z": z})
    expected = z[:, None, None] + np.array([0, 0.25, 0.5], np.float32)[:, None]
    np.testing.assert_allclose(made, expected, atol=1e-6)
    one = onnx_graph.inputs(network, 1, (0, 0))
    bytes_ = run(onnx_graph.painted(path, network, one, "rgba"), one, "rgba", {"z": z[:1]})
    grey = PaintsRGBA(lambda x: x, 0, 1)(torch.from_numpy(expected[:1])).numpy()
    assert np.abs(bytes_.astype(int) - grey).max() <= 1


def test_an_input_without_a_value_is_asked_for(tmp_path):
    path, network = paints(tmp_path)
    del network["inputs"]["shift"]["value"]
    asked = onnx_graph.inputs(network, 1, (0, 0))
    assert asked["shift"] == Input((1, 3), "float32")
    given = {"z": np.zeros((1, 4), np.float32), "shift": np.array([[0.1, 0.2, 0.3]], np.float32)}
    made = run(onnx_graph.numeric(path, network, asked, "made"), asked, "made", given)
    np.testing.assert_allclose(made[0, 0, :, 0], [0.1, 0.2, 0.3], atol=1e-6)


def test_other_types_are_cast_at_the_border(tmp_path):
    nodes = [helper.make_node("Cast", ["index"], ["i"], to=HALF), helper.make_node("Add", ["x", "i"], ["y"])]
    path = save(tmp_path, nodes, {"x": (HALF, [1, 1, 4, 4]), "index": (LONG, [1])}, {"y": (HALF, [1, 1, 4, 4])})
    row = {"dtype": "F16", "shape": [1, 1, 4, 4], "layout": "nchw", "channels": 1}
    network = {
        "inputs": {"image": {**row, "name": "x"}, "index": {"name": "index", "dtype": "I64", "shape": [1], "value": 3}},
        "output": {**row, "name": "y"}, "range": "0..1",
    }  # fmt: skip
    asked = onnx_graph.inputs(network, 1, (4, 4))
    given = np.full((1, 1, 4, 4), 0.5, np.float32)
    made = run(onnx_graph.numeric(path, network, asked, "made"), asked, "made", {"image": given})
    assert made.dtype == np.float32
    assert (made == 3.5).all()


def test_names_inside_inner_graphs_stay_together(tmp_path):
    """An If reads names of the graph around it."""
    branches = {
        name: helper.make_graph(
            [helper.make_node(operator, ["image", "one"], [f"{name}_made"])], name, [],
            [helper.make_tensor_value_info(f"{name}_made", FLOAT, None)],
        )
        for name, operator in (("then", "Add"), ("else", "Sub"))
    }  # fmt: skip
    nodes = [
        helper.make_node("ReduceMax", ["image"], ["most"], keepdims=0),
        helper.make_node("Greater", ["most", "one"], ["bright"]),
        helper.make_node("If", ["bright"], ["y"], then_branch=branches["then"], else_branch=branches["else"]),
    ]
    sides = [1, 1, 4, 4]
    path = save(tmp_path, nodes, {"image": (FLOAT, sides)}, {"y": (FLOAT, sides)}, {"one": np.array(1, np.float32)})
    row = {"dtype": "F32", "shape": sides, "layout": "nchw", "channels": 1}
    network = {"inputs": {"image": {**row, "name": "image"}}, "output": {**row, "name": "y"}, "range": "0..1"}
    asked = onnx_graph.inputs(network, 1, (4, 4))
    kept = onnx_graph.numeric(path, network, asked, "made")
    for level, expected in ((2.0, 3.0), (0.5, -0.5)):
        made = run(kept, asked, "made", {"image": np.full(sides, level, np.float32)})
        assert (made == expected).all()


def test_it_is_made_once_a_size_and_leaves_nothing_when_it_fails(tmp_path):
    path, network, _ = repaints(tmp_path)
    asked = onnx_graph.inputs(network, 1, (8, 8))
    first = onnx_graph.numeric(path, network, asked, "made")
    stamp = first.stat().st_mtime_ns
    assert onnx_graph.numeric(path, network, asked, "made") == first
    assert first.stat().st_mtime_ns == stamp
    assert onnx_graph.numeric(path, network, onnx_graph.inputs(network, 1, (8, 16)), "made") != first
    graph = onnx.load(first).graph
    assert [d.dim_value for d in graph.input[0].type.tensor_type.shape.dim] == [1, 3, 8, 8]
    before = set(first.parent.iterdir())
    with pytest.raises(ModelError):
        onnx_graph.numeric(path, {**network, "range": "0 to 1"}, asked, "made")
    assert set(first.parent.iterdir()) == before
