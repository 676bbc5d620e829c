"""Many styles in one network (Dumoulin 2017), as an ONNX file whose tensors keep their names: ``contract.0.w`` ..."""

from __future__ import annotations

from installation.checkpoints.found import Found, Recognised
from installation.errors import ModelError

FIRST, TABLE, LAST = "contract.0.w", "contract.0.norm.gamma", "expand.2.w"


def recognise(found: Found) -> Recognised | None:
    if FIRST not in found.shapes or LAST not in found.shapes:
        return None
    table = found.shapes.get(TABLE, ())
    if len(table) != 2 or table[0] < 1:
        raise ModelError(f"a network of many styles, but its {TABLE} is {table or 'missing'}", "wanted (styles, width)")
    return Recognised(
        family="multistyle",
        words=f"style transfer, {table[0]} styles in one network",
        network={},
        rename=dict,
        classes=table[0],
        class_noun="style",
        preprocessing={"colour": "rgb", "range": "0..1", "fit": "cover", "multiple": 4},
    )
