"""BigGAN-deep (Brock, Donahue, Simonyan 2019) as pytorch-pretrained-BigGAN keeps it: pytorch_model.bin, config.json.

Which blocks double the side is in config.json alone. Without it beside the file, every second block is taken to, as in
all that were published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from installation.checkpoints.found import Found, Recognised
from installation.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

_PART = re.compile(r"generator\.layers\.(\d+)\.(gamma|bn_0\.running_means)")
EPS = 1e-4
HINT = "put its config.json beside the file"


def recognise(found: Found) -> Recognised | None:
    shapes = found.shapes
    parts = {int(match[1]): match[2] for name in shapes if (match := _PART.fullmatch(name))}
    blocks = sorted(index for index, part in parts.items() if part != "gamma")
    if not blocks or not any(name.startswith("generator.gen_z.") for name in shapes):
        return None
    embeddings, first = shapes.get("embeddings.weight", ()), shapes.get("generator.gen_z.weight_orig", ())
    if len(embeddings) != 2 or len(first) != 2:
        missing = "embeddings.weight" if len(embeddings) != 2 else "generator.gen_z.weight_orig"
        raise ModelError(f"it is a BigGAN without {missing}", "is it the whole of pytorch_model.bin?")
    config = found.facts.get("config")
    if not isinstance(config, Mapping):
        config = {}
    ups = _ups(config, blocks) if config else _usual(blocks)
    stored = shapes[f"generator.layers.{blocks[0]}.bn_0.running_means"]
    if not stored:
        raise ModelError(f"generator.layers.{blocks[0]}.bn_0.running_means is one number", "is the file whole?")
    side, classes = 4 * 2 ** len(ups), embeddings[1]
    return Recognised(
        family="biggan",
        words=f"BigGAN-deep, {side}x{side}, {classes} classes",
        network={"ups": ups, "n_stats": stored[0], "eps": _eps(config)},
        rename=_as_it_is,
        resolution=(side, side),
        latent=first[1] - embeddings[0],
        classes=classes,
        licence="as its publisher says",
        notes="" if config else "made without its config.json: every second block doubles the side",
    )


def _as_it_is(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return dict(tensors)


def _ups(config: Mapping[str, Any], blocks: list[int]) -> list[int]:
    """From ``layers``: [doubles the side, channels before, after] a block; attentions are not counted there."""
    layers = config.get("layers")
    if not isinstance(layers, list) or not all(isinstance(layer, list) and layer for layer in layers):
        raise ModelError("its config.json has no list 'layers'", "is it the one that came with the file?")
    if len(layers) != len(blocks):
        raise ModelError(
            f"its config.json tells of {len(layers)} blocks and the file has {len(blocks)}",
            "is it the one that came with the file?",
        )
    return [block for block, layer in zip(blocks, layers, strict=True) if layer[0] is True]


def _usual(blocks: list[int]) -> list[int]:
    if len(blocks) % 2:
        raise ModelError(f"it is a BigGAN of {len(blocks)} blocks; which of them double the side?", HINT)
    return blocks[1::2]


def _eps(config: Mapping[str, Any]) -> float:
    eps = config.get("eps", EPS)
    if isinstance(eps, bool) or not isinstance(eps, (int, float)) or not 0 < eps < 1:
        raise ModelError(f"its config.json has the eps '{str(eps)[:20]}', wanted a small number such as 1e-4", HINT)
    return float(eps)
