"""Reads ``.pth`` and ``.pt``. They are pickles: torch's restricted unpickler builds tensors out of them, nothing else.

A checkpoint is a dict of names to tensors, or a dict that holds one under a usual key.
"""

from __future__ import annotations

import pickle
import struct
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from installation.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

# What torch's reader raises over files that are cut short, not pickles, or more than tensors.
BROKEN = (
    pickle.UnpicklingError, struct.error, RuntimeError, EOFError, ValueError, LookupError, TypeError, AttributeError,
    OSError,
)  # fmt: skip
NESTED = ("state_dict", "model", "g_ema")


def read(path: Path) -> dict[str, Tensor]:
    """Name -> tensor, on the CPU. Raises ModelError for anything that is not tensors."""
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the pickle's age: it is read, or refused in one line
            loaded = torch.load(path, map_location="cpu", weights_only=True)
    except BROKEN as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(f"{path.name} is no checkpoint of plain tensors: {first}") from error
    for key in NESTED:
        if isinstance(loaded, dict) and isinstance(loaded.get(key), dict):
            loaded = loaded[key]
    if not isinstance(loaded, dict):
        raise ModelError(f"{path.name} holds a {type(loaded).__name__}, not names and tensors")
    state = {str(name): value for name, value in loaded.items() if isinstance(value, torch.Tensor)}
    if not state:
        raise ModelError(f"{path.name} holds no tensors")
    return state
