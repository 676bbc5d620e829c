"""What a trainer is. The run around it (``run.py``) is the same for all, so a trainer holds only what is its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

Picture = NDArray[np.uint8]  # (H, W, 3), RGB
State = dict[str, Any]  # names -> tensors, int, float, str, bool, None, lists of these, or such a table again


class Trainer(Protocol):
    """Randomness comes from torch's global generators alone: the run keeps them with the rest."""

    seen: int  # pictures trained on

    def step(self, share: float) -> Mapping[str, Tensor]:
        """One step of every optimiser. ``share`` 0..1: how much of the budget is used. Losses by name, detached, on
        the device: to look at one costs a wait."""

    def state(self) -> State:
        """All that is needed to go on as if nothing had happened."""

    def restore(self, state: State) -> None: ...

    def sheet(self) -> Picture:
        """Samples in rows, of the same seeds or inputs every time."""

    def frames(self) -> Iterator[Picture]:
        """A short film: a walk, a panned input, a growth. Sides are even."""

    def export(self, folder: Path, told: str) -> None:
        """``model.yaml``, ``weights.safetensors`` and ``sheet.jpg``, ready for a show. ``told``: what the run has to
        say of the training, for the card. Raises ModelError."""
