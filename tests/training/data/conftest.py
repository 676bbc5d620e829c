"""Pictures made on the spot."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.checkpoints.conftest import cache, registry  # noqa: F401  # fixtures

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path) -> Write:
    """``write(name, pixels)``: a file in a folder ``pictures``; without pixels some of its own, others every time."""
    dice = np.random.default_rng(0)

    def put(name: str, pixels: np.ndarray | None = None, size: tuple[int, int] = (64, 64)) -> Path:
        path = tmp_path / "pictures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if pixels is None:
            blobs = dice.integers(0, 255, (6, 6, 3), np.uint8)
            pixels = cv2.resize(blobs, size[::-1], interpolation=cv2.INTER_CUBIC)
        assert cv2.imwrite(str(path), pixels)
        return path

    return put
