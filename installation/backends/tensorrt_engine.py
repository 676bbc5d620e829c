"""A TensorRT engine on this machine's GPU, and its context. What gives None or False there is a ModelError here.

The order of letting go matters: context, engine, runtime, and the logger last of all.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from installation.backends import engine_cache, tensorrt_build
from installation.backends.recipe import Recipe
from installation.backends.tensorrt_runtime import complaints, runtime
from installation.errors import ModelError

log = logging.getLogger(__name__)

DTYPES = {
    "FLOAT": "float32", "HALF": "float16", "BF16": "bfloat16", "UINT8": "uint8", "INT32": "int32", "INT64": "int64",
}  # fmt: skip


class LoadedEngine:
    """An engine and its context: what gives None or False elsewhere is a ModelError here."""

    def __init__(self, recipe: Recipe, precision: str) -> None:
        self._name = recipe.name
        self._api = runtime().api
        self._log = complaints(self._api)
        self._runtime = self._given(self._api.Runtime(self._log))
        self._engine = self._given(self._kept(recipe, precision) or self._built(recipe, precision))
        self._context = self._given(self._engine.create_execution_context())
        self.names = {self._engine.get_tensor_name(place) for place in range(self._engine.num_io_tensors)}

    def _kept(self, recipe: Recipe, precision: str) -> Any:
        found = tensorrt_build.kept(recipe, precision)
        if found is None:
            return None
        key, engine = found
        loaded = self._runtime.deserialize_cuda_engine(engine.data)
        if loaded is None:  # a whole file, and yet refused: of another system
            log.warning("the engine of %s is built again: %s", recipe.name, self._log.text())
            engine_cache.forget(key)
        return loaded

    def _built(self, recipe: Recipe, precision: str) -> Any:
        tensorrt_build.compile_engine(recipe, precision)
        found = tensorrt_build.kept(recipe, precision)
        return self._runtime.deserialize_cuda_engine(found[1].data) if found else None

    def shape_for(self, shapes: Mapping[str, tuple[int, ...]], output: str) -> tuple[int, ...]:
        for name, shape in shapes.items():
            if name in self.names:  # a builder may leave out an input that nothing uses
                self._sure(self._context.set_input_shape(name, shape), f"takes no {name} of {shape}")
        return tuple(self._context.get_tensor_shape(output))

    def dtype(self, name: str) -> Any:
        import torch

        return getattr(torch, DTYPES[self._engine.get_tensor_dtype(name).name])

    def bind(self, name: str, address: int) -> None:
        if name in self.names:
            self._sure(self._context.set_tensor_address(name, address), f"cannot bind {name}")

    def capturable(self, stream: int) -> bool:
        """The RTX runtime may still have kernels to compile; elsewhere nothing stands against it."""
        ask = getattr(self._context, "is_stream_capturable", None)
        return ask is None or bool(ask(stream))

    def execute(self, stream: int) -> None:
        self._sure(self._context.execute_async_v3(stream), "did not run")

    def close(self) -> None:
        self._context = None
        self._engine = None
        self._runtime = None

    def _sure(self, done: bool, what: str) -> None:
        if not done:
            raise ModelError(f"the engine of {self._name} {what}: {self._log.text()}")

    def _given(self, made: Any) -> Any:
        if made is None:
            raise ModelError(f"TensorRT cannot run {self._name}: {self._log.text()}")
        return made
