"""Scaling against the filter's own formula, and where a picture ends up on the canvas."""

from __future__ import annotations

import numpy as np
import pytest

from installation.stage.buffer import Buffer
from installation.stage.headless import Headless
from installation.stage.resample import Resampler, window


def mitchell(x: np.ndarray) -> np.ndarray:
    """Mitchell and Netravali's cubic, equation 8 with B = C = 1/3."""
    b = c = 1 / 3
    x = np.abs(x)
    near = (12 - 9 * b - 6 * c) * x**3 + (-18 + 12 * b + 6 * c) * x**2 + (6 - 2 * b)
    far = (-b - 6 * c) * x**3 + (6 * b + 30 * c) * x**2 + (-12 * b - 48 * c) * x + (8 * b + 24 * c)
    return np.where(x < 1, near, np.where(x < 2, far, 0)) / 6


def reference(row: np.ndarray, width: int) -> np.ndarray:
    scale = len(row) / width
    at = (np.arange(width) + 0.5) * scale
    wide = max(1.0, scale)
    reach = np.arange(-20, len(row) + 20)
    weights = mitchell((reach[None] + 0.5 - at[:, None]) / wide)
    weights /= weights.sum(1, keepdims=True)
    return np.clip(weights @ row[np.clip(reach, 0, len(row) - 1)], 0, 1)


def scaled(surface: Headless, pixels: np.ndarray, size: tuple[int, int], fit: str = "cover") -> np.ndarray:
    """Through the resampler and back to top row first, in 0..1."""
    ctx = surface.ctx
    picture = ctx.texture((pixels.shape[1], pixels.shape[0]), 4, np.ascontiguousarray(pixels).tobytes())
    canvas, resampler = Buffer(ctx, size, "f4"), Resampler(ctx, size, fit, "f4")
    resampler.draw(picture, canvas.target)
    shown = np.frombuffer(canvas.texture.read(), np.float32).reshape(size[1], size[0], 4)[::-1]
    for one in (picture, canvas, resampler):
        one.release()
    return shown


def noise(width: int, height: int) -> np.ndarray:
    pixels = np.random.default_rng(5).integers(0, 256, (height, width, 4), np.uint8)
    pixels[..., 3] = 255
    return pixels


@pytest.mark.parametrize("width", [12, 40, 64, 7, 5])
def test_it_is_the_filter_it_says(width: int, surface: Headless) -> None:
    row = noise(12, 1)
    shown = scaled(surface, np.repeat(row, 12, axis=0), (width, width))
    assert np.abs(shown[width // 2, :, 0] - reference(row[0, :, 0] / 255, width)).max() < 2e-3
    column = np.repeat(row.swapaxes(0, 1), 12, axis=1)
    shown = scaled(surface, column, (width, width))
    assert np.abs(shown[:, width // 2, 1] - reference(row[0, :, 1] / 255, width)).max() < 2e-3


def test_top_left_stays_top_left(surface: Headless) -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[0, 0] = (255, 0, 0, 255)
    shown = scaled(surface, pixels, (64, 64))[..., 0]
    assert np.unravel_index(shown.argmax(), shown.shape) <= (4, 4)
    assert shown[32:].max() == 0
    assert shown[:, 32:].max() == 0


def test_a_plain_picture_stays_plain(surface: Headless) -> None:
    assert np.abs(scaled(surface, np.full((7, 5, 4), 99, np.uint8), (64, 36)) - 99 / 255).max() < 1e-4


def test_a_fine_pattern_made_small_is_grey(surface: Headless) -> None:
    stripes = np.zeros((64, 64, 4), np.uint8)
    stripes[:, ::2] = 255
    assert np.abs(scaled(surface, stripes, (16, 16))[2:-2, 2:-2, 0] - 0.5).max() < 0.02


def test_what_of_a_picture_is_seen() -> None:
    assert window((128, 128), (1280, 720), "cover") == ((0, 28), (128, 72))
    corner, shown = window((128, 128), (1280, 720), "contain")
    assert (*corner, *shown) == pytest.approx((-448 / 9, 0, 2048 / 9, 128))
    assert (
        window((640, 360), (1280, 720), "cover") == window((640, 360), (1280, 720), "contain") == ((0, 0), (640, 360))
    )
    assert window((200, 100), (100, 100), "cover") == ((50, 0), (100, 100))


def test_cover_crops_and_contain_leaves_nothing_around(surface: Headless) -> None:
    pixels = np.full((16, 16, 4), 255, np.uint8)
    pixels[:3] = (255, 0, 0, 255)
    cover = scaled(surface, pixels, (64, 32))
    assert (cover[..., 3] == 1).all()
    assert cover[2:, :, 1].min() > 0.99
    contain = scaled(surface, pixels, (64, 32), "contain")
    assert (contain[:, :16] == 0).all()
    assert (contain[:, 48:] == 0).all()
    assert (contain[:, 16:48, 3] == 1).all()
    assert contain[0, 20, 1] == 0
