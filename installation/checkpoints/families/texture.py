"""A neural cellular automaton of ``installation train texture`` (networks/texture.py), by its two layers.

The names are common ones, so the shapes must say it too: what comes out of a cell, four times over, goes in.
"""

from __future__ import annotations

from installation.checkpoints.found import Found, Recognised
from installation.errors import ModelError

NAMES = {"hidden.weight", "hidden.bias", "out.weight", "out.bias"}
FILTERS = 4
COLOURS = 3


def recognise(found: Found) -> Recognised | None:
    if found.container == "onnx" or set(found.shapes) != NAMES:
        return None
    sees, makes = found.shapes["hidden.weight"], found.shapes["out.weight"]
    if len(sees) != 2 or len(makes) != 2 or sees != (makes[1], FILTERS * makes[0]):
        return None
    channels, hidden = makes
    if channels < COLOURS:
        raise ModelError(f"a texture of {channels} channels", "it needs 3 for its colours and some to live by")
    parameters = hidden * (FILTERS * channels + 1) + channels * (hidden + 1)
    return Recognised(
        family="texture",
        words=f"neural cellular automaton, {channels} channels, {parameters:,} parameters",
        network={"channels": channels},
        rename=dict,
    )
