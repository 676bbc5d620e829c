"""Fast neural style as PyTorch's examples save it: ``conv1.conv2d.weight`` ... ``deconv3.conv2d.bias``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from installation.checkpoints.found import Found, Recognised
from installation.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

FIRST, LAST = "conv1.conv2d.weight", "deconv3.conv2d.weight"
_BLOCK = re.compile(r"res\d+\.conv1\.conv2d\.weight")
# Statistics that instance normalisation kept in old versions of torch, and never used.
_JUNK = re.compile(r"(?:res\d+\.)?in\d+\.(?:running_mean|running_var|num_batches_tracked)")


def recognise(found: Found) -> Recognised | None:
    # An ONNX file of it keeps the names, but what an exporter did to the tensors they do not tell.
    if found.container == "onnx" or FIRST not in found.shapes or LAST not in found.shapes:
        return None
    for name, wanted in ((FIRST, (3, 9, 9)), ("conv2.conv2d.weight", None), ("conv3.conv2d.weight", None)):
        shape = found.shapes.get(name, ())
        if len(shape) != 4 or (wanted and shape[1:] != wanted):
            raise ModelError(
                f"a fast style network, but its {name} is {shape or 'missing'}",
                "known is the network of PyTorch's examples; others of the same name are built differently",
            )
    widths = "/".join(str(found.shapes[f"conv{i}.conv2d.weight"][0]) for i in (1, 2, 3))
    blocks = sum(bool(_BLOCK.fullmatch(name)) for name in found.shapes)
    return Recognised(
        family="fast_style",
        words=f"fast neural style, {widths} channels, {blocks} blocks",
        network={},
        rename=without_junk,
        preprocessing={"colour": "rgb", "range": "0..255", "fit": "cover", "multiple": 4},
    )


def without_junk(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor for name, tensor in tensors.items() if not _JUNK.fullmatch(name)}
