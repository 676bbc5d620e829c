"""What every backend makes its program from: named inputs of fixed shape, and how to build the network.

Building waits until somebody needs it: a backend that finds its compiled graph in the cache never imports torch, which
is most of a show's start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class Input:
    shape: tuple[int, ...]
    dtype: str  # numpy's name: float32, uint8


@dataclass(frozen=True)
class Recipe:
    """``build()`` gives a module that takes the inputs in this order and returns one tensor, named ``output``.

    ``parts`` is everything that decides what the network computes: the sha256 of its weights, of its code.
    """

    name: str
    inputs: Mapping[str, Input]
    output: str
    parts: tuple[str, ...]
    build: Callable[[], nn.Module]

    def key(self, *more: str) -> str:
        """A content hash: of the network, its inputs' shapes, and what else a cache depends on."""
        inputs = [f"{name} {given.dtype} {given.shape}" for name, given in self.inputs.items()]
        text = "\n".join([self.output, *inputs, *self.parts, *more])
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def check(self, inputs: Mapping[str, Any]) -> None:
        """Raises ValueError when an array is missing or has another shape or type: backends would read past it."""
        for name, wanted in self.inputs.items():
            array = inputs[name]
            if array.shape != wanted.shape or array.dtype != wanted.dtype:
                raise ValueError(
                    f"{self.name}: {name} is {array.dtype} {array.shape}, not {wanted.dtype} {wanted.shape}"
                )
