"""Pictures in rows and columns on a dark ground, with words above the columns and beside the rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from installation.types import Pixels

WIDE = 1920  # pixels of a sheet, at most
LEAST = 64  # pixels of a cell, at least: the words above it need them
EDGE, GAP, HEAD, ROW_HEAD, TITLE = 28, 6, 22, 92, 40  # pixels; the row's words stand in a column of their own
GROUND, INK, FAINT = (13, 12, 12), (196, 198, 200), (132, 134, 138)
FONT = "sans"  # OpenCV's own: the same on every machine


def drawn(cells: Sequence[Sequence[Pixels]], columns: Sequence[str], rows: Sequence[str], title: str) -> Pixels:
    """``cells[row][column]`` (h, w, 4) RGBA, all of one size, to (H, W, 3) RGB."""
    import cv2

    tall, wide = cells[0][0].shape[:2]
    width = max(LEAST, min(wide, (WIDE - 2 * EDGE - ROW_HEAD + GAP) // len(columns) - GAP))
    height = max(1, round(width * tall / wide))
    left, top = EDGE + ROW_HEAD, EDGE + TITLE + HEAD
    across = left + len(columns) * (width + GAP) - GAP + EDGE
    sheet = np.full((top + len(rows) * (height + GAP) - GAP + EDGE, across, 3), GROUND, np.uint8)
    _write(sheet, (EDGE, EDGE + 16), title, 15, INK)
    for column, words in enumerate(columns):
        _write(sheet, (left + column * (width + GAP), top - 8), words, 11, FAINT)
    for row, words in enumerate(rows):
        y = top + row * (height + GAP)
        _write(sheet, (EDGE, y + 14), words, 11, FAINT)
        for column, picture in enumerate(cells[row]):
            x = left + column * (width + GAP)
            small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
            alpha = small[..., 3:] / 255
            seen = small[..., :3] * alpha + np.array(GROUND, np.float32) * (1 - alpha)
            sheet[y : y + height, x : x + width] = (seen + 0.5).astype(np.uint8)
    return sheet


def _write(sheet: Pixels, at: tuple[int, int], words: str, size: int, ink: tuple[int, int, int]) -> None:
    import cv2

    cv2.putText(sheet, words, at, ink, cv2.FontFace(FONT), size, 400, cv2.PUT_TEXT_ALIGN_LEFT)
