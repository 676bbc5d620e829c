"""What every latent step is made from: a latent in, a latent out, float32 (Z,) in z or (layers, W) in w.

A latent of a Gaussian model lies close to a shell of radius sqrt(size): in many dimensions nearly all the mass of a
normal distribution is there, and off it a network paints what it never learnt. Steps therefore turn the latent and
leave its norm alone, unless changing the norm is what they are for (truncate). W has no shell; there steps add and mix.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from installation.latent.space import Space, Where
from installation.params import Param

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector

LONGEST = 1.0  # seconds one step may move on: after a hang the walk goes on where it was, it does not leap


class Step(ABC):
    """Subclass, declare ``params`` (live or fixed), and give ``__call__``.

    ``address`` is where its live parameters are (``generator.latent.walk``). Time is ``signals.now``, so a step that
    keeps state makes the same latents whenever it is given the same signals and parameters.

    ``where`` is the space it works in, None for either; a step that finds out from its options or the model says so
    on its instance. The chain hands it latents of that space and refuses what cannot be (``latent/chain.py``).
    """

    params: ClassVar[tuple[Param, ...]] = ()
    where: Where | None = None

    def __init__(self, options: Mapping[str, Any], space: Space, address: str) -> None:
        self.options = options
        self.space = space
        self.address = address

    @abstractmethod
    def __call__(self, latent: Vector, params: Params, signals: Signals) -> Vector: ...


class Elapsed:
    """Seconds since the last call, 0 at the first; a clock that went backwards or leapt is not followed."""

    def __init__(self) -> None:
        self._last: float | None = None

    def __call__(self, now: float) -> float:
        last, self._last = self._last, now
        return 0.0 if last is None else min(max(now - last, 0.0), LONGEST)
