"""A block of StyleGAN2, all that it does at one resolution, in three architectures. Karras et al. 2020 (1912.04958).

    x (N, in, S/2, S/2), ws (N, num_ws, w_dim), noise (num_noise)  ->  (N, out, S, S), (N, channels, S, S) or None

Checkpoint names: ``synthesis.bS.{const, conv0, conv1, skip, torgb}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from torch import Tensor, nn

from installation.networks.canvas import OWN, stretched
from installation.networks.modulated import GAIN, Skip, StyleLayer, ToRGB, UpStyleLayer
from installation.networks.state import State

ARCHITECTURES = ("skip", "resnet", "orig")
HALF = 0.5**0.5  # of each of two ways that are added


@dataclass(frozen=True, slots=True)
class Design:
    """``conv_clamp``: what convolutions are clamped to, +-; ``skip_clamp``: the same of the way around a block.
    ``canvas``: columns and rows of the constant; 4 each are the trained ones."""

    w_dim: int
    resolution: int
    channels: int
    architecture: str = "skip"
    conv_clamp: float | None = None
    skip_clamp: float | None = None
    canvas: tuple[int, int] = OWN

    def __post_init__(self) -> None:
        if self.architecture not in ARCHITECTURES:
            raise ValueError(f"the architecture is '{self.architecture}', wanted one of {', '.join(ARCHITECTURES)}")
        if self.resolution < 4 or self.resolution.bit_count() != 1:
            raise ValueError(f"the resolution is {self.resolution}, wanted a power of two from 4")


class Block(nn.Module):
    """One resolution: ``conv0`` to twice the side, ``conv1``; the first has ``const`` in place of conv0.

    ``at``: its first place in ws, and in noise.
    """

    def __init__(
        self, at: int, before: UpStyleLayer | Tensor, conv1: StyleLayer, skip: Skip | None, torgb: ToRGB | None
    ) -> None:
        super().__init__()
        self.at = at
        self.const: Any = nn.Parameter(before) if isinstance(before, Tensor) else None
        self.conv0 = None if isinstance(before, Tensor) else before
        self.conv1, self.skip, self.torgb = conv1, skip, torgb

    def forward(self, given: Tensor | None, ws: Tensor, noise: Tensor) -> tuple[Tensor, Tensor | None]:
        """The activations, and what is painted from them."""
        at = self.at
        if self.conv0 is None:
            x = self.const[None]
        else:
            x = self.conv0(given, ws[:, at], noise[at])
            at += 1
        x = self.conv1(x, ws[:, at], noise[at])
        if self.skip is not None:
            x = x + self.skip(given)
        # The w of the colours is also that of the next block's conv0.
        return x, None if self.torgb is None else self.torgb(x, ws[:, at + 1])

    @classmethod
    def from_state(cls, state: State, side: int, wide: int, design: Design, *, paints: bool) -> Self:
        """``wide``: channels of the block before."""
        prefix, w_dim, clamp = f"synthesis.b{side}", design.w_dim, design.conv_clamp
        skip, around = None, design.architecture == "resnet" and side > 4
        before: UpStyleLayer | Tensor
        if side == 4:
            before = stretched(state.take(f"{prefix}.const", (None, 4, 4)), design.canvas)
            between = len(before)
        else:
            before = UpStyleLayer.from_state(
                state,
                f"{prefix}.conv0",
                wide=wide,
                w_dim=w_dim,
                size=side,
                canvas=design.canvas,
                gain=GAIN,
                clamp=clamp,
            )
            between = len(before.bias)
        gain = GAIN * HALF if around else GAIN
        conv1 = StyleLayer.from_state(
            state, f"{prefix}.conv1", wide=between, w_dim=w_dim, size=side, canvas=design.canvas, gain=gain, clamp=clamp
        )
        out = len(conv1.bias)
        if around:
            skip = Skip.from_state(state, f"{prefix}.skip", wide, out, gain=HALF, clamp=design.skip_clamp)
        torgb = None
        if paints:
            torgb = ToRGB.from_state(
                state, f"{prefix}.torgb", wide=out, w_dim=w_dim, channels=design.channels, clamp=clamp
            )
        return cls(max(0, 2 * side.bit_length() - 7), before, conv1, skip, torgb)
