"""A texture that grows, and heals: a neural cellular automaton (Niklasson, Mordvintsev, Randazzo, Levin 2021,
"Self-Organising Textures", Distill, 10.23915/distill.00027.003). What each cell would do is one graph.

    state (N, 12, H, W), 0 the seed   turn (N, 2, H, W) cosine, sine    ->  change (N, 12, H, W)
    next state = state + change where a cell fires; its first 3 channels + 0.5 are RGB 0..1

A cell sees itself and its 8 neighbours through 4 fixed filters (itself, two Sobel gradients, a 9-point Laplacian), on a
canvas without borders; ``turn`` rotates its gradients anticlockwise, and with them the texture. One hidden layer, 5,868
parameters. Who fires is chance, and there is none inside a graph; nor is the sum there, which in half precision would
lose the small changes that a texture lives by.

Checkpoint names: ``hidden.weight`` (hidden, 4 * channels), channel-major: 4 filters a channel, ``hidden.bias``,
``out.weight`` (channels, hidden), ``out.bias``.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from installation.networks.state import State

CHANNELS, HIDDEN = 12, 96
# As published but for their scale: with all of a like strength a training is calm at twice the rate.
ITSELF = ((0, 0, 0), (0, 1, 0), (0, 0, 0))
ACROSS = ((-1 / 4, 0, 1 / 4), (-2 / 4, 0, 2 / 4), (-1 / 4, 0, 1 / 4))
DOWN = ((-1 / 4, -2 / 4, -1 / 4), (0, 0, 0), (1 / 4, 2 / 4, 1 / 4))
LAPLACE = ((1 / 8, 2 / 8, 1 / 8), (2 / 8, -12 / 8, 2 / 8), (1 / 8, 2 / 8, 1 / 8))
FILTERS = (ITSELF, ACROSS, DOWN, LAPLACE)


class Texture(nn.Module):
    def __init__(self, channels: int = CHANNELS, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.channels = channels
        self.layers: dict[str, str] = {}  # none to be bent: its own life is bent by hand and by turn
        # Dense, though each channel sees itself alone: with three filters a channel, backends have no fast way for a
        # convolution in groups, and this one costs less than the hidden layer.
        self.see = nn.Conv2d(channels, 3 * channels, 3, bias=False)
        with torch.no_grad():
            self.see.weight.zero_()
            for number, filter_ in enumerate(FILTERS[1:]):
                for channel in range(channels):
                    self.see.weight[number * channels + channel, channel] = torch.tensor(filter_)
        self.hidden = nn.Conv2d(4 * channels, hidden, 1)
        self.out = nn.Conv2d(hidden, channels, 1)

    def forward(self, state: Tensor, turn: Tensor) -> Tensor:
        cos, sin = turn[:, :1], turn[:, 1:]
        across, down, laplace = self.see(wrapped(state)).chunk(3, 1)
        seen = torch.cat([state, cos * across - sin * down, cos * down + sin * across, laplace], 1)
        return self.out(torch.relu(self.hidden(seen)))

    @classmethod
    def from_state(cls, tensors: Mapping[str, Tensor], channels: int = CHANNELS) -> Texture:
        """Raises ValueError."""
        state = State(tensors)
        hidden = state.take("hidden.weight", (None, 4 * channels)).shape[0]
        net = cls(channels, hidden)
        with torch.no_grad():
            sees = state.take("hidden.weight")
            filter_major = sees.unflatten(1, (channels, 4)).transpose(1, 2).flatten(1)
            net.hidden.weight.copy_(filter_major[:, :, None, None])
            net.hidden.bias.copy_(state.take("hidden.bias", (hidden,)))
            net.out.weight.copy_(state.take("out.weight", (channels, hidden))[:, :, None, None])
            net.out.bias.copy_(state.take("out.bias", (channels,)))
        state.finish()
        return net.eval().requires_grad_(False)


def kernels(channels: int, filters: tuple[tuple[tuple[float, ...], ...], ...]) -> Tensor:
    """(channels * filters, 1, 3, 3), channel-major, for a convolution of one group a channel."""
    return torch.tensor(filters, dtype=torch.float32).repeat(channels, 1, 1)[:, None]


def wrapped(x: Tensor) -> Tensor:
    """One cell more on every side, from the other side: a canvas without borders."""
    x = torch.cat([x[..., -1:, :], x, x[..., :1, :]], -2)
    return torch.cat([x[..., -1:], x, x[..., :1]], -1)
