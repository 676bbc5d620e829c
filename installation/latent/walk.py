"""walk: an endless, even way through the latents of some seeds, or of favourites. It replaces what comes in.

In z it keeps to the shell that the model was trained on, whatever the model; every latent on the way is as likely as a
seed. ``space: w`` (StyleGAN) maps the seeds and goes straight between their w: shorter, smoother ways, closer to the
mean picture half-way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from installation.latent.keypoints import SEEDS
from installation.latent.space import Space
from installation.latent.step import Step
from installation.latent.stroll import POSITION, SPEED, SeedsInW, SeedsInZ, Stroll
from installation.params import Param

if TYPE_CHECKING:
    from installation.types import Params, Signals, Vector


class Walk(Step):
    """Wanders evenly through the pictures of given seeds, round and round."""

    params: ClassVar[tuple[Param, ...]] = (
        SEEDS,
        Param("space", "choice", "z", choices=("z", "w"), help="where it walks; w only in StyleGANs: straighter"),
        SPEED,
        POSITION,
    )

    def __init__(self, options: Mapping[str, Any], space: Space, address: str) -> None:
        super().__init__(options, space, address)
        self.where = options["space"]
        kind = SeedsInW if self.where == "w" else SeedsInZ
        self._seeds: SeedsInW | SeedsInZ = kind(options["seeds"], space, address)
        self._stroll = Stroll(address)

    def __call__(self, latent: Vector, params: Params, signals: Signals) -> Vector:
        way = self._stroll(self._seeds.path(), params, signals)
        return self.space.rows(way.reshape(-1, self.space.centre.shape[-1])) if self.where == "w" else way
