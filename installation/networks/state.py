"""A checkpoint's tensors on their way into a network: every one asked for by name and shape, none left over.

A wrong file is then refused by the first name that tells, before it can paint anything.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

SHOWN = 4


class State:
    """``State(tensors)``; ``take`` each tensor, then ``finish``. All raise ValueError in one line."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._tensors = tensors
        self._taken: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def names(self) -> list[str]:
        return list(self._tensors)

    def take(self, name: str, shape: tuple[int | None, ...] | None = None) -> Tensor:
        """The tensor as float32. ``shape`` is checked; None in it stands for any length."""
        if name not in self._tensors:
            raise ValueError(f"{name} is missing")
        tensor = self._tensors[name].float()
        if shape is not None and not _fits(tensor.shape, shape):
            wanted = ", ".join("any" if side is None else str(side) for side in shape)
            raise ValueError(f"{name} is {tuple(tensor.shape)}, wanted ({wanted})")
        if not bool(torch.isfinite(tensor).all()):
            raise ValueError(f"{name} holds numbers that are not finite")
        self._taken.add(name)
        return tensor

    def finish(self) -> None:
        """Nothing may be left that nobody asked for: a name we do not know is a layer we would leave out."""
        left = [name for name in self._tensors if name not in self._taken]
        if left:
            raise ValueError(f"{len(left)} tensors belong to no layer of it: {', '.join(left[:SHOWN])}")


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(want in (None, got) for got, want in zip(shape, wanted, strict=True))
