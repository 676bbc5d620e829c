"""What would run if a file were read by Python's own pickle."""

from __future__ import annotations

import os
from pathlib import Path


class Touches:
    """Its pickle asks for ``touch PATH`` in a shell."""

    def __init__(self, path: Path | str = "canary") -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (f"touch {self.path}",)
