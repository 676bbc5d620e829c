"""Where a training computes, and in what.

Weights, gradients and optimisers are float32; convolutions compute in bfloat16 where the hardware does (Micikevicius et
al. 2018, 1710.03740; bfloat16 has float32's range, so no loss is scaled).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from installation.errors import InstallationError
from installation.training import ranks

CHOICES = ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True, slots=True)
class Device:
    """``half``: whether ``autocast`` computes in bfloat16."""

    name: str
    half: bool

    @property
    def torch(self) -> torch.device:
        return torch.device(self.name)

    def autocast(self) -> Any:
        return torch.autocast(self.name, torch.bfloat16, enabled=self.half)

    def __str__(self) -> str:
        words = torch.cuda.get_device_name() if self.name == "cuda" else self.name
        return f"{words} in {'bf16' if self.half else 'fp32'}"


def find(wanted: str = "auto", half: bool | None = None) -> Device:
    """The fastest that is here, or the one wanted. ``half`` None: where it is fast. Raises InstallationError."""
    here = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    name = here if wanted == "auto" else wanted
    if name not in CHOICES or (name != "cpu" and name != here):
        raise InstallationError(f"there is no '{name}' for torch here", "write --device auto or cpu")
    if half is None:
        half = name == "cuda" or (name == "cpu" and torch.cpu._is_avx512_bf16_supported())
    if name == "cuda":
        torch.cuda.set_device(ranks.place())
        torch.backends.cudnn.benchmark = True  # one size, thousands of steps
        torch.backends.cudnn.benchmark_limit = 4  # algorithms tried; ten take long
        torch.backends.cudnn.conv.fp32_precision = "tf32"
        torch.backends.cuda.matmul.fp32_precision = "tf32"
    return Device(name, half)
