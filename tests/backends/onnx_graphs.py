"""Small graphs as somebody else may have exported them, each with the ``network`` that its card would have."""

from __future__ import annotations

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from installation.backends.choose import load
from installation.backends.recipe import Recipe

FLOAT, BYTE, LONG, HALF = TensorProto.FLOAT, TensorProto.UINT8, TensorProto.INT64, TensorProto.FLOAT16


def save(folder, nodes, inputs, outputs, constants=(), opset=17, ir=8, name="theirs.onnx"):
    """``inputs`` and ``outputs``: name -> (type, shape)."""
    values = [
        [helper.make_tensor_value_info(n, kind, shape) for n, (kind, shape) in rows.items()]
        for rows in (inputs, outputs)
    ]
    tensors = [numpy_helper.from_array(array, n) for n, array in dict(constants).items()]
    graph = helper.make_graph(nodes, "theirs", *values, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=ir)
    onnx.save(model, folder / name)
    return folder / name


def repaints(folder, layout="nchw", kind=FLOAT, opset=17, ir=8, grow=False):
    """tanh of a mixture of channels, its names those that a recipe's own ends have."""
    mix = np.array([[0.2, 0.9, -0.4], [1.1, -0.3, 0.2], [-0.5, 0.3, 0.8]], np.float32)
    nodes = []
    inner = "image"
    if kind == BYTE:
        nodes += [helper.make_node("Cast", [inner], ["f"], to=FLOAT), helper.make_node("Div", ["f", "full"], ["u"])]
        inner = "u"
    if layout == "nhwc":
        nodes.append(helper.make_node("MatMul", [inner, "mix"], ["ends.1"]))
        sides = [1, "h", "w", 3]
    else:
        nodes.append(helper.make_node("Conv", [inner, "kernel"], ["ends.1"]))
        sides = [1, 3, "h", "w"]
    last = "ends.2" if grow or kind == BYTE else "rgba"
    nodes.append(helper.make_node("Tanh", ["ends.1"], [last]))
    if kind == BYTE:
        nodes += [helper.make_node("Mul", [last, "full"], ["m"]), helper.make_node("Abs", ["m"], ["a"])]
        nodes.append(helper.make_node("Cast", ["a"], ["rgba"], to=BYTE))
    if grow:
        nodes.append(helper.make_node("Resize", [last, "", "twice"], ["rgba"], mode="nearest"))
    constants = {"mix": mix, "kernel": mix.T[:, :, None, None].copy(), "full": np.array(255, np.float32),
                 "twice": np.array([1, 1, 2, 2], np.float32)}  # fmt: skip
    made = [side if side in (1, 3) else f"{side}2" for side in sides]
    path = save(folder, nodes, {"image": (kind, sides)}, {"rgba": (kind, made)}, constants, opset, ir)
    dtype = "U8" if kind == BYTE else "F32"
    row = {"dtype": dtype, "shape": sides, "layout": layout, "channels": 3}
    network = {
        "inputs": {"image": {**row, "name": "image"}}, "output": {**row, "name": "rgba"},
        "range": "0..255" if kind == BYTE else "-1..1",
    }  # fmt: skip
    return path, network, torch.from_numpy(mix.T.copy())[:, :, None, None]


def paints(folder, quantised=False):
    """z (n, 4) and a shift (1, 1, 1, 3) -> a grey picture (n, 1, 3, 4): the shift over the rows, z over the columns."""
    nodes = [
        helper.make_node("Reshape", ["z", "wide"], ["across"]),
        helper.make_node("Reshape", ["shift", "tall"], ["s"]),
    ]
    down = "s"
    if quantised:
        nodes += [helper.make_node("QuantizeLinear", ["s", "step", "zero"], ["q"]),
                  helper.make_node("DequantizeLinear", ["q", "step", "zero"], ["d"]),
                  helper.make_node("QuantizeLinear", ["eye", "step", "zero"], ["k"]),
                  helper.make_node("DequantizeLinear", ["k", "step", "zero"], ["e"]),
                  helper.make_node("Conv", ["d", "e"], ["down"])]  # fmt: skip
        down = "down"
    nodes.append(helper.make_node("Add", ["across", down], ["picture"]))
    constants = {"wide": np.array([-1, 1, 1, 4]), "tall": np.array([1, 1, 3, 1]), "step": np.array(0.125, np.float32),
                 "zero": np.array(0, np.int8), "eye": np.ones((1, 1, 1, 1), np.float32)}  # fmt: skip
    shapes = {"z": (FLOAT, ["n", 4]), "shift": (FLOAT, [1, 1, 1, 3])}
    path = save(folder, nodes, shapes, {"picture": (FLOAT, ["n", 1, 3, 4])}, constants)
    network = {
        "inputs": {"z": {"name": "z", "dtype": "F32", "shape": ["n", 4]},
                   "shift": {"name": "shift", "dtype": "F32", "shape": [1, 1, 1, 3], "value": [0, 0.25, 0.5]}},
        "output": {"name": "picture", "dtype": "F32", "shape": ["n", 1, 3, 4], "layout": "nchw", "channels": 1},
        "range": "0..1",
    }  # fmt: skip
    return path, network


def run(path, inputs, output, given, precision="fp32"):
    recipe = Recipe("theirs", inputs, output, (), graph=path)
    return load(recipe, "openvino", precision).run(given)[output]
