"""Any ONNX file that makes a picture out of a picture, or out of numbers. It is kept and played as the graph it is.

What the graph does not say is guessed, and written into the card, where it can be set right:

    range     uint8: 0..255; Tanh in it: -1..1; instance normalisation without Tanh and Sigmoid: 0..255; else 0..1
    layout    a side of 1, 3 or 4 where channels lie in nchw or nhwc; both: nchw
    inputs    ``image``, the one picture; ``z``, the largest list of numbers where there is no picture; ``styles`` or
              ``classes``, weights known by their name; every other small input is held at ``value``

``network`` is what backends/onnx_graph.py takes: the inputs by our names, the output, the range.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from installation.checkpoints.families import onnx_values as values
from installation.checkpoints.families.onnx_values import Value
from installation.checkpoints.found import Found, Recognised
from installation.errors import ModelError

DOMAINS = ("ai.onnx", "ai.onnx.ml", "")
OLDEST = 8  # the first opset whose arithmetic broadcasts as today's does
MOST_CLASSES = 1000
OURS = ("image", "z", "styles", "classes", "strength")
_CLASSES = re.compile(r"class|label|style_?weight|one_?hot", re.IGNORECASE)
_FULL = re.compile(r"alpha|strength|psi|truncation|scale|weight", re.IGNORECASE)  # held at 1, not at 0
REEXPORT = "export it again from where it was trained, as one plain picture in and one out"


def recognise(found: Found) -> Recognised | None:
    if found.container != "onnx":
        return None
    _possible(found)
    given: Sequence[Value] = found.facts.get("inputs", [])
    outputs: Sequence[Value] = found.facts.get("outputs", [])
    operators: Mapping[str, int] = found.facts.get("operators", {})
    picture, others = _sorted(given)
    inputs: dict[str, Any] = {}
    latent = 0
    if picture:
        inputs["image"] = picture
    else:
        largest = max(others, key=lambda value: (not _CLASSES.search(value["name"]), values.count(value)))
        others = [value for value in others if value is not largest]
        latent = values.count(largest)
        inputs["z"] = values.row(largest)
    classes = _add_others(inputs, others, "styles" if picture else "classes")
    made = _output(outputs, picture["layout"] if picture else "nchw")
    span = _range(operators, made["dtype"], picture["dtype"] if picture else "")
    size = values.size(picture or made)
    takes = "paints from a picture" if picture else f"paints from {latent} numbers"
    sides = "{}x{}".format(*size) if size else "any size"
    return Recognised(
        family="onnx",
        words=f"ONNX graph, opset {found.facts.get('opset')}, {takes}, {sides}",
        network={
            "inputs": inputs,
            "output": made,
            "range": span,
            "in_channels": picture["channels"] if picture else 0,
        },
        rename=dict,
        resolution=size,
        latent=latent,
        classes=classes,
        class_noun="style" if picture else "class",
        preprocessing={"colour": "rgb", "range": span, "fit": "cover", "multiple": 1 if size else 8} if picture else {},
        notes=_notes(operators, outputs),
    )


def _possible(found: Found) -> None:
    if custom := [domain for domain in found.facts.get("domains", []) if domain not in DOMAINS]:
        raise ModelError(
            f"the ONNX file uses operators of '{custom[0]}', which are not ONNX's own",
            "export it again, without a runtime's own optimisation",
        )
    opset = found.facts.get("opset", 0)
    if opset < OLDEST:
        raise ModelError(f"the ONNX file is of opset {opset}; the oldest that works here is {OLDEST}", REEXPORT)


def _sorted(given: Sequence[Value]) -> tuple[dict[str, Any] | None, list[Value]]:
    """(the picture as a card has it, or None; the other inputs). Raises ModelError."""
    if not given:
        raise ModelError("the ONNX file takes nothing, so nothing could steer it", REEXPORT)
    pictures = [value for value in given if values.layout(value)]
    if len(pictures) > 1:
        names = ", ".join(map(values.shown, pictures[:3]))
        raise ModelError(f"the ONNX file takes {len(pictures)} pictures: {names}", REEXPORT)
    others = [value for value in given if not values.layout(value)]
    if strange := [value for value in others if not values.is_numbers(value)]:
        raise ModelError(f"its input {values.shown(strange[0])} is no picture and no short list of numbers", REEXPORT)
    return (values.picture_row(pictures[0], values.layout(pictures[0])) if pictures else None), others


def _add_others(inputs: dict[str, Any], others: Sequence[Value], weights: str) -> int:
    """Every further input under a name of ours. Gives the number of classes."""
    classes = 0
    for value in others:
        many = values.count(value)
        if not classes and value["dtype"].startswith("F") and 2 <= many <= MOST_CLASSES and _named_classes(value):
            classes = many
            inputs[weights] = values.row(value)
        else:
            held = 1 if _FULL.search(value["name"]) else 0
            inputs[_public(value["name"], inputs)] = {**values.row(value), "value": held}
    return classes


def _named_classes(value: Value) -> bool:
    return bool(_CLASSES.search(value["name"]))


def _output(outputs: Sequence[Value], like: str) -> dict[str, Any]:
    """The first picture; where no output's shape is told, the first that may be one, laid out as the input is."""
    for value in outputs:
        if how := values.layout(value):
            return values.picture_row(value, how)
    for value in outputs:
        if values.may_be_picture(value):
            return values.picture_row(value, like)
    made = ", ".join(map(values.shown, outputs[:3])) or "nothing"
    raise ModelError(f"the ONNX file makes no picture: {made}", REEXPORT)


def _public(name: str, taken: Mapping[str, Any]) -> str:
    """A name that a card can hold, out of one like ``mobilenet_conv/Conv/BiasAdd``."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40] or "input"
    return plain if plain not in taken and plain not in OURS else f"{plain}_{len(taken)}"


def _range(operators: Mapping[str, int], *dtypes: str) -> str:
    if "U8" in dtypes:
        return "0..255"
    if "Tanh" in operators:
        return "-1..1"
    return "0..255" if "InstanceNormalization" in operators and "Sigmoid" not in operators else "0..1"


def _notes(operators: Mapping[str, int], outputs: Sequence[Value]) -> str:
    notes = ["its range is a guess: if the picture looks wrong, set network.range"]
    if any(name.startswith("Random") for name in operators):
        notes.append("it draws random numbers of its own, so the same input gives other pictures")
    if len(outputs) > 1:
        notes.append(f"of its {len(outputs)} outputs the first picture is shown")
    return "; ".join(notes)
