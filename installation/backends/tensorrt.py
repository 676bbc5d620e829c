"""TensorRT on a CUDA device: a kept engine, bound torch tensors, one CUDA graph replayed a frame.

``run`` is the ``types.Program`` contract: numpy in, numpy out. ``run_on_device`` takes and gives torch CUDA tensors and
never waits for the device: nothing crosses to the host between two networks. Inputs are copied into the bound tensors,
since a CUDA graph reads from the addresses it was captured with; on the device that copy costs microseconds.

Where a size changes, the next run binds and captures anew, which costs that frame a few times its own length.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from installation.backends.recipe import Recipe
from installation.backends.tensorrt_engine import LoadedEngine

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

WARM_UP = 3  # runs before a capture: the runtime allocates, and the RTX one compiles kernels


class TensorRTProgram:
    """Fulfils ``types.Program``. The outputs are written over by the next run."""

    backend = "tensorrt"
    detail = ""

    def __init__(self, recipe: Recipe, precision: str) -> None:
        """Loads the kept engine, builds it where there is none. Raises ModelError."""
        self.precision = precision
        self._recipe = recipe
        self._engine = LoadedEngine(recipe, precision)
        import torch

        self._torch = torch
        self._stream = torch.cuda.Stream()
        self._shapes: dict[str, tuple[int, ...]] = {}
        self._bound: dict[str, Tensor] = {}
        self._graph: Any = None
        self._bind({name: given.shape for name, given in recipe.inputs.items()})

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
        self._recipe.check(inputs)
        made = self.run_on_device({name: self._torch.from_numpy(inputs[name]) for name in self._recipe.inputs})
        with self._torch.cuda.stream(self._stream):
            self._host.copy_(made, non_blocking=True)
        self._stream.synchronize()
        return {self._recipe.output: self._host.numpy()}

    def run_on_device(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """The output as a CUDA tensor, valid until the next run; the caller's stream waits for it, the caller not."""
        shapes = {name: tuple(tensor.shape) for name, tensor in inputs.items()}
        if shapes != self._shapes:
            self._bind(shapes)
        asking = self._torch.cuda.current_stream()
        self._stream.wait_stream(asking)
        with self._torch.cuda.stream(self._stream):
            for name, tensor in inputs.items():
                self._bound[name].copy_(tensor, non_blocking=True)
            if self._graph is None:
                self._execute()
            else:
                self._graph.replay()
        asking.wait_stream(self._stream)
        return self._bound[self._recipe.output]

    def close(self) -> None:
        """Lets go of the device's memory, in the order in which one thing needs another."""
        self._stream.synchronize()
        self._graph = None
        self._bound = {}
        self._engine.close()

    def _bind(self, shapes: dict[str, tuple[int, ...]]) -> None:
        torch, output = self._torch, self._recipe.output
        self._stream.synchronize()
        self._graph = None
        self._shapes = shapes
        made = self._engine.shape_for(shapes, output)
        kinds = {name: getattr(torch, given.dtype) for name, given in self._recipe.inputs.items()}
        self._bound = {name: torch.zeros(shape, dtype=kinds[name], device="cuda") for name, shape in shapes.items()}
        self._bound[output] = torch.zeros(made, dtype=self._engine.dtype(output), device="cuda")
        self._host = torch.empty(made, dtype=self._engine.dtype(output), pin_memory=True)
        for name, tensor in self._bound.items():
            self._engine.bind(name, tensor.data_ptr())
        torch.cuda.current_stream().synchronize()  # the zeros were written there
        with torch.cuda.stream(self._stream):
            for _ in range(WARM_UP):
                self._execute()
        self._stream.synchronize()
        if self._engine.capturable(self._stream.cuda_stream):
            graph = torch.cuda.CUDAGraph()
            # thread_local: while this is captured for a changeover, another thread paints with torch on this device.
            with torch.cuda.graph(graph, stream=self._stream, capture_error_mode="thread_local"):
                self._execute()
            self._graph = graph

    def _execute(self) -> None:
        self._engine.execute(self._torch.cuda.current_stream().cuda_stream)
