"""torch itself: on a CUDA device where there is one, else on the CPU, where it is the fall-back.

channels_last, inference mode; bf16 by autocast. Runs the very module that is exported for the other backends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from installation.backends.recipe import Recipe

if TYPE_CHECKING:
    from numpy.typing import NDArray


class TorchProgram:
    """Fulfils ``types.Program``."""

    backend = "torch"

    def __init__(self, recipe: Recipe, precision: str) -> None:
        import torch

        self.precision = precision
        self._recipe = recipe
        self._torch = torch
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._module = recipe.build().eval().to(self._device, memory_format=torch.channels_last)

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
        self._recipe.check(inputs)
        torch, kind = self._torch, self._device.type
        tensors = [torch.from_numpy(inputs[name]).to(self._device) for name in self._recipe.inputs]
        with torch.inference_mode(), torch.autocast(kind, torch.bfloat16, enabled=self.precision == "bf16"):
            made = self._module(*tensors)
        if made.dtype == torch.bfloat16:  # numpy has no such type
            made = made.float()
        return {self._recipe.output: made.cpu().numpy()}

    def close(self) -> None:
        """Nothing is held but memory."""


def has_cuda() -> bool:
    import torch

    return bool(torch.cuda.is_available())
