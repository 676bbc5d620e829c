"""What a model's latents are: how long, how many layers take one, where the middle is, what is known to lie in it.

    z models (DCGAN, BigGAN)   a latent is float32 (Z,), normal; the picture is painted from it
    W models (StyleGAN)        z is mapped to w, and every layer takes a w of its own: a latent is float32 (layers, W).
                               Karras et al. 2019; called W where all rows are the same, W+ where they are not

All latents are float32. ``to_w`` maps rows of z, (n, Z) to (n, W). Where a model knows classes, the same z maps
elsewhere once they move: ``condition`` says which classes hold now, so that whoever keeps a w knows when it is old.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from installation.latent.favourites import Favourite

Array = NDArray[np.float32]
Where = Literal["z", "w"]

SPREAD_SAMPLES = 64  # latents that say how wide W is; within 2 % of what thousands say, in 20 ms


def _nothing() -> Hashable:
    return None


@dataclass(frozen=True, slots=True)
class Direction:
    """A way through the latents: a unit vector (size,), or (layers, size) with a row each, and its deviation.

    ``sigma`` is the deviation of the model's latents along it: 3 sigma away is rare, 10 is where pictures break.
    """

    vector: Array
    sigma: float = 1.0


@dataclass
class Space:
    """``Space(128)`` paints from z. ``size`` is the length of z, ``mean`` (W,) the w of the average picture.

    ``mean`` may move while a show runs, as ``condition`` does: two models are being blended.
    """

    size: int
    layers: int = 1
    mean: Array | None = None
    to_w: Callable[[Array], Array] | None = None
    condition: Callable[[], Hashable] = _nothing
    directions: Mapping[str, Direction] = field(default_factory=dict)
    saved: Mapping[str, Array] = field(default_factory=dict)
    favourites: Sequence[Favourite] = ()
    model: str = "this model"

    @property
    def has_w(self) -> bool:
        return self.to_w is not None

    @property
    def centre(self) -> Array:
        """The mean latent as steps take it: (Z,) of zeros, or (layers, W)."""
        return np.zeros(self.size, np.float32) if self.mean is None else self.rows(self.mean)

    def map(self, z: Array) -> Array:
        """Rows of z (n, Z) to rows of w (n, W)."""
        if self.to_w is None:
            raise ValueError(f"{self.model} has no W")
        return self.to_w(np.ascontiguousarray(z, np.float32))

    def rows(self, w: Array) -> Array:
        """One w (W,) or (1, W) for every layer; what has its rows already is left as it is. A fresh array."""
        return np.array(np.broadcast_to(w, (self.layers, w.shape[-1])), np.float32)

    def fits(self, array: Array) -> bool:
        """Whether an array is a latent of this model, or one row for all its layers."""
        size = self.centre.shape[-1]
        return array.shape in ((size,), (1, size), (self.layers, size))

    @cached_property
    def spread(self) -> float:
        """The root mean square deviation of one number of w from its mean; 1 in z, which is normal."""
        if self.mean is None:
            return 1.0
        z = np.random.RandomState(0).randn(SPREAD_SAMPLES, self.size).astype(np.float32)
        return float(np.sqrt(np.mean((self.map(z) - self.mean) ** 2)))
