"""``installation doctor``: what this machine has, what it lacks, and what to do about it. Opens no camera.

Each finding is ``ok``, ``note`` (a show runs, something is missing) or ``broken`` (no show can run).
"""

from __future__ import annotations

import importlib
import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from installation.errors import InstallationError
from installation.library import Library, cache_dir


@dataclass(frozen=True, slots=True)
class Finding:
    state: str
    what: str
    found: str

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def examine(library: Library) -> list[Finding]:
    """Every finding, in the order a frame flows. A check that itself breaks is a finding, not a traceback."""
    checks: tuple[Callable[[Library], Iterator[Finding]], ...] = (
        _system, _cameras, _sound, _hands, _backends, _models, _gl, _screens, _cache,
    )  # fmt: skip
    findings: list[Finding] = []
    for check in checks:
        try:
            findings += check(library)
        except (InstallationError, ImportError, OSError) as error:
            findings.append(Finding("broken", check.__name__.strip("_"), " ".join(str(error).split())))
    return findings


def _system(library: Library) -> Iterator[Finding]:
    yield Finding("ok", "system", f"{platform.system()} {platform.machine()}, Python {platform.python_version()}")
    names = ("torch", "openvino", "mediapipe", "moderngl", "opencv-contrib-python", "av")
    yield Finding("ok", "packages", ", ".join(f"{name} {version(name)}" for name in names))
    yield Finding("ok", "material", ", ".join(map(str, library.places)))


def _cameras(library: Library) -> Iterator[Finding]:
    from installation.sources.cameras import plugged_in

    found = plugged_in()
    if found:
        yield Finding("ok", "cameras", ", ".join(f"{index}: {name}" for index, name in found.items()))
    else:
        yield Finding("note", "cameras", "none; connect one, or name a stream or a file as device")


def _sound(library: Library) -> Iterator[Finding]:
    try:
        sounddevice = importlib.import_module("sounddevice")
    except OSError as error:  # the package is there, the system's library is not
        yield Finding("note", "sound", f"{error}; install libportaudio2")
        return
    inputs = [device["name"] for device in sounddevice.query_devices() if device["max_input_channels"] > 0]
    if inputs:
        yield Finding("ok", "sound", ", ".join(inputs))
    else:
        yield Finding("note", "sound", "no input device; connect one, or give the audio source a file")


def _hands(library: Library) -> Iterator[Finding]:
    from installation.sources.worker import network_can_be_cut

    if network_can_be_cut():
        yield Finding("ok", "hand tracker", "runs in a process without network")
    else:
        yield Finding(
            "note",
            "hand tracker",
            "this system does not let a process give up its network; mediapipe looks up a logging host of its vendor",
        )


def _backends(library: Library) -> Iterator[Finding]:
    from installation.backends.choose import describe

    for line in describe():
        yield Finding("ok" if line["usable"] else "note", f"backend {line['name']}", line["text"])


def _models(library: Library) -> Iterator[Finding]:
    from installation.checkpoints.catalogue import list_models

    for model in list_models(library):
        if model["present"]:
            yield Finding("ok", f"model {model['name']}", model["title"])
        else:
            yield Finding("note", f"model {model['name']}", f"not fetched: installation models get {model['name']}")


def _gl(library: Library) -> Iterator[Finding]:
    from installation.stage.headless import Headless

    surface = Headless((16, 16))
    try:
        info = surface.ctx.info
        yield Finding("ok", "drawing", f"{info['GL_RENDERER']}, GL {info['GL_VERSION']}")
        if any(name in info["GL_RENDERER"].lower() for name in ("llvmpipe", "softpipe", "swrast")):
            yield Finding("note", "drawing", "software renderer: fine for a rehearsal, slow for a show")
    finally:
        surface.close()


def _screens(library: Library) -> Iterator[Finding]:
    from installation.stage.window import monitors

    found = monitors()
    if found:
        yield Finding("ok", "screens", ", ".join(f"{index}: {name}" for index, name in enumerate(found)))
    else:
        yield Finding("note", "screens", "none; shows run headless")


def _cache(library: Library) -> Iterator[Finding]:
    folder = cache_dir()
    used = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    yield Finding("ok", "cache", f"{folder}, {used / 1e6:.0f} MB")
