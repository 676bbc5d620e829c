"""A contact sheet: the whole show on one PNG, small frames evenly spaced over however long it lasted.

How long that will be is not known while it runs. So every k-th frame is kept, small; when twice as many are held as
could ever be needed, every second one goes and k doubles. Memory is bounded (12 MB for 16 frames of 460 pixels),
the gaps between the frames shown differ by one kept frame at most, and only what is kept is read back from the stage.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installation.errors import OutputError
from installation.outputs.base import Output, Place
from installation.params import REQUIRED, Param
from installation.types import Health, Params, Signals, Stage, Tick

if TYPE_CHECKING:
    from installation.types import Pixels

log = logging.getLogger(__name__)

SPARE = 4  # frames held for each that is shown, at most; half of that at least, once the show is long enough
FIRST_RATE = 8.0  # frames a second kept at first by a live show: a readback and a resize are 2 ms of a frame
WIDE = 1920  # pixels of the sheet, at most
EDGE, GAP, CAPTION, FOOT = 28, 10, 24, 40  # pixels: around the sheet, between columns, below a frame, at the bottom
GROUND, INK, FAINT = (
    (13, 12, 12),
    (196, 198, 200),
    (112, 114, 118),
)  # RGB: near black, so that dark frames end somewhere
FONT = "sans"  # OpenCV's own: the same on every machine


class Sheet(Output):
    """Leaves a contact sheet of the show, a PNG."""

    params = (
        Param("to", "path", REQUIRED, help="the picture, a .png; written over if it is there"),
        Param("columns", "int", 4, 1, 16, help="frames side by side"),
        Param("rows", "int", 4, 1, 16, help="rows at most; a short show fills fewer"),
    )

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        super().__init__(options, place)
        self._path = Path(options["to"])
        self._beside = self._path.with_name(f".{self._path.name}.part")
        self._columns: int = options["columns"]
        self._cells: int = self._columns * options["rows"]
        self._every = max(1, round(place.fps / FIRST_RATE)) if place.live else 1
        self._seen = 0
        self._first = 0.0
        self._size = _cell(place.size, self._columns)
        self.kept: list[tuple[float, Pixels]] = []  # seconds since the first frame, small RGB
        self._probe()

    def see(self, tick: Tick, signals: Signals, params: Params, stage: Stage) -> None:
        if self._seen == 0:
            self._first = tick.now
        if self._seen % self._every == 0:
            self._keep(tick.now - self._first, stage.read())
        self._seen += 1

    def _keep(self, at: float, pixels: Pixels) -> None:
        import cv2

        if len(self.kept) == SPARE * self._cells:
            self.kept = self.kept[::2]
            self._every *= 2
            if self._seen % self._every:
                return
        small = cv2.resize(pixels, self._size, interpolation=cv2.INTER_AREA)
        self.kept.append((at, cv2.cvtColor(small, cv2.COLOR_RGBA2RGB)))

    def close(self) -> None:
        if not self.kept:
            log.warning("sheet: no frame was shown, %s is not written", self._path)
            return
        import cv2

        try:
            done, data = cv2.imencode(".png", cv2.cvtColor(self._drawn(), cv2.COLOR_RGB2BGR))
            if not done:
                raise OSError("the picture cannot be encoded")
            self._beside.write_bytes(data.tobytes())  # written beside and moved: there is never half a picture
            os.replace(self._beside, self._path)
        except OSError as error:
            self.health = Health("failed", f"cannot write the sheet {self._path}: {error.strerror or error}")
            log.error("%s", self.health.detail)

    def chosen(self) -> list[tuple[float, Pixels]]:
        """As many of the kept as there is room for, the first and the last among them, evenly spaced."""
        last, room = len(self.kept) - 1, min(self._cells, len(self.kept))
        return [self.kept[round(i * last / max(1, room - 1))] for i in range(room)]

    def _drawn(self) -> Pixels:
        import numpy as np

        frames = self.chosen()
        width, height = self._size
        rows = -(-len(frames) // self._columns)
        high = EDGE + rows * (height + CAPTION + GAP) - GAP + FOOT
        sheet = np.full((high, 2 * EDGE + self._columns * (width + GAP) - GAP, 3), GROUND, np.uint8)
        for place, (at, pixels) in enumerate(frames):
            row, column = divmod(place, self._columns)
            x, y = EDGE + column * (width + GAP), EDGE + row * (height + CAPTION + GAP)
            sheet[y : y + height, x : x + width] = pixels
            _write(sheet, (x, y + height + 16), _time(at), 12, FAINT)
        _write(sheet, (EDGE, high - 18), self.place.title, 15, INK)
        figures = f"{self.place.size[0]} x {self.place.size[1]}    {_time(self.kept[-1][0])}"
        _write(sheet, (sheet.shape[1] - EDGE, high - 18), figures, 12, FAINT, right=True)
        return sheet

    def _probe(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.is_dir():
                raise OutputError(f"cannot write a sheet to {self._path}: it is a folder", "name a .png file")
            self._beside.touch()
            self._beside.unlink()
        except OSError as error:
            raise OutputError(f"cannot write a sheet to {self._path}: {error.strerror}") from error


def _cell(size: tuple[int, int], columns: int) -> tuple[int, int]:
    """Width and height of a small frame: never larger than the frame itself."""
    width = min(size[0], (WIDE - 2 * EDGE + GAP) // columns - GAP)
    return width, max(1, round(width * size[1] / size[0]))


def _time(seconds: float) -> str:
    """``0:07.4``; tenths, as frames of a short show lie close together."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def _write(
    sheet: Pixels, at: tuple[int, int], text: str, size: int, ink: tuple[int, int, int], right: bool = False
) -> None:
    import cv2

    align = cv2.PUT_TEXT_ALIGN_RIGHT if right else cv2.PUT_TEXT_ALIGN_LEFT
    cv2.putText(sheet, text, at, ink, cv2.FontFace(FONT), size, 400, align)
