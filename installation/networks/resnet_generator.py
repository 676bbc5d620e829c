"""CycleGAN's generator: a picture made smaller, reworked in residual blocks, made larger again.

Zhu, Park, Isola, Efros 2017 (1703.10593), after Johnson, Alahi, Fei-Fei 2016 (1603.08155).

    image (N, C, H, W) in -1..1, sides multiples of 2^downs  ->  (N, colours, H, W) in -1..1

Checkpoint names: ``model.N``, one chain as residual.py describes. ``look``: see convolution.py. The last
convolution is rewritten (subpixel.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

from installation.networks.convolution import Layers
from installation.networks.residual import Chain, Leave, check_sides, take_chain, take_leave
from installation.networks.state import State


class ResNetGenerator(nn.Module):
    def __init__(self, chain: Chain, leave: Leave) -> None:
        super().__init__()
        self.chain, self.leave = chain, leave
        self.multiple = 2 ** len(chain.rises)
        self.channels_in, self.channels_out = chain.channels, leave.channels
        self.layers = chain.layers("chain")

    def forward(self, image: Tensor) -> Tensor:
        check_sides(image, self.multiple)
        return self.leave(self.chain(image))

    @classmethod
    def from_state(
        cls, tensors: Mapping[str, Tensor], in_channels: int | None = None, look: str = "eval"
    ) -> ResNetGenerator:
        """Levels, blocks, widths and norm come from the tensors; ``in_channels`` is checked. Raises ValueError."""
        state = State(tensors)
        layers = Layers(state, look, "model.2", "model.1")
        chain, wide, place = take_chain(layers, "model.", in_channels)
        leave = take_leave(layers, f"model.{place + 1}", wide)
        state.finish()
        return cls(chain, leave).eval().requires_grad_(False)
