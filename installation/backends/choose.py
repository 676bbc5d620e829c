"""Which backend, in which precision, and why: said in the log when a model is loaded and in ``installation doctor``.

``auto`` takes CUDA through torch where there is a device, else OpenVINO, else torch on the CPU. The precision is bf16
where the hardware computes in it: twice to eight times as fast, and its error (1-3 % of a picture's own contrast) is
below what a projector shows.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from installation.backends.recipe import Recipe
from installation.errors import ModelError
from installation.types import Program

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    backend: str
    precision: str
    why: str


def choose(backend: str = "auto", precision: str = "auto") -> Choice:
    """What a show's wishes come to on this machine. Raises ModelError when they cannot be met."""
    if backend == "auto":
        backend, why = _automatic()
    else:
        why = "as the show asks"
        if not _installed(backend):
            raise ModelError(f"the backend '{backend}' is not installed", "write backend: auto, or install it")
    if precision == "auto":
        fast = _computes_bf16(backend)
        precision = "bf16" if fast else "fp32"
        why += ", which computes in bf16 here" if fast else ", without bf16 here"
    return Choice(backend, precision, why)


def load(recipe: Recipe, backend: str = "auto", precision: str = "auto") -> Program:
    """A network made ready to run. Raises ModelError."""
    chosen = choose(backend, precision)
    log.info("%s runs on %s in %s: %s", recipe.name, chosen.backend, chosen.precision, chosen.why)
    if chosen.backend == "openvino":
        from installation.backends.openvino import OpenVinoProgram

        return OpenVinoProgram(recipe, chosen.precision)
    from installation.backends.torch import TorchProgram

    return TorchProgram(recipe, chosen.precision)


def describe() -> list[dict[str, Any]]:
    """One row a backend: name, usable, chosen, text."""
    chosen = choose()
    rows = []
    for name in ("openvino", "torch"):
        usable = _installed(name)
        text = "not installed"
        if usable:
            precision = "bf16" if _computes_bf16(name) else "fp32"
            text = f"{version(name)} on {_device(name)}, {precision}"
        if name == chosen.backend:
            text += f"; auto takes it: {chosen.why}"
        rows.append({"name": name, "usable": usable, "chosen": name == chosen.backend, "text": text})
    return rows


def _automatic() -> tuple[str, str]:
    if _cuda():
        return "torch", "a CUDA device is here"
    if _installed("openvino"):
        return "openvino", "the fastest on a CPU"
    return "torch", "openvino is not installed, so this is slower"


def _cuda() -> bool:
    """Whether torch drives a CUDA device. A CPU build says so in its version, which spares importing it."""
    if not _installed("torch") or version("torch").endswith("+cpu"):
        return False
    from installation.backends.torch import has_cuda

    return has_cuda()


def _computes_bf16(backend: str) -> bool:
    if backend == "openvino":
        from installation.backends.openvino import has_bf16

        return has_bf16()
    return _cuda()  # torch on a CPU: the fall-back stays exact


def _device(backend: str) -> str:
    return "CUDA" if backend == "torch" and _cuda() else "CPU"


def _installed(name: str) -> bool:
    try:
        return find_spec(name) is not None and bool(version(name))
    except (PackageNotFoundError, ValueError):
        return False
