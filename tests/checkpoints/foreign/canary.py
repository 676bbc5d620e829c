"""Proof that nothing ran: while a file is read, no process is started, nothing is opened, imported or compiled, and
the file that every payload would touch does not appear.

An audit hook sees what the interpreter does (PEP 578). It cannot be taken off again, so it listens only while asked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FORBIDDEN = (
    "os.", "subprocess.", "open", "import", "exec", "compile", "marshal.", "pickle.", "code.__new__",
    "function.__new__",
    "socket.", "ctypes.", "shutil.", "tempfile.", "glob.", "pathlib.", "urllib.", "builtins.", "sys.", "cpython.",
    "signal.", "object.__", "gc.",
)  # fmt: skip
# What Python itself says of a finished exception, or of a traceback that is looked at.
HARMLESS = ("object.__getattr__", "sys._getframe", "builtins.id")

_listening = False
_seen: list[str] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _listening and event.startswith(FORBIDDEN) and event not in HARMLESS:
        _seen.append(f"{event} {str(arguments)[:100]}")


sys.addaudithook(_hook)


@contextmanager
def nothing_runs(folder: Path) -> Iterator[None]:
    """Fails when something happened that a reader has no need of."""
    global _listening
    _seen.clear()
    _listening = True
    try:
        yield
    finally:
        _listening = False
    assert _seen == []
    assert list(folder.iterdir()) == []
