"""pix2pixHD as its own repository saves it, ``EPOCH_net_G.pth``: the global generator, with or without enhancers.

Its global generator and CycleGAN's ResNet are one design, so a rule decides, in this order:

    enhancers (``model1_1``)                          pix2pixHD
    convolutions without biases, or dropout           CycleGAN
    levels other than 2, blocks other than 6 and 9,
    more than 3 channels in, biases and a batch norm  pix2pixHD
    none of these                                     both, tensor for tensor; CycleGAN, which paints the same

More than three channels in are a map of labels. How many of them are labels is not in the file: one may be the map of
edges, and is, unless it was trained with --no_instance.
"""

from __future__ import annotations

from collections.abc import Mapping

from installation.checkpoints.families.translation_parts import (
    IN,
    OUT,
    Chain,
    chain_of,
    colours_out,
    network_of,
    picture_to_picture,
    without_junk,
)
from installation.checkpoints.found import Found, Recognised, Shape
from installation.errors import ModelError

CYCLEGAN_LEVELS, CYCLEGAN_BLOCKS = 2, (6, 9)


def recognise(found: Found) -> Recognised | None:
    shapes = found.shapes
    chain = chain_of(shapes)
    if chain is None:
        if _is_encoder(shapes):
            raise ModelError(
                "pix2pixHD's feature encoder (net_E): it describes pictures and makes none",
                "the generator lies beside it, in a file with net_G in its name",
            )
        return None
    enhancers = _enhancers(shapes)
    if not enhancers and not _only_pix2pixhd(chain):
        return None
    name = f"model{enhancers}_2.{_local_blocks(shapes, enhancers) + 4}" if enhancers else f"model.{chain.after + 1}"
    channels = (chain.wide, colours_out(shapes, name))
    words = f"pix2pixHD, {chain.levels} levels, {chain.blocks} blocks"
    if enhancers:
        words += f", {enhancers} local enhancer{'s' if enhancers > 1 else ''}"
    multiple = 2 ** (chain.levels + enhancers)
    if chain.wide in IN:
        return picture_to_picture("pix2pixhd", words, channels, multiple, chain.batch)
    return _from_labels(words, channels, multiple, chain.batch)


def _from_labels(words: str, channels: tuple[int, int], multiple: int, batch: bool) -> Recognised:
    wide, colours = channels
    if colours not in OUT:
        raise ModelError(f"{words}, to {colours} channels: that is no picture", "it must make grey, RGB or RGBA")
    return Recognised(
        family="pix2pixhd",
        words=f"{words}, map of labels ({wide} channels) to {OUT[colours]}",
        network={**network_of(wide, batch), "label_classes": wide},
        rename=without_junk,
        preprocessing={"colour": "labels", "range": "0..1", "fit": "cover", "multiple": multiple},
        notes="The last channel is the map of edges between instances, unless it was trained with --no_instance.",
    )


def _only_pix2pixhd(chain: Chain) -> bool:
    if chain.dropout or not chain.biased:
        return False
    usual = chain.levels == CYCLEGAN_LEVELS and chain.blocks in CYCLEGAN_BLOCKS and chain.wide in IN
    return chain.batch or not usual


def _enhancers(shapes: Mapping[str, Shape]) -> int:
    count = 0
    while f"model{count + 1}_1.1.weight" in shapes:
        count += 1
    return count


def _local_blocks(shapes: Mapping[str, Shape], enhancer: int) -> int:
    count = 0
    while f"model{enhancer}_2.{count}.conv_block.1.weight" in shapes:
        count += 1
    return count


def _is_encoder(shapes: Mapping[str, Shape]) -> bool:
    """A chain without blocks: 7x7, levels down and up, 7x7."""
    kernels = [shape for name, shape in shapes.items() if len(shape) == 4 and name.startswith("model.")]
    ends = [shape[2:] == (7, 7) for shape in kernels]
    return len(kernels) > 3 and "model.4.weight" in shapes and ends[0] and ends[-1] and not any(ends[1:-1])
