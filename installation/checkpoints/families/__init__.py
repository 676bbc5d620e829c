"""What a file is, by the names and shapes in it: one module a family, each with ``recognise(found)``.

``recognise`` returns None for what is not its own. For what is its own but broken it raises ModelError: a file is told
what it lacks, not that nobody knows it.
"""

from __future__ import annotations

import importlib

from installation.checkpoints.found import Found, Recognised
from installation.errors import ModelError

# In this order; the first that knows the file has it.
RECOGNISERS = (
    "stylegan3",
    "stylegan2",
    "rosinality",
    "biggan",
    "dcgan",
    "pix2pixhd",
    "junyanz",
    "fast_style",
    "adain",
    "multistyle",
    "resight",
    "texture",
    "torchscript",
)
OF_GRAPHS = ("multistyle", "onnx")  # an exporter keeps names of tensors, and the network they belonged to is not ours
SHOWN = 6  # tensor names that a refusal quotes


def recognise(found: Found) -> Recognised:
    """Raises ModelError when no family knows it, with the names that were seen."""
    for name in OF_GRAPHS if found.container == "onnx" else RECOGNISERS:
        module = importlib.import_module(f"{__name__}.{name}")
        if recognised := module.recognise(found):
            known: Recognised = recognised
            return known
    seen = ", ".join(list(found.shapes)[:SHOWN]) or "nothing"
    raise ModelError(
        f"no family we know has tensors like these ({found.container}): {seen}",
        "the families: docs/families/; is it the generator, and not the discriminator or an optimizer?",
    )
