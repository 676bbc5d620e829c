"""TorchScript: a program in a file. Nothing of it is looked at; it is taken as it is, or not at all.

Running it runs whatever its author wrote, so it is accepted only where the artist says that she trusts it
(``facts["trusted"]``, from ``convert --trust``). What it takes it does not say: a picture is assumed, -1..1, and the
card is where that is corrected (docs/families/torchscript.md).
"""

from __future__ import annotations

from installation.checkpoints.found import Found, Recognised
from installation.errors import ModelError


def recognise(found: Found) -> Recognised | None:
    if found.container != "torchscript":
        return None
    if found.facts.get("trusted") is not True:
        raise ModelError(
            "it is TorchScript: a program, which would run with all your rights",
            "ask its author for the weights, or an ONNX file; if you trust them: installation models convert --trust",
        )
    return Recognised(
        family="torchscript",
        words="TorchScript, trusted: it runs on torch only",
        network={"in_channels": 3, "range": "-1..1"},
        rename=dict,
        preprocessing={"colour": "rgb", "range": "-1..1", "fit": "cover", "multiple": 8},
        notes="taken to paint from pictures in -1..1; for one that paints from numbers write latent: 512 into its card",
    )
