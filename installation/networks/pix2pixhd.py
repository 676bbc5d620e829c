"""pix2pixHD: a picture or a map of labels in, a large picture out, coarse first and finer by every enhancer.

Wang, Liu, Zhu, Tao, Kautz, Catanzaro 2018 (1711.11585).

    image (N, C, H, W), sides multiples of 2^(downs + enhancers)  ->  (N, colours, H, W) in -1..1

``image`` is RGB in -1..1, or one channel a label, 1 where the label is and 0 elsewhere, followed by the map of the
edges between instances if the network was trained with one (models/labels.py makes them from numbers).

Checkpoint names: ``model.N``, the global generator, one chain as residual.py describes. Every enhancer n from coarse to
fine adds a chain of one level in two parts, ``modeln_1`` down and ``modeln_2`` blocks and up, counted from 0; then the
global generator has no 7x7 out, and the last enhancer has. Each works at half the size of the next, on the picture
shrunk by an average over 3x3 that leaves the border out, and joins what comes from below before its blocks.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.convolution import Layers
from installation.networks.residual import (
    Chain,
    Leave,
    check_sides,
    take_blocks,
    take_chain,
    take_entry,
    take_leave,
    take_rises,
)
from installation.networks.state import State


class Pix2PixHD(nn.Module):
    """``enhancers`` from coarse to fine; none makes it the global generator alone."""

    def __init__(self, chain: Chain, enhancers: list[Chain], leave: Leave, label_classes: int = 0) -> None:
        super().__init__()
        self.chain, self.enhancers, self.leave = chain, nn.ModuleList(enhancers), leave
        self.multiple = 2 ** (len(chain.rises) + len(enhancers))
        self.channels_in, self.channels_out = chain.channels, leave.channels
        self.label_classes = label_classes
        self.layers = chain.layers("chain")
        for n, enhancer in enumerate(enhancers):
            self.layers |= enhancer.layers(f"enhancers.{n}", f"fine{n + 1}_")

    def forward(self, image: Tensor) -> Tensor:
        check_sides(image, self.multiple)
        sizes = [image]
        for _ in self.enhancers:
            sizes.append(F.avg_pool2d(sizes[-1], 3, 2, 1, count_include_pad=False))
        x = self.chain(sizes.pop())
        for enhancer in self.enhancers:
            x = enhancer(sizes.pop(), x)
        return self.leave(x)

    @classmethod
    def from_state(
        cls, tensors: Mapping[str, Tensor], in_channels: int | None = None, look: str = "eval", label_classes: int = 0
    ) -> Pix2PixHD:
        """Levels, blocks, enhancers, widths, norm and channels all come from the tensors. Raises ValueError.

        ``in_channels`` is checked. ``label_classes``: how many of them a map of labels fills; 0 for a picture.
        """
        state = State(tensors)
        layers = Layers(state, look, "model.2", "model.1")
        chain, wide, place = take_chain(layers, "model.", in_channels)
        if label_classes > chain.channels:
            raise ValueError(f"{label_classes} classes of labels want as many channels, and it has {chain.channels}")
        name = f"model.{place + 1}"
        enhancers: list[Chain] = []
        while f"model{len(enhancers) + 1}_1.1.weight" in state:
            prefix = f"model{len(enhancers) + 1}_"
            entry = take_entry(layers, f"{prefix}1.", 1, chain.channels)
            if (out := entry[-1][0].out_channels) != wide:
                raise ValueError(f"{prefix}1 ends in {out} channels, and what it joins has {wide}")
            blocks = take_blocks(layers, f"{prefix}2.", 0, wide)
            rises, wide = take_rises(layers, f"{prefix}2.", len(blocks), 1, wide)
            enhancers.append(Chain(entry, blocks, rises))
            name = f"{prefix}2.{len(blocks) + 4}"
        leave = take_leave(layers, name, wide)
        state.finish()
        return cls(chain, enhancers, leave, label_classes).eval().requires_grad_(False)
