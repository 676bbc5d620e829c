"""The batch norms of a BigGAN checkpoint, gathered into one table for each kind of number, and its spectral norm.

A norm keeps ``running_means`` and ``running_vars`` (S, C) for S truncations. All but the last take their gain, 1 +
scale(cond), and their offset from the condition. Side by side, one product a table steers all norms at once.
"""

from __future__ import annotations

import torch
from torch import Tensor

from installation.networks.state import State


class Norms:
    """Every batch norm of a checkpoint in the order of the network, to be one table of each kind of number."""

    def __init__(self, tensors: State, cond: int, n_stats: int) -> None:
        self._tensors, self._cond, self._stats = tensors, cond, n_stats
        self._means: list[Tensor] = []
        self._variances: list[Tensor] = []
        self._scales: list[Tensor] = []
        self._offsets: list[Tensor] = []
        self._resting: list[Tensor] = []
        self._moved: list[Tensor] = []
        self.widths: list[int] = []

    def take(self, prefix: str, width: int) -> None:
        """A conditional one: gain 1 + scale(cond)."""
        self._statistics(prefix, width)
        self._scales.append(spectral(self._tensors, f"{prefix}.scale", (width, self._cond)))
        self._offsets.append(spectral(self._tensors, f"{prefix}.offset", (width, self._cond)))
        self._resting.append(torch.ones(width))
        self._moved.append(torch.zeros(width))

    def take_last(self, prefix: str, width: int) -> None:
        """The one behind all blocks, which no class moves."""
        self._statistics(prefix, width)
        self._scales.append(torch.zeros(width, self._cond))
        self._offsets.append(torch.zeros(width, self._cond))
        self._resting.append(self._tensors.take(f"{prefix}.weight", (width,)))
        self._moved.append(self._tensors.take(f"{prefix}.bias", (width,)))

    def numbers(self) -> dict[str, Tensor]:
        return {
            "means": torch.cat(self._means, 1),
            "variances": torch.cat(self._variances, 1),
            "conditions": torch.cat(self._scales + self._offsets),
            "resting": torch.cat(self._resting + self._moved),
        }

    def _statistics(self, prefix: str, width: int) -> None:
        self._means.append(self._tensors.take(f"{prefix}.running_means", (self._stats, width)))
        self._variances.append(self._tensors.take(f"{prefix}.running_vars", (self._stats, width)))
        self.widths.append(width)


def spectral(tensors: State, prefix: str, shape: tuple[int | None, ...]) -> Tensor:
    """The weight by its largest singular value, as the stored vectors u and v have it."""
    weight = tensors.take(f"{prefix}.weight_orig", shape)
    u = tensors.take(f"{prefix}.weight_u", (weight.shape[0],))
    v = tensors.take(f"{prefix}.weight_v", (weight.flatten(1).shape[1],))
    return weight / (u @ weight.flatten(1) @ v)
