"""For OpenVINO in bf16: all that leads to a sine stays in float32.

bf16 has two decimal digits. An angle of ten turns so rounded is wrong by a tenth of a radian, and a picture painted of
waves (StyleGAN 3) then moves in jumps of a pixel where it should glide. The rest of the graph does not mind.

OpenVINO keeps a node's precision when the node carries an attribute for it, but neither ONNX nor its Python interface
can write that attribute; its own file format can. So a graph with sines takes a turn through that format. It costs
seconds when a model is loaded. Nodes that OpenVINO rewrites lose the mark: a network helps by
making its angles of plain products and sums.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ANGLED = ("Sin", "Cos")
# The value says fp16, and the CPU's bf16 follows it too.
MARK = {"name": "DisablePrecisionConversion", "version": "0", "value": "dynamic:f16"}


def with_exact_angles(core: Any, graph: Any) -> Any:
    """An ``openvino.Model``: the same one where it has no sines, else a copy with the marks."""
    import openvino as ov

    if not any(node.get_type_name() in ANGLED for node in graph.get_ops()):
        return graph
    with tempfile.TemporaryDirectory(prefix="graph-") as folder:
        words, weights = Path(folder) / "graph.xml", Path(folder) / "graph.bin"
        ov.serialize(graph, str(words), str(weights))
        # Read here and handed over: a file that OpenVINO maps could not be removed on every system.
        return core.read_model(_marked(words), weights.read_bytes())


def _marked(path: Path) -> bytes:
    net = ElementTree.parse(path).getroot()
    layers = {layer.attrib["id"]: layer for layer in net.iterfind("layers/layer")}
    before: dict[str, list[str]] = {}
    for edge in net.iterfind("edges/edge"):
        before.setdefault(edge.attrib["to-layer"], []).append(edge.attrib["from-layer"])
    waiting = [name for name, layer in layers.items() if layer.attrib["type"] in ANGLED]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += before.get(name, [])
    for name in found:
        # In the file's order: data, then what is marked, then inputs and outputs.
        marks = ElementTree.Element("rt_info")
        marks.append(ElementTree.Element("attribute", MARK))
        layers[name].insert(1 if layers[name].find("data") is not None else 0, marks)
    return ElementTree.tostring(net)
