"""Built engines, kept at ``<cache>/engines/<key>.engine``. A bad file is a missing file: it is built again.

A file is one line of JSON (what it is and the sha256 of the rest), then the engine as the builder serialised it. The
key holds everything an engine depends on: the network and its shapes, the precision, the runtime and its version, the
GPU's architecture and the driver. An engine is code for a GPU: only this cache's own files are loaded, never a path
that someone names.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from installation.files import write_atomically
from installation.library import cache_dir

log = logging.getLogger(__name__)

FORM = 1  # of the first line; another number is another form
LONGEST_HEAD = 65536  # bytes


@dataclass(frozen=True, slots=True)
class Site:
    """What an engine depends on beside the network."""

    runtime: str  # tensorrt, tensorrt_rtx
    version: str
    architecture: str  # sm89
    driver: str
    precision: str

    def words(self) -> tuple[str, ...]:
        return (self.runtime, self.version, self.architecture, self.driver, self.precision)


@dataclass(frozen=True, slots=True)
class Engine:
    """``layers`` counts what the parser made of the graph's nodes; ``operators`` counts those nodes."""

    data: bytes
    seconds: float
    layers: int
    operators: Mapping[str, int] = field(default_factory=dict)


def place(key: str) -> Path:
    return cache_dir("engines") / f"{key}.engine"


def keep(key: str, site: Site, engine: Engine) -> Path:
    head = {
        "form": FORM,
        "key": key,
        "site": asdict(site),
        "seconds": engine.seconds,
        "layers": engine.layers,
        "operators": dict(engine.operators),
        "sha256": hashlib.sha256(engine.data).hexdigest(),
    }
    path = place(key)
    write_atomically(path, json.dumps(head).encode() + b"\n" + engine.data)
    return path


def find(key: str, site: Site) -> Engine | None:
    """The engine kept under this key, or None: never built, damaged, or another's."""
    path = place(key)
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline(LONGEST_HEAD))
            data = file.read()
        if head["form"] != FORM or head["key"] != key or head["site"] != asdict(site):
            log.warning("the engine %s is of another network or machine: it is built again", path.name)
        elif hashlib.sha256(data).hexdigest() != head["sha256"]:
            log.warning("the engine %s is damaged: it is built again", path.name)
        else:
            return Engine(data, float(head["seconds"]), int(head["layers"]), dict(head["operators"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        log.warning("the engine %s cannot be read (%s): it is built again", path.name, type(error).__name__)
    return None


def forget(key: str) -> None:
    """For an engine that a runtime refuses though its file is whole."""
    place(key).unlink(missing_ok=True)
