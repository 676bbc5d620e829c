"""Which backend, in which precision, and why: said in the log when a model is loaded and in ``installation doctor``.

``auto`` takes TensorRT where there are a CUDA device and a runtime, torch where there is a CUDA device alone, else
OpenVINO, else torch on what it finds. The precision is half where the hardware computes in it, fp16 on a GPU and bf16
on a CPU: twice to eight times as fast, and its error (1-3 % of a picture's own contrast) is below what a projector
shows.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from installation.backends import BACKENDS, tensorrt_runtime
from installation.backends.export import exported
from installation.backends.recipe import Recipe
from installation.errors import ModelError
from installation.types import Program

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    backend: str
    precision: str
    why: str


def choose(backend: str = "auto", precision: str = "auto", among: tuple[str, ...] = BACKENDS) -> Choice:
    """What a show's wishes come to on this machine, ``among`` what runs the network at all. Raises ModelError when they
    cannot be met."""
    if backend == "auto":
        backend, why = _automatic()
        if backend not in among:
            backend, why = next((name for name in among if not _missing(name)), among[0]), "what runs this network"
    elif backend not in among:
        raise ModelError(f"{backend} does not run this network", f"write backend: {' or '.join(among)}")
    else:
        why = "as the show asks"
        if missing := _missing(backend):
            raise ModelError(f"the backend '{backend}' cannot run here: {missing}", "write backend: auto")
    fast = _half(backend)
    if precision == "auto":
        precision = fast or "fp32"
        why += f", which computes in {fast} here" if fast else ", without half precision here"
    elif precision == "fp16" and fast != "fp16":
        raise ModelError(f"{backend} does not compute in fp16 here", "write precision: auto")
    return Choice(backend, precision, why)


def load(recipe: Recipe, backend: str = "auto", precision: str = "auto") -> Program:
    """A network made ready to run, as asked and from its first frame on, however long that takes. Raises ModelError."""
    chosen = choose(backend, precision, recipe.runs_on)
    _say(recipe, chosen)
    return _PROGRAMS[chosen.backend](recipe, chosen.precision)


def load_live(recipe: Recipe, backend: str = "auto", precision: str = "auto") -> Program:
    """For a show, which does not wait for an engine: torch runs while TensorRT builds one. Raises ModelError."""
    chosen = choose(backend, precision, recipe.runs_on)
    if chosen.backend != "tensorrt":
        return load(recipe, backend, precision)
    from installation.backends import tensorrt_build

    if tensorrt_build.kept(recipe, chosen.precision):
        return load(recipe, "tensorrt", chosen.precision)
    _say(recipe, Choice("torch", chosen.precision, "until its engine is built, once"))
    first = "openvino" if recipe.graph else "torch"
    running = load(recipe, first, chosen.precision if first == "torch" else "auto")
    exported(recipe)  # here: it is this process that has the network, and it would hold up the frames

    def prepare(stop: threading.Event) -> Program:
        tensorrt_build.compile_engine(recipe, chosen.precision, stop=stop)
        return _tensorrt(recipe, chosen.precision)

    from installation.backends.changeover import Changeover

    return Changeover(recipe, running, prepare, "the TensorRT engine")


def describe() -> list[dict[str, Any]]:
    """One row a backend: name, usable, chosen, text."""
    chosen = choose()
    rows = []
    for name in BACKENDS:
        text = _missing(name)
        usable = not text
        if usable:
            text = f"{_version(name)} on {_device(name)}, {_half(name) or 'fp32'}"
        elif name == "tensorrt" and tensorrt_runtime.runtimes():
            text = f"{_version(name)}, but {text}"
        if name == chosen.backend:
            text += f"; auto takes it: {chosen.why}"
        rows.append({"name": name, "usable": usable, "chosen": name == chosen.backend, "text": text})
    return rows


def _automatic() -> tuple[str, str]:
    device = _device("torch")
    if device == "cuda":
        if missing := _missing("tensorrt"):
            return "torch", f"a CUDA device is here, but no TensorRT: {missing}"
        return "tensorrt", "a CUDA device is here"
    if not _missing("openvino"):
        return "openvino", "the fastest on a CPU"
    return "torch", "openvino is not installed, so this is slower"


def _missing(backend: str) -> str:
    """Why a backend cannot run here; empty when it can."""
    if backend == "tensorrt":
        return tensorrt_runtime.missing()
    return "" if _installed(backend) else "it is not installed"


def _half(backend: str) -> str:
    """The half precision that this backend's hardware computes in; empty where it would only be emulated."""
    if backend == "openvino":
        from installation.backends.openvino import has_bf16

        return "bf16" if has_bf16() else ""
    return "fp16" if _device(backend) == "cuda" else ""  # torch elsewhere: the fall-back stays exact


def _device(backend: str) -> str:
    """cuda, mps or cpu. A CPU build of torch says so in its version, which spares importing it."""
    if backend == "openvino" or not _installed("torch") or version("torch").endswith("+cpu"):
        return "cpu"
    from installation.backends.torch import device

    return device()


def _version(backend: str) -> str:
    if backend != "tensorrt":
        return version(backend)
    found = tensorrt_runtime.runtime()
    return f"{found.kind} {found.version}"


def _installed(name: str) -> bool:
    try:
        return find_spec(name) is not None and bool(version(name))
    except (PackageNotFoundError, ValueError):
        return False


def _say(recipe: Recipe, chosen: Choice) -> None:
    where = _device(chosen.backend)
    log.info("%s runs on %s (%s) in %s: %s", recipe.name, chosen.backend, where, chosen.precision, chosen.why)


def _openvino(recipe: Recipe, precision: str) -> Program:
    from installation.backends.openvino import OpenVinoProgram

    return OpenVinoProgram(recipe, precision)


def _tensorrt(recipe: Recipe, precision: str) -> Program:
    from installation.backends.tensorrt import TensorRTProgram

    return TensorRTProgram(recipe, precision)


def _torch(recipe: Recipe, precision: str) -> Program:
    from installation.backends.torch import TorchProgram

    return TorchProgram(recipe, precision)


_PROGRAMS: dict[str, Callable[[Recipe, str], Program]] = {
    "openvino": _openvino,
    "tensorrt": _tensorrt,
    "torch": _torch,
}
