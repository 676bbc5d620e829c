"""Reads checkpoint files that came from anybody, without running a line of them.

``look`` says what a file is: names, shapes, facts. ``read`` also writes its tensors as a .safetensors file. Both work
in a child process (child.py) with limits on memory, time and disk and, where the system allows it, no network; the
process that asks loads neither torch nor the file, and every way the child can end is one ModelError of one line.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from installation.checkpoints.found import Found
from installation.errors import ModelError

MEMORY = 384 << 20  # bytes of address space for Python, NumPy and onnx; what a file needs comes on top
SECONDS = 10  # of CPU for a small file; a refusal takes a tenth of one
RATE = 20 << 20  # bytes a second that even a slow machine reads
PATIENCE = 6  # the wall clock runs this many times as long: the machine may be busy
MOST_ANSWER = 32 << 20  # bytes
HINT = "is it whole, and the file that the training wrote?"


def look(path: Path) -> Found:
    """What the file is, its tensors left where they are. Raises ModelError."""
    return _ask(path, None)


def read(path: Path, into: Path) -> Found:
    """What the file is, its tensors written to ``into`` in one step. A TorchScript program is only said to be one:
    nothing is written. Raises ModelError, and nothing is left behind."""
    handle, name = tempfile.mkstemp(prefix=f".{into.name}-", dir=into.parent)
    os.close(handle)
    kept = Path(name)
    try:
        found = _ask(path, kept)
        if found.container != "torchscript":
            os.replace(kept, into)
    finally:
        kept.unlink(missing_ok=True)
    return found


def _ask(path: Path, into: Path | None) -> Found:
    named = _shown(path.name)
    size = _size(path, named)
    seconds = SECONDS + size // RATE
    request = {
        "path": os.fspath(path.absolute()),
        "into": os.fspath(into.absolute()) if into else None,
        "parent": os.getpid(),
        "memory": MEMORY + 8 * size,  # the file itself in place, and up to four times its size copied or written
        "seconds": seconds,
        "file": MOST_ANSWER + (64 << 20) + 4 * size,
    }
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaint:
        code = _run(request, seconds * PATIENCE, answer, complaint)
        if code is None:
            raise ModelError(f"{named} takes too long to read", HINT)
        if code:
            raise ModelError(f"{named} {_ended(code, _last_line(complaint))}", HINT)
        table = _table(answer)
    if "refused" in table:
        raise ModelError(_shown(f"{named}: {table['refused']}", 400), _shown(str(table.get("hint", "")), 400))
    found = _found(table)
    if found is None:
        raise ModelError(f"{named} cannot be read: its reader gave no answer", HINT)
    return found


def _size(path: Path, named: str) -> int:
    try:
        if path.is_file():  # not a pipe or a device, which might never end
            return path.stat().st_size
        missing = "is no file" if path.exists() else "is not there"
    except (OSError, ValueError):  # a name that the system does not take
        missing = "cannot be read"
    raise ModelError(f"{named} {missing}")


def _run(request: dict[str, Any], patience: float, answer: IO[bytes], complaint: IO[bytes]) -> int | None:
    """The child's exit status; None when it was killed for taking too long. Files, not pipes: they have a limit."""
    command = [sys.executable, "-P", "-m", __name__ + ".child", json.dumps(request)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # threads cost address space
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=answer, stderr=complaint, env=environment)
    try:
        return child.wait(patience)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if child.poll() is None:  # Ctrl-C, too
            child.kill()
            child.wait()


def _ended(code: int, complaint: str) -> str:
    if code > 0:
        return f"cannot be read: {complaint or f'its reader ended with {code}'}"
    with suppress(AttributeError):  # Windows has few signals
        if -code in (signal.SIGXCPU, signal.SIGKILL):
            return "takes too long to read, or too much memory"
    return f"cannot be read: its reader was ended by signal {-code}"


def _last_line(complaint: IO[bytes]) -> str:
    complaint.seek(0, os.SEEK_END)
    complaint.seek(max(0, complaint.tell() - 2000))
    lines = complaint.read().decode(errors="replace").strip().splitlines()
    return _shown(lines[-1], 200) if lines else ""


def _table(answer: IO[bytes]) -> dict[str, Any]:
    """The child's words; empty when they are none."""
    answer.seek(0)
    words = answer.read(MOST_ANSWER + 1)
    try:
        table = json.loads(words) if len(words) <= MOST_ANSWER else None
    except (ValueError, RecursionError):
        return {}
    return table if isinstance(table, dict) else {}


def _found(table: dict[str, Any]) -> Found | None:
    """Believed in form only: what read a stranger's file is not asked to be our friend."""
    container, shapes, facts = table.get("container"), table.get("shapes"), table.get("facts")
    if not isinstance(container, str) or not isinstance(shapes, dict) or not isinstance(facts, dict):
        return None
    if not all(isinstance(shape, list) for shape in shapes.values()):
        return None
    if not all(type(side) is int and side >= 0 for shape in shapes.values() for side in shape):
        return None
    return Found(container, {name: tuple(shape) for name, shape in shapes.items()}, facts)


def _shown(words: str, longest: int = 100) -> str:
    return "".join(c if c.isprintable() else "?" for c in words[:longest])
