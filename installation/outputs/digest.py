"""A fingerprint of a performance: SHA-256 over every parameter of every frame. Two replays agree or differ."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from installation.outputs.base import Output, Place
from installation.types import Params, Signals, Stage, Tick


class Digest(Output):
    """A fingerprint of every parameter of every frame, for the report.

    ``repr`` of a float is exact and the same on every machine; addresses are hashed in the show's order.
    """

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        super().__init__(options, place)
        self._hash = hashlib.sha256()

    def see(self, tick: Tick, signals: Signals, params: Params, stage: Stage) -> None:
        self._hash.update(repr((tick.frame, tick.now, *params.items())).encode())

    def summary(self) -> dict[str, Any]:
        return {"params_sha256": self._hash.hexdigest()}
