"""Reads any checkpoint: what kind it is by content, its tensors and facts by that kind's reader. Runs in the child.

Everything here is bounded by the file's own size, and whatever is wrong with a file is a ModelError of one line.
"""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import Any, BinaryIO

from installation.checkpoints.foreign import neutral, nvidia, onnx_file, safetensors_file, sniff, torch_files
from installation.checkpoints.foreign.budget import Budget
from installation.checkpoints.foreign.plain import Facts
from installation.checkpoints.foreign.records import Contents
from installation.errors import ModelError

MOST_CONFIG = 1 << 20  # bytes of a config.json


def read(path: Path, out: BinaryIO | None = None) -> Contents:
    """What the file holds; with ``out`` its tensors are written there too. Raises ModelError."""
    with path.open("rb") as file:
        file.seek(0, 2)
        size = file.tell()
        # In place: the pages are the system's and may be dropped, so a large file costs address space only.
        data = memoryview(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) if size else b"")
    found = contents(data)
    if found.container != "nvidia pickle":  # which says all of itself; a config.json there is somebody else's
        config = beside(path)
        found = Contents(found.container, found.tensors, found.facts | ({"config": config} if config else {}))
    if out and found.container != "torchscript":
        neutral.write(found.tensors, out)
    return found


def contents(data: memoryview) -> Contents:
    budget = Budget(len(data))
    match sniff.container(data):
        case "zip":
            found = torch_files.read_zip(data, budget)
        case "legacy":
            found = torch_files.read_legacy(data, budget)
        case "safetensors":
            found = safetensors_file.read(data)
        case "onnx":
            found = onnx_file.read(data)
        case _:
            found = nvidia.read(data, budget)
    neutral.check(found.tensors, budget)
    return found


def beside(path: Path) -> dict[str, Any]:
    """The plain values of a config.json in the same folder; empty when there is none of a size that a config has."""
    config = path.with_name("config.json")
    if not config.is_file() or config.stat().st_size > MOST_CONFIG:
        return {}
    try:
        table = json.loads(config.read_text(encoding="utf-8"))
    except (ValueError, RecursionError, OSError):
        raise ModelError("the config.json beside it cannot be read", "mend it, or move it elsewhere") from None
    return Facts().table(table) if isinstance(table, dict) else {}
