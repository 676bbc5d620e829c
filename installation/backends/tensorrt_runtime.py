"""The TensorRT that is here: NVIDIA's ``tensorrt`` 10 or 11, or ``tensorrt_rtx``. One interface in two packages.

``tensorrt`` builds for the GPU of this machine only and takes minutes; ``tensorrt_rtx`` builds in seconds, without any
GPU, for a named architecture, and finishes the engine on the GPU when it is loaded. Where both are, ``tensorrt`` runs
the show. Both give None where other libraries raise, and say why only to their logger: ``Complaints`` is that logger.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from installation.errors import ModelError

# What to import, and which of the two it is. The packages of bindings alone are what installs without a CUDA toolkit.
MODULES = {
    "tensorrt": "tensorrt",
    "tensorrt_bindings": "tensorrt",
    "tensorrt_rtx": "tensorrt_rtx",
    "tensorrt_rtx_bindings": "tensorrt_rtx",
}
INSTALL = "install it: pip install 'installation[tensorrt]'"
CURRENT = "current"  # the target that is this machine's GPU
ANY_DRIVER = "any"  # of an engine built for a named architecture: whichever driver it will meet
LONGEST = 600  # characters of complaints in one message


@dataclass(frozen=True, slots=True)
class Runtime:
    """``kind`` is tensorrt or tensorrt_rtx; ``module`` is imported by ``api`` only."""

    kind: str
    module: str

    @property
    def api(self) -> Any:
        try:
            return importlib.import_module(self.module)
        except (ImportError, OSError) as error:
            raise ModelError(f"{self.module} does not load: {_line(str(error))}", INSTALL) from error

    @property
    def version(self) -> str:
        return str(self.api.__version__)


def runtimes() -> list[Runtime]:
    """Those that are installed, the one to run a show with first. Imports nothing."""
    found: dict[str, Runtime] = {}
    for module, kind in MODULES.items():
        if kind not in found and find_spec(module) is not None:
            found[kind] = Runtime(kind, module)
    return list(found.values())


def runtime(target: str = CURRENT) -> Runtime:
    """The one that builds for ``target`` (``current``, ``sm89``). Raises ModelError."""
    found = [each for each in runtimes() if target == CURRENT or each.kind == "tensorrt_rtx"]
    if not found:
        needed = "TensorRT" if target == CURRENT else "TensorRT for RTX, which builds for another machine's GPU,"
        raise ModelError(f"{needed} is not installed", INSTALL)
    return found[0]


def complaints(api: Any) -> Any:
    """A logger that keeps warnings and errors. It must outlive whatever was made with it."""

    class Complaints(api.ILogger):  # type: ignore[misc]  # the base is known only once a module is chosen
        def __init__(self) -> None:
            super().__init__()
            self.lines: list[str] = []

        def log(self, severity: Any, message: str) -> None:
            if severity in (api.ILogger.INTERNAL_ERROR, api.ILogger.ERROR):
                self.lines.append(_line(message))

        def text(self) -> str:
            """What was said since the last time, the same thing once."""
            said = "; ".join(dict.fromkeys(self.lines)) or "it gave no reason"
            self.lines.clear()
            return said if len(said) <= LONGEST else said[: LONGEST - 3] + "..."

    return Complaints()


def driver() -> str:
    """The NVIDIA driver's version, such as 580.65.06; empty where there is none."""
    name = "nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1"
    try:
        nvml = ctypes.CDLL(name)
    except OSError:
        return ""
    text = ctypes.create_string_buffer(96)
    if nvml.nvmlInit_v2() or nvml.nvmlSystemGetDriverVersion(text, len(text)):
        return ""
    return text.value.decode()


def architecture() -> str:
    """The GPU's, such as sm89; empty where torch drives none."""
    import torch

    if not torch.cuda.is_available():
        return ""
    major, minor = torch.cuda.get_device_capability()
    return f"sm{major}{minor}"


def missing() -> str:
    """Why TensorRT cannot run a network here, and what to do; empty when it can."""
    if not runtimes():
        return f"not installed; {INSTALL}"
    if not driver():
        return "there is no NVIDIA driver; install one from NVIDIA"
    if not (here := architecture()):
        return "torch drives no CUDA device; install a CUDA build of torch"
    chosen = runtime()
    if here not in (known := targets(chosen)) and known:
        return f"{chosen.kind} {chosen.version} does not run on {here}, only on {' '.join(known)}; install tensorrt"
    return ""


def targets(chosen: Runtime) -> tuple[str, ...]:
    """The architectures it can be told to build for; none where it builds for the GPU that is there, whichever."""
    named = getattr(chosen.api, "ComputeCapability", None)
    return () if named is None else tuple(name.lower() for name in named.__members__ if name.startswith("SM"))


def _line(text: str) -> str:
    return " ".join(text.split())
