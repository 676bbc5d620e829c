"""pix2pix and CycleGAN as their own repository saves them, ``EPOCH_net_G.pth``: the U-Net and the ResNet.

A ResNet of two levels, 6 or 9 blocks, at most three channels in and with biases may also be pix2pixHD's: then the two
are the same, tensor for tensor, and paint the same. It counts as CycleGAN's; pix2pixhd.py says what does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from installation.checkpoints.families.translation_parts import (
    MOST_LEVELS,
    Chain,
    chain_of,
    colours_out,
    picture_to_picture,
)
from installation.checkpoints.found import Found, Recognised, Shape
from installation.errors import ModelError

LINES = "lines"
FIRST, NEXT = "model.model.0.weight", "model.model.1.model."
_JUDGE = re.compile(r"(?:model|net|(?:scale\d+_)?layer\d+)\.\d+\.weight")


def recognise(found: Found) -> Recognised | None:
    if FIRST in found.shapes and f"{NEXT}1.weight" in found.shapes:
        unet = _unet(found.shapes)
        # A network of 'train image --manner lines': a camera's picture must become lines first.
        drawn = found.facts.get("colour") == LINES
        return replace(unet, preprocessing={**unet.preprocessing, "colour": LINES}) if drawn else unet
    if chain := chain_of(found.shapes):
        return _resnet(found.shapes, chain)
    if _is_judge(found.shapes):
        raise ModelError(
            "a discriminator: it judges pictures and makes none",
            "the generator lies beside it, in a file with net_G in its name",
        )
    return None


def _unet(shapes: Mapping[str, Shape]) -> Recognised:
    first = shapes[FIRST]
    if len(first) != 4 or first[2:] != (4, 4):
        raise ModelError(f"a U-Net whose {FIRST} is {first}, wanted (any, any, 4, 4)", "the network was changed")
    level, levels = NEXT, 2
    while f"{level}3.model.1.weight" in shapes:
        level, levels = f"{level}3.model.", levels + 1
    if levels > MOST_LEVELS:
        raise ModelError(f"a U-Net of {levels} levels", f"known are those of up to {MOST_LEVELS}")
    channels = (first[1], colours_out(shapes, "model.model.3", transposed=True))
    batch = f"{level}4.running_mean" in shapes and f"{level}4.weight" in shapes
    return picture_to_picture("pix2pix", f"pix2pix U-Net, {levels} levels", channels, 2**levels, batch)


def _resnet(shapes: Mapping[str, Shape], chain: Chain) -> Recognised:
    channels = (chain.wide, colours_out(shapes, f"model.{chain.after + 1}"))
    words = f"CycleGAN ResNet, {chain.blocks} blocks"
    return picture_to_picture("cyclegan", words, channels, 2**chain.levels, chain.batch)


def _is_judge(shapes: Mapping[str, Shape]) -> bool:
    """Convolutions in one row, 4x4 or 1x1, the last to a single channel that says how real a place looks."""
    kernels = [(name, shape) for name, shape in shapes.items() if len(shape) == 4]
    alike = all(_JUDGE.fullmatch(name) and shape[2:] in ((4, 4), (1, 1)) for name, shape in kernels)
    return len(kernels) > 2 and alike and kernels[-1][1][0] == 1
