"""What pix2pix, CycleGAN and pix2pixHD files have in common, as names and shapes show it.

A chain is the row of residual blocks that CycleGAN's and pix2pixHD's generators share. In ``model.N`` it goes:

    1   7x7 in     4, 7, ...   levels     J.conv_block   blocks     K, K+3, ...   levels up     last   7x7 out
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installation.checkpoints.found import Recognised, Shape
from installation.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

IN = {1: "grey", 3: "RGB"}
OUT = {**IN, 4: "RGBA"}
LOOKS = (
    "look: eval paints with the statistics stored in training, look: batch with the picture's own, as the official "
    "test script does: try both."
)
MOST_LEVELS = 12  # a side of 4096 then comes down to one pixel
_BLOCK = re.compile(r"model\.(\d{1,6})\.(?:conv_)?block\.\d{1,6}\.weight")


@dataclass(frozen=True, slots=True)
class Chain:
    """``wide``: channels in. ``after``: the number that follows the last level up."""

    wide: int
    levels: int
    blocks: int
    after: int
    batch: bool
    biased: bool
    dropout: bool


def chain_of(shapes: Mapping[str, Shape]) -> Chain | None:
    """None where there is no such row. Raises ModelError for one that was built differently."""
    first = shapes.get("model.1.weight", ())
    places = sorted({int(found[1]) for name in shapes if (found := _BLOCK.fullmatch(name))})
    if len(first) != 4 or first[2:] != (7, 7) or not places:
        return None
    if any(name.endswith(".filt") for name in shapes):
        raise ModelError(
            "a generator with antialiased sampling (contrastive unpaired translation), which is not played",
            "train with --no_antialias --no_antialias_up, or export it as ONNX",
        )
    levels, odd = divmod(places[0] - 4, 3)
    if not 1 <= levels <= MOST_LEVELS or odd or places != list(range(places[0], places[0] + len(places))):
        raise ModelError(
            f"a generator with residual blocks from model.{places[0]} on, built differently from those we know",
            "known are pix2pix, CycleGAN and pix2pixHD; any network can be exported as ONNX",
        )
    return Chain(
        wide=first[1],
        levels=levels,
        blocks=len(places),
        after=places[-1] + 1 + 3 * levels,
        batch="model.2.running_mean" in shapes and "model.2.weight" in shapes,
        biased="model.1.bias" in shapes,
        dropout=not any(f"model.{places[0]}.{inside}.5.weight" in shapes for inside in ("conv_block", "block")),
    )


def colours_out(shapes: Mapping[str, Shape], name: str, transposed: bool = False) -> int:
    """Channels that the convolution ``name`` makes. Raises ModelError when there is no such thing."""
    shape = shapes.get(f"{name}.weight", ())
    if len(shape) != 4:
        raise ModelError(
            f"a generator whose last convolution, {name}.weight, is {shape or 'missing'}",
            "the file is not whole, or the network was changed",
        )
    return shape[1 if transposed else 0]


def picture_to_picture(family: str, words: str, channels: tuple[int, int], multiple: int, batch: bool) -> Recognised:
    """``channels``: in and out. It plays any size whose sides are a multiple. Raises ModelError for odd channels."""
    wide, colours = channels
    if wide not in IN or colours not in OUT:
        raise ModelError(
            f"{words}, from {wide} to {colours} channels: that is no picture to a picture",
            "it must take grey or RGB and make grey, RGB or RGBA",
        )
    return Recognised(
        family=family,
        words=f"{words}, {IN[wide]} to {OUT[colours]}",
        network=network_of(wide, batch),
        rename=without_junk,
        preprocessing={"colour": IN[wide].lower(), "range": "-1..1", "fit": "cover", "multiple": multiple},
        notes=LOOKS if batch else "",
    )


def network_of(wide: int, batch: bool) -> dict[str, int | str]:
    """Only a batch norm has two looks."""
    return {"in_channels": wide, "look": "eval"} if batch else {"in_channels": wide}


def without_junk(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Without counters, and without the statistics that instance norm kept in old versions of torch and never used."""
    return {name: tensor for name, tensor in tensors.items() if not _junk(name, tensors)}


def _junk(name: str, tensors: Mapping[str, Tensor]) -> bool:
    norm, _, part = name.rpartition(".")
    if part in ("running_mean", "running_var"):
        return f"{norm}.weight" not in tensors
    return part == "num_batches_tracked"
