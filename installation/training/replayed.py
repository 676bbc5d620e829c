"""A training step as one CUDA graph. A step is a thousand small kernels, and starting each from Python takes longer
than it computes.

What is captured must keep to the device (no ``.item()``, no shape that depends on numbers), read its inputs where they
lay at the capture, and keep its optimisers' rates in tensors. torch's own random numbers go on from replay to replay.
Elsewhere than on CUDA the step is just called.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import torch
from torch import Tensor

WARM_UP = 3  # calls before a capture, which are steps like all others

Step = Callable[[Tensor], Mapping[str, Tensor]]


class Replayed:
    def __init__(self, device: torch.device) -> None:
        self._cuda = device.type == "cuda"
        self._graphs: dict[Hashable, tuple[Any, Tensor, Mapping[str, Tensor]]] = {}
        self._calls: dict[Hashable, int] = {}
        self._pool: Any = None

    def __call__(self, key: Hashable, step: Step, given: Tensor) -> Mapping[str, Tensor]:
        """``step(given)``; calls of the same ``key`` must differ in the numbers of ``given`` alone."""
        if not self._cuda:
            return step(given)
        self._calls[key] = self._calls.get(key, 0) + 1
        if self._calls[key] <= WARM_UP:
            side = torch.cuda.Stream()
            side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(side):
                made = step(given)
            torch.cuda.current_stream().wait_stream(side)
            return made
        if key not in self._graphs:
            graph, kept = torch.cuda.CUDAGraph(), given.clone()
            with torch.cuda.graph(graph, pool=self._pool):
                made = step(kept)
            self._pool = graph.pool()
            self._graphs[key] = (graph, kept, made)
        graph, kept, made = self._graphs[key]
        kept.copy_(given)
        graph.replay()
        return made

    def forget(self) -> None:
        """Captured steps, and the memory they hold: when the sizes change, or the weights are others."""
        self._graphs.clear()
        self._calls.clear()
        self._pool = None
