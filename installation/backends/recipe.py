"""What every backend makes its program from: named inputs and their shapes, and how to build the network.

Building waits until somebody needs it: a backend that finds its compiled graph in the cache never imports torch, which
is most of a show's start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installation.backends import BACKENDS
from installation.errors import ModelError

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class Input:
    shape: tuple[int, ...]
    dtype: str  # numpy's name: float32, uint8
    most: tuple[int, ...] = ()  # the largest shape, where the size may change between runs; ``shape`` is the least

    @property
    def changes(self) -> tuple[int, ...]:
        """The sides that may change."""
        return tuple(side for side, most in enumerate(self.most) if most != self.shape[side])

    def takes(self, shape: tuple[int, ...]) -> bool:
        most = self.most or self.shape
        return len(shape) == len(most) and all(
            low <= side <= high for low, side, high in zip(self.shape, shape, most, strict=True)
        )

    def __str__(self) -> str:
        return f"{self.dtype} {self.shape}" + (f" to {self.most}" if self.most else "")


def _only_a_graph() -> nn.Module:
    raise ModelError("torch does not run an ONNX file", "write backend: openvino")


@dataclass(frozen=True)
class Recipe:
    """``build()`` gives a module that takes the inputs in this order and returns one tensor, named ``output``.

    ``parts`` is everything that decides what the network computes: the sha256 of its weights, of its code. A network
    that came as an ONNX file has ``graph`` in place of ``build``. ``runs_on``: the backends that can run it.
    """

    name: str
    inputs: Mapping[str, Input]
    output: str
    parts: tuple[str, ...]
    build: Callable[[], nn.Module] = _only_a_graph
    graph: Path | None = None
    runs_on: tuple[str, ...] = BACKENDS

    def key(self, *more: str) -> str:
        """A content hash: of the network, its inputs' shapes, and what else a cache depends on."""
        inputs = [f"{name} {given}" for name, given in self.inputs.items()]
        text = "\n".join([self.output, *inputs, *self.parts, *more])
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def check(self, inputs: Mapping[str, Any]) -> None:
        """Raises ValueError when an array is missing or has another shape or type: backends would read past it."""
        for name, wanted in self.inputs.items():
            array = inputs[name]
            if not wanted.takes(array.shape) or array.dtype != wanted.dtype:
                raise ValueError(f"{self.name}: {name} is {array.dtype} {array.shape}, not {wanted}")
