"""TensorRT engines, built once and kept: which one a network needs here, whether it is there, how it comes to be.

``compile_engine`` serves the show (in the background), the parity door and ``installation models compile``, also for
the GPU of another machine. The work is done by ``tensorrt_builder`` in a process of its own, at low priority.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from installation.backends import engine_cache, tensorrt_runtime
from installation.backends.engine_cache import Engine, Site
from installation.backends.export import exported, graph_key
from installation.backends.recipe import Recipe
from installation.backends.tensorrt_builder import COMPLAINED, Job
from installation.backends.tensorrt_runtime import ANY_DRIVER, CURRENT
from installation.errors import ModelError
from installation.files import sha256_of

POLL = 0.2  # seconds between two looks at the builder
NICE = 10
RETYPE = Path(__file__).with_name("retype.py")  # what it does to a graph is part of what an engine computes
_TARGET = re.compile(r"sm\d{2,3}")


@dataclass(frozen=True, slots=True)
class Report:
    """What was built: ``operators`` of the graph, every one supported; ``layers`` the parser made of them."""

    path: Path
    bytes: int
    seconds: float
    layers: int
    operators: Mapping[str, int]
    site: Site


def compile_engine(
    recipe: Recipe, precision: str, target: str = CURRENT, stop: threading.Event | None = None
) -> Report:
    """The engine for ``target`` (``sm89``, or ``current``), built unless it is kept. Raises ModelError.

    When ``stop`` is set meanwhile, the builder is ended and that is the ModelError.
    """
    where = site(precision, target)
    key = engine_key(recipe, where)
    if not (engine := engine_cache.find(key, where)):
        _build(recipe, _job(recipe, key, where, target), stop or threading.Event())
        engine = engine_cache.find(key, where)
    if engine is None:
        raise ModelError(f"the engine of {recipe.name} is not in the cache", "is the disk full?")
    path = engine_cache.place(key)
    return Report(path, path.stat().st_size, engine.seconds, engine.layers, engine.operators, where)


def kept(recipe: Recipe, precision: str) -> tuple[str, Engine] | None:
    """The engine for this machine's GPU and its key, if there is one: built here, or ahead for this architecture."""
    here = site(precision)
    places = [here]
    if here.runtime == "tensorrt_rtx":  # its engines meet the driver only when they are loaded
        places.append(replace(here, driver=ANY_DRIVER))
    for where in places:
        key = engine_key(recipe, where)
        if engine := engine_cache.find(key, where):
            return key, engine
    return None


def site(precision: str, target: str = CURRENT) -> Site:
    """What an engine for ``target`` depends on. Raises ModelError when that is this machine's GPU and there is none."""
    if target != CURRENT:
        if not _TARGET.fullmatch(target):
            raise ModelError(f"'{target}' is no GPU architecture", "write sm89 (RTX 40), sm120 (RTX 50) or current")
        chosen = tensorrt_runtime.runtime(target)
        return Site(chosen.kind, chosen.version, target, ANY_DRIVER, precision)
    chosen = tensorrt_runtime.runtime()
    if why := tensorrt_runtime.missing():
        raise ModelError(f"TensorRT cannot run here: {why}", "to build for another machine, name a target: sm89")
    return Site(chosen.kind, chosen.version, tensorrt_runtime.architecture(), tensorrt_runtime.driver(), precision)


def engine_key(recipe: Recipe, where: Site) -> str:
    return graph_key(recipe, *where.words(), sha256_of(RETYPE))


def _job(recipe: Recipe, key: str, where: Site, target: str) -> Job:
    ranges = {name: (given.shape, given.most) for name, given in recipe.inputs.items() if given.changes}
    module = tensorrt_runtime.runtime(target).module
    return Job(recipe.name, str(exported(recipe)), key, where, module, target, ranges)


def _build(recipe: Recipe, job: Job, stop: threading.Event) -> None:
    quiet: dict[str, Any] = {}
    if sys.platform == "win32":
        quiet["creationflags"] = subprocess.BELOW_NORMAL_PRIORITY_CLASS
    builder = subprocess.Popen(
        [sys.executable, "-m", "installation.backends.tensorrt_builder"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **quiet,
    )
    try:
        if sys.platform != "win32":
            os.setpriority(os.PRIO_PROCESS, builder.pid, NICE)
        said, trouble = _wait(builder, json.dumps(asdict(job)), stop)
    finally:
        if builder.poll() is None:  # the show ends, or Ctrl-C
            builder.kill()
            builder.communicate()
    if stop.is_set():
        raise ModelError(f"building the engine of {recipe.name} was stopped")
    if builder.returncode == COMPLAINED:
        raise ModelError(**json.loads(said))
    if builder.returncode:
        last = (trouble.strip().splitlines() or ["it said nothing"])[-1]
        raise ModelError(f"the TensorRT builder of {recipe.name} ended with status {builder.returncode}: {last}")


def _wait(builder: subprocess.Popen[str], job: str, stop: threading.Event) -> tuple[str, str]:
    """What it wrote, once it has ended; when stopped, nothing."""
    given: str | None = job
    while not stop.is_set():
        try:
            return builder.communicate(given, timeout=POLL)
        except subprocess.TimeoutExpired:
            given = None  # it is being sent
    return "", ""
