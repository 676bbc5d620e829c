"""OpenVINO on the CPU: the fastest there. bf16 where the CPU computes in it, bound tensors, and static shapes by rule.

Binding the tensors once costs 6 us a call where passing arrays costs 86. ``wait`` releases the GIL, so the loop runs on
while a picture is made. Threads are not pinned: a show shares its cores with capture, tracking and the stage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from installation.backends.exact_angles import with_exact_angles
from installation.backends.export import exported
from installation.backends.recipe import Recipe
from installation.errors import ModelError
from installation.library import cache_dir

if TYPE_CHECKING:
    from numpy.typing import NDArray

HINTS = {"bf16": "bf16", "fp32": "f32"}


class OpenVinoProgram:
    """Fulfils ``types.Program``. The output array is written over by the next run."""

    backend = "openvino"
    detail = ""

    def __init__(self, recipe: Recipe, precision: str) -> None:
        import openvino as ov

        self.precision = precision
        self._recipe = recipe
        self._tensor = ov.Tensor
        core = ov.Core()
        graph = core.read_model(exported(recipe))
        if precision != "fp32":
            graph = with_exact_angles(core, graph)
        settings = {
            "INFERENCE_PRECISION_HINT": HINTS[precision],
            "PERFORMANCE_HINT": "LATENCY",
            "ENABLE_CPU_PINNING": False,
            "CACHE_DIR": str(cache_dir("openvino")),
        }
        try:
            self._compiled = core.compile_model(graph, "CPU", settings)
        except RuntimeError as error:
            raise ModelError(f"openvino cannot compile {recipe.name}: {_last(error)}") from error
        self._request = self._compiled.create_infer_request()
        self._inputs: dict[str, NDArray[Any]] = {}
        for name, given in recipe.inputs.items():
            self._bind(name, given.shape, given.dtype)
        self._outputs: dict[str, NDArray[Any]] = {}

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
        self._recipe.check(inputs)
        for name in self._inputs:
            if self._inputs[name].shape != inputs[name].shape:
                self._bind(name, inputs[name].shape, inputs[name].dtype)
                self._outputs = {}
            np.copyto(self._inputs[name], inputs[name])
        self._request.start_async()
        self._request.wait()
        if not self._outputs:  # known once it has run, where the size may change
            self._outputs = {self._recipe.output: self._request.get_tensor(self._recipe.output).data}
        return self._outputs

    def _bind(self, name: str, shape: tuple[int, ...], dtype: Any) -> None:
        self._inputs[name] = np.zeros(shape, dtype)
        self._request.set_tensor(name, self._tensor(self._inputs[name], shared_memory=True))

    def close(self) -> None:
        """The request goes with the program."""


def has_bf16() -> bool:
    """Whether this CPU computes in bf16 (AVX512_BF16, AMX); elsewhere it would only be emulated."""
    import openvino as ov

    return "BF16" in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _last(error: RuntimeError) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
