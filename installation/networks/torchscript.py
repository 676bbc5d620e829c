"""A TorchScript file as a network: somebody's compiled program, on torch alone.

    forward(x) -> picture (N, C, H, W) float32; x is a picture (N, C, H, W) or numbers (N, Z), as its author wrote it

It is code. It was trusted by name when it was converted and is pinned by its hash since; nothing here makes it safe.
It is never exported: what it does inside cannot be seen from outside. Of several outputs the first picture counts.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


class TorchScript(nn.Module):
    def __init__(self, program: nn.Module) -> None:
        super().__init__()
        self.program = program
        self.layers: dict[str, str] = {}  # what is inside has no names to count on

    def forward(self, x: Tensor) -> Tensor:
        picture = first_picture(self.program(x))
        if picture is None:
            raise ValueError("the program gives no picture (N, C, H, W)")
        return picture.float()

    @classmethod
    def from_file(cls, path: Path) -> TorchScript:
        """Runs the program's own loading code. Raises ValueError when torch cannot read it."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # torch would rather have another format; the artist has this file
                program = torch.jit.load(str(path), map_location="cpu")
        except (RuntimeError, OSError) as error:
            raise ValueError(
                f"torch cannot read it: {(str(error).strip().splitlines() or ['no reason'])[0]}"
            ) from error
        return cls(program).eval().requires_grad_(False)


def first_picture(made: Any) -> Tensor | None:
    if isinstance(made, Tensor):
        return made if made.ndim == 4 else None
    parts = made.values() if isinstance(made, dict) else made if isinstance(made, (tuple, list)) else ()
    return next((found for part in parts if (found := first_picture(part)) is not None), None)
