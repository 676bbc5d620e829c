"""AdaIN (Huang, Belongie 2017) as two files: ``decoder.pth``, and ``vgg_normalised.pth`` for the encoder.

Both are sequences whose tensors are named by their place alone (``0.weight``); where several files are converted
together, each one's names begin with its file's name. So the two are told apart by shapes, whatever the files' names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from installation.checkpoints.found import Found, Recognised, Shape
from installation.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

_PLACE = re.compile(r"(?P<sequence>(?:.*\.)?)(?P<place>\d+)\.(?:weight|bias)")
SIGNS: Mapping[str, Mapping[str, Shape]] = {
    "vgg": {"0.weight": (3, 3, 1, 1), "2.weight": (64, 3, 3, 3), "29.weight": (512, 256, 3, 3)},
    "decoder": {"1.weight": (256, 512, 3, 3), "5.weight": (256, 256, 3, 3), "28.weight": (3, 64, 3, 3)},
}
DEEPEST = 30  # VGG's modules up to relu4_1; what comes after is not used
HINT = "convert both at once: installation models convert decoder.pth vgg_normalised.pth"


def recognise(found: Found) -> Recognised | None:
    sequences = {match["sequence"] for name in found.shapes if (match := _PLACE.fullmatch(name))}
    parts = {
        part: sequence
        for part, signs in SIGNS.items()
        for sequence in sorted(sequences)
        if all(found.shapes.get(sequence + name) == shape for name, shape in signs.items())
    }
    if not parts:
        return None
    if "vgg" not in parts:
        raise ModelError("it is the decoder of AdaIN, without the VGG that encodes pictures for it", HINT)
    if "decoder" not in parts:
        raise ModelError("it is the VGG that encodes pictures for AdaIN, without the decoder", HINT)

    def rename(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        renamed = {}
        for name, tensor in tensors.items():
            match = _PLACE.fullmatch(name)
            part = next((part for part, sequence in parts.items() if match and match["sequence"] == sequence), None)
            if part is None or match is None:
                renamed[name] = tensor  # nobody's: the network refuses it by name
            elif part == "decoder" or int(match["place"]) <= DEEPEST:
                renamed[f"{part}.{name.removeprefix(parts[part])}"] = tensor
        return renamed

    return Recognised(
        family="adain",
        words="AdaIN: the style of any picture",
        network={},
        rename=rename,
        preprocessing={"colour": "rgb", "range": "0..1", "fit": "cover", "multiple": 8},
        notes="styles are pictures in models/NAME/styles/, mixed by live weights",
    )
