"""A picture under a slowly moving camera: a picture file that is alive enough to work with. A function of time.

    zoom(t)      1 + zoom * (1 - cos(2 pi t / period)) / 2        in and out once a period
    centre(t)    on an ellipse of ``drift`` of the picture, once in 1.37 periods (never quite the same twice)
    angle(t)     rotation * sin(2 pi t / (1.73 period))           degrees

The picture is enlarged just enough that its edge never shows at any drift and angle.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installation.errors import SourceError
from installation.library import Library
from installation.params import REQUIRED, Param
from installation.sources.base import Batch, Place, SteppedSource
from installation.types import Channel

if TYPE_CHECKING:
    from installation.types import Pixels


class Still(SteppedSource):
    """A picture moved slowly, as if before a camera."""

    params = (
        Param("picture", "path", REQUIRED, help="a picture file; a relative path may also be one in the home folder"),
        Param("size", "size", (640, 480), help="size of the pictures it sends"),
        Param("fps", "float", 30.0, 0.1, 240.0, unit="Hz", help="new pictures a second at most"),
        Param("drift", "float", 0.04, 0.0, 0.25, help="how far the camera wanders, of the picture's size"),
        Param("zoom", "float", 0.15, 0.0, 3.0, help="how much nearer it comes and goes"),
        Param("rotation", "float", 2.0, 0.0, 180.0, unit="degrees", help="how far it turns to either side"),
        Param("period", "seconds", 24.0, 0.5, 3600.0, unit="s", help="how long it comes and goes"),
    )

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        super().__init__(options, place)
        self._picture: Any = None
        self._slot: int | None = None

    @classmethod
    def channels(cls, options: Mapping[str, Any], library: Library) -> tuple[Channel, ...]:
        width, height = options["size"]
        # At a tenth of a picture a second, the next one is no sign of a fault.
        stale = 1.0 + 2 / options["fps"]
        return (
            Channel("frame", "image", help=f"{width}x{height} pictures", stale_after=stale),
            Channel("rate", high=240.0, unit="Hz", help="pictures a second", stale_after=stale),
        )

    def open(self) -> None:
        import cv2

        path, size = self._found(), self.options["size"]
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB) if path.is_file() else None
        if picture is None:
            raise SourceError(f"{path} is not a picture that can be read")
        # Enough pixels for the nearest view and no more: a bigger picture would flicker in its finest parts.
        shrink = self._cover(*size, *picture.shape[1::-1]) * (1 + self.options["zoom"])
        if shrink < 1:
            picture = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        self._picture, self._slot = picture, None

    def _found(self) -> Path:
        """The picture as given, else in the first of the library's places that has it."""
        given = Path(self.options["picture"])
        places = (place / given for place in self.place.library.places)
        return next((path for path in (given, *places) if path.is_file()), given)

    def poll(self) -> Batch | None:
        fps = self.options["fps"]
        slot = math.floor(self.place.now() * fps + 1e-6)
        if slot == self._slot:
            return None
        self._slot = slot
        at = slot / fps
        return Batch({"frame": self._seen(at), "rate": fps}, at)

    def _seen(self, t: float) -> Pixels:
        import cv2
        import numpy as np

        width, height = self.options["size"]
        tall, wide = self._picture.shape[:2]
        turns = t / self.options["period"]
        drift = self.options["drift"]
        angle = math.radians(self.options["rotation"] * math.sin(2 * math.pi * turns / 1.73))
        near = 1 + self.options["zoom"] * (1 - math.cos(2 * math.pi * turns)) / 2
        scale = self._cover(width, height, wide, tall) * near  # frame pixels per picture pixel
        x = wide / 2 + drift * wide * math.sin(2 * math.pi * turns / 1.37)
        y = tall / 2 + drift * tall * math.cos(2 * math.pi * turns / 1.37)
        c, s = math.cos(angle) / scale, math.sin(angle) / scale
        middle = (width - 1) / 2, (height - 1) / 2
        back = np.array(  # from a place in the frame to one in the picture
            [[c, -s, x - 0.5 - c * middle[0] + s * middle[1]], [s, c, y - 0.5 - s * middle[0] - c * middle[1]]]
        )
        seen: Pixels = cv2.warpAffine(
            self._picture,
            back,
            (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REFLECT_101,  # only rounding reaches it
        )
        return seen

    def _cover(self, width: int, height: int, wide: int, tall: int) -> float:
        """The least scale at which the frame, turned and moved as far as it goes, stays inside the picture."""
        most = min(math.radians(self.options["rotation"]), math.pi / 2)
        # The turned frame's half extents peak at the diagonal's own angle, if it turns that far.
        across, down = math.atan2(height, width), math.atan2(width, height)
        diagonal = math.hypot(width, height)
        reach_x = diagonal * math.cos(max(0.0, across - most))
        reach_y = diagonal * math.cos(max(0.0, down - most))
        inside = 1 - 2 * self.options["drift"]
        scale: float = max(reach_x / (wide * inside), reach_y / (tall * inside))
        return scale
