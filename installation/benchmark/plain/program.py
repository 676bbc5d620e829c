"""A plain network as its own program would run it: torch, eager, fp32, on the GPU where there is one.

Nothing is done to it that its authors would not do: the usual layout of memory, no graph of kernels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from installation.backends.torch import device

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import nn


class PlainProgram:
    """Fulfils ``types.Program``. Inputs go to the module in the order they come in."""

    backend = "plain"
    precision = "fp32"
    detail = ""

    def __init__(self, module: nn.Module, output: str) -> None:
        import torch

        self._torch = torch
        self._device = device()
        if self._device == "cuda":  # all of fp32's digits, as in the fp32 it is compared with
            torch.backends.cudnn.conv.fp32_precision = "ieee"
        self._module = module.eval().to(self._device)
        self._output = output

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
        with self._torch.inference_mode():
            given = [self._torch.from_numpy(array).to(self._device) for array in inputs.values()]
            return {self._output: self._module(*given).cpu().numpy()}

    def close(self) -> None:
        """Nothing is held but memory."""
