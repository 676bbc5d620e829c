"""K automata that live beside each other: one batched product in place of K small ones, which is what a GPU wants.

state (K * B, channels, H, W), the B states of the first automaton first
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.texture import CHANNELS, FILTERS, HIDDEN, kernels, wrapped


class Automata(nn.Module):
    """Trained as one; ``one(k)`` gives the tensors of networks/texture.py. Their last layers begin at zero: a seed
    stays a seed."""

    def __init__(self, count: int, channels: int = CHANNELS, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.count, self.channels = count, channels
        self.hidden_weight = nn.Parameter(torch.empty(count, hidden, 4 * channels))
        self.hidden_bias = nn.Parameter(torch.zeros(count, hidden, 1))
        self.out_weight = nn.Parameter(torch.zeros(count, channels, hidden))
        self.out_bias = nn.Parameter(torch.zeros(count, channels, 1))
        nn.init.uniform_(self.hidden_weight, -1, 1)
        with torch.no_grad():
            self.hidden_weight /= (4 * channels) ** 0.5
        self.register_buffer("see", kernels(channels, FILTERS), persistent=False)

    def forward(self, state: Tensor, fire: Tensor) -> Tensor:
        """One step. The state is float32 whatever the products are: a thousand steps add up to it."""
        each = len(state) // self.count
        seen = F.conv2d(wrapped(state), self.see, groups=self.channels).flatten(2)
        hidden = torch.baddbmm(self._each(self.hidden_bias, each), self._each(self.hidden_weight, each), seen)
        change = torch.baddbmm(self._each(self.out_bias, each), self._each(self.out_weight, each), hidden.relu_())
        return torch.addcmul(state, change.view_as(state).to(state.dtype), fire)

    def grow(self, state: Tensor, steps: int, generator: torch.Generator | None = None) -> Tensor:
        """In each step every cell fires or rests, at even odds: there is no clock that all of them hear."""
        shape = (len(state), 1, *state.shape[2:])
        for _ in range(steps):
            fire = torch.randint(2, shape, device=state.device, dtype=state.dtype, generator=generator)
            state = self(state, fire)
        return state

    def one(self, k: int) -> dict[str, Tensor]:
        return {
            "hidden.weight": self.hidden_weight[k].detach().clone(),
            "hidden.bias": self.hidden_bias[k, :, 0].detach().clone(),
            "out.weight": self.out_weight[k].detach().clone(),
            "out.bias": self.out_bias[k, :, 0].detach().clone(),
        }

    def _each(self, weight: Tensor, each: int) -> Tensor:
        return weight.repeat_interleave(each, 0)


def colours(state: Tensor) -> Tensor:
    """RGB about 0..1."""
    return state[:, :3] + 0.5
