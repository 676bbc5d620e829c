"""torch itself: on CUDA, else on Apple's GPU (MPS), else on the CPU, where it is the fall-back.

Runs the very module that is exported for the other backends, channels_last, bf16 and fp16 by autocast. On CUDA the
whole network is one CUDA graph: a picture is many small kernels, and starting each from Python costs more than it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from installation.backends.recipe import Recipe

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

WARM_UP = 3  # runs before a capture: libraries choose their algorithms and allocate
HALF = {"bf16": "bfloat16", "fp16": "float16"}


class TorchProgram:
    """Fulfils ``types.Program``. ``device`` is cuda, mps or cpu."""

    backend = "torch"
    detail = ""

    def __init__(self, recipe: Recipe, precision: str) -> None:
        import torch

        self.precision = precision
        self.device = device()
        if self.device == "cuda":
            # fp32 means all of its digits: torch would round what a convolution takes to ten bits.
            torch.backends.cudnn.conv.fp32_precision = "ieee"
        self._recipe = recipe
        self._torch = torch
        self._half = getattr(torch, HALF[precision]) if precision in HALF else None
        self._module = recipe.build().eval().to(self.device, memory_format=torch.channels_last)
        if self._half and self.device != "cpu":
            self._narrow()
        self._graph: Any = None
        self._bound: dict[str, Tensor] = {}
        self._shapes: dict[str, tuple[int, ...]] = {}

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
        self._recipe.check(inputs)
        given = {name: self._torch.from_numpy(inputs[name]) for name in self._recipe.inputs}
        made = self.run_on_device(given)
        if made.dtype in (
            self._torch.bfloat16,
            self._torch.float16,
        ):  # numpy has no bfloat16, and callers want one type
            made = made.float()
        return {self._recipe.output: made.cpu().numpy()}

    def run_on_device(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """The output as a tensor on the device, valid until the next run."""
        if self.device != "cuda":
            return self._paint({name: tensor.to(self.device) for name, tensor in inputs.items()})
        shapes = {name: tuple(tensor.shape) for name, tensor in inputs.items()}
        if shapes != self._shapes:
            self._capture(inputs, shapes)
        for name, tensor in inputs.items():
            self._bound[name].copy_(tensor, non_blocking=True)
        self._graph.replay()
        return self._made

    def close(self) -> None:
        self._graph = None
        self._bound = {}

    def _paint(self, inputs: Mapping[str, Tensor]) -> Tensor:
        torch = self._torch
        # Its cache of narrowed weights would live in a CUDA graph's memory; _narrow has narrowed them already.
        half = torch.autocast(
            self.device, self._half or torch.bfloat16, enabled=self._half is not None, cache_enabled=False
        )
        with torch.inference_mode(), half:
            made: Tensor = self._module(*inputs.values())
        return made

    def _narrow(self) -> None:
        """Weights of convolutions and of linear layers once, and not again in every frame."""
        for module in self._module.modules():
            kinds = (self._torch.nn.Conv2d, self._torch.nn.ConvTranspose2d, self._torch.nn.Linear)
            if isinstance(module, kinds):
                module.to(self._half)

    def _capture(self, inputs: Mapping[str, Tensor], shapes: dict[str, tuple[int, ...]]) -> None:
        torch = self._torch
        self._graph, self._shapes = None, shapes
        self._bound = {name: tensor.to("cuda", copy=True) for name, tensor in inputs.items()}
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(WARM_UP):
                self._paint(self._bound)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        # thread_local: elsewhere in the process an engine may be loading on this device.
        with torch.cuda.graph(graph, capture_error_mode="thread_local"):
            self._made = self._paint(self._bound)
        self._graph = graph


def device() -> str:
    """What torch computes on here: cuda, mps or cpu."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def has_cuda() -> bool:
    return device() == "cuda"
