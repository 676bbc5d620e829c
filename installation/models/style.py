"""A StyleGAN's mapping network: z to w, and truncation towards the mean w.

Always fp32, even where the picture is made in bf16: it costs a thousandth of the picture, and everything artistic
(walks, mixing, directions) is arithmetic on its result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from installation.backends.choose import load
from installation.checkpoints import weights
from installation.checkpoints.card import Card
from installation.errors import ModelError
from installation.models import recipes
from installation.models.altered import BLEND, Altered
from installation.models.families import class_count

Array = NDArray[np.float32]

MEAN = "mapping.w_avg"


class StyleMapping:
    """``map(z (N, Z), c (N, C)) -> w (N, W)``; ``mean`` (W,) is the w of the average picture.

    ``blend``: a second model; ``amount`` then leads from this one's mapping, 0, to the other's, 1. ``batch`` rows are
    mapped at a time: a matrix product rounds one row otherwise than many, which counts only where digits are compared.
    """

    def __init__(self, card: Card, backend: str = "auto", blend: Card | None = None, batch: int = 1) -> None:
        part = recipes.family_of(card).helper
        if part is None:
            raise ModelError(f"the model '{card.name}' has no W: it paints from z itself")
        self._part = part
        self._classes = class_count(card)
        self._batch = batch
        self._program = load(recipes.numeric(card, part, batch=batch, altered=Altered(blend=blend)), backend, "fp32")
        self._means = [weights.tensor(one, MEAN) for one in (card, *([blend] if blend else []))]
        self.amount = 0.0

    @property
    def mean(self) -> Array:
        first, last = self._means[0], self._means[-1]
        return first + np.float32(self.amount) * (last - first) if len(self._means) > 1 else first

    def map(self, z: Array, c: Array | None = None) -> Array:
        """N must be a multiple of ``batch``."""
        labels = np.zeros((len(z), self._classes), np.float32) if c is None else c
        made = []
        for start in range(0, len(z), self._batch):
            rows = slice(start, start + self._batch)
            inputs = {"z": np.ascontiguousarray(z[rows], np.float32)}
            if len(self._means) > 1:
                inputs[BLEND] = np.array([self.amount], np.float32)
            if self._classes:
                inputs["c"] = np.ascontiguousarray(labels[rows], np.float32)
            made.append(np.array(self._program.run(inputs)[self._part.output], np.float32))
        return np.concatenate(made)

    def truncated(self, ws: Array, psi: float, cutoff: int | None = None) -> Array:
        """mean + psi (w - mean) on the first ``cutoff`` layers of (N, layers, W) (Karras 2019, section 3.2)."""
        made = np.array(ws, np.float32)
        made[:, :cutoff] = self.mean + np.float32(psi) * (made[:, :cutoff] - self.mean)
        return made

    def close(self) -> None:
        self._program.close()
