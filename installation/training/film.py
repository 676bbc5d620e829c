"""Pictures and films of a training, as files: JPEG, and H.264 in an mp4 that a browser plays."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from installation.errors import InstallationError
from installation.training.trainer import Picture

FPS = 30
QUALITY = 92
CRF = "18"


def picture(path: Path, pixels: Picture) -> None:
    """Raises InstallationError when it cannot be written."""
    if not cv2.imwrite(str(path), np.ascontiguousarray(pixels[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, QUALITY]):
        raise InstallationError(f"{path} cannot be written", "is the disk full?")


def write(path: Path, frames: Iterable[Picture]) -> None:
    """A browser that has the old one open keeps it until the new one is whole."""
    import av

    beside = path.with_name(f".{path.stem}.new.mp4")
    with av.open(str(beside), "w", options={"movflags": "faststart"}) as container:
        stream = None
        for pixels in frames:
            if stream is None:
                stream = container.add_stream("libx264", FPS, options={"crf": CRF, "preset": "veryfast"})
                stream.height, stream.width = pixels.shape[:2]
                stream.pix_fmt = "yuv420p"
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")))
        if stream is not None:
            container.mux(stream.encode())
    os.replace(beside, path)
