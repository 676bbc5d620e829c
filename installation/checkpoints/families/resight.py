"""A network of ``installation train image`` (networks/resight.py), by the names of its two ends.

Facts that lay beside the tensors: ``blur``, pixels; ``greys``, the quantiles of what it saw in training, 0..255.
"""

from __future__ import annotations

from installation.checkpoints.found import Found, Recognised
from installation.errors import ModelError

MULTIPLE = 16  # of the sides
STEM, WIDE, LAST = "stem.weight", "down16.weight", "leave1.weight"


def recognise(found: Found) -> Recognised | None:
    if found.container == "onnx" or not {STEM, WIDE, LAST} <= set(found.shapes):
        return None
    shape = found.shapes.get("out.weight", ())
    if len(shape) != 4 or shape[0] != 3:
        raise ModelError(f"a ReSight, but its out.weight is {shape or 'missing'}", "wanted (3, any, 3, 3)")
    seen: dict[str, str | int] = {"colour": "grey", "range": "-1..1", "fit": "cover", "multiple": MULTIPLE}
    if greys := found.facts.get("greys"):
        seen["greys"] = " ".join(str(int(level)) for level in greys)
    return Recognised(
        family="resight",
        words=f"ReSight, {found.shapes[WIDE][0]} channels at its deepest",
        network={"in_channels": 1} | ({"blur": float(found.facts["blur"])} if "blur" in found.facts else {}),
        rename=dict,
        preprocessing=seen,
    )
