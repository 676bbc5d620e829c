"""A painted camera over a table, for rehearsals without one: a real picture to work on, the same on every machine.

It never repeats a wait of the hardware: a stepped source, one picture a slot of 1/fps of show time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from installation.library import Library
from installation.params import Param
from installation.sources.base import Batch, SteppedSource
from installation.types import Channel

if TYPE_CHECKING:
    from installation.sources.painted_scene import Scene


class Painted(SteppedSource):
    """A painted table as a camera would see it: paper, cloth, an orange, hands. No camera needed."""

    params = (
        Param("size", "size", (640, 480), help="size of the pictures it sends"),
        Param("fps", "float", 30.0, 1.0, 240.0, unit="Hz", help="new pictures a second at most"),
    )
    _scene: Scene | None = None
    _slot: int | None = None

    @classmethod
    def channels(cls, options: Mapping[str, Any], library: Library) -> tuple[Channel, ...]:
        width, height = options["size"]
        return (
            Channel("frame", "image", help=f"{width}x{height} pictures"),
            Channel("rate", high=240.0, unit="Hz", help="pictures a second"),
        )

    def open(self) -> None:
        from installation.sources.painted_scene import Scene

        self._scene, self._slot = Scene(*self.options["size"]), None

    def poll(self) -> Batch | None:
        assert self._scene is not None
        fps = self.options["fps"]
        slot = math.floor(self.place.now() * fps + 1e-6)  # the term: a tick's time is often a hair before its slot
        if slot == self._slot:
            return None
        self._slot = slot
        return Batch({"frame": self._scene.at(slot / fps), "rate": fps}, slot / fps)
