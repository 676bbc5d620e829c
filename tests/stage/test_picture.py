"""What is read back is what was drawn: the right way up, in the colours that the standards name."""

from __future__ import annotations

import numpy as np
import pytest

from installation.stage.buffer import Buffer
from installation.stage.headless import Headless
from installation.stage.picture import Picture

KR, KB = 0.2126, 0.0722  # ITU-R BT.709


def finished(surface: Headless, canvas: np.ndarray) -> Picture:
    """The picture of a canvas (h, w, 4), top row first, in 0..1."""
    height, width, _ = canvas.shape
    buffer = Buffer(surface.ctx, (width, height), "f4")
    buffer.texture.write(np.ascontiguousarray(canvas[::-1], np.float32).tobytes())
    picture = Picture(surface.ctx, (width, height))
    picture.finish(buffer.texture)
    buffer.release()
    return picture


def smooth(width: int, height: int) -> np.ndarray:
    """Slow colours, with a mark in the top left corner."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = [0.5 + 0.45 * np.sin(x / 9), 0.5 + 0.45 * np.cos(y / 7 + 1), 0.5 + 0.45 * np.sin((x + y) / 11)]
    canvas = np.dstack([*rgb, np.ones((height, width))])
    canvas[:4, :6, :3] = (1, 0.25, 0)
    return canvas


def yuv(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """BT.709 limited range; chroma on the left column of each pair, between its rows."""
    rgb = rgb.astype(float) / 255
    luma = KR * rgb[..., 0] + (1 - KR - KB) * rgb[..., 1] + KB * rgb[..., 2]
    padded = np.pad(rgb, ((0, rgb.shape[0] % 2), (1, 1 + rgb.shape[1] % 2), (0, 0)), mode="edge")
    rows = (padded[::2] + padded[1::2]) / 2
    mean = (rows[:, 0:-2:2] + 2 * rows[:, 1:-1:2] + rows[:, 2::2]) / 4
    mean_luma = KR * mean[..., 0] + (1 - KR - KB) * mean[..., 1] + KB * mean[..., 2]
    u = (mean[..., 2] - mean_luma) / (2 * (1 - KB))
    v = (mean[..., 0] - mean_luma) / (2 * (1 - KR))
    return 16 + 219 * luma, 128 + 224 * u, 128 + 224 * v


def test_it_reads_top_row_first(surface: Headless) -> None:
    canvas = smooth(38, 22)
    picture = finished(surface, canvas)
    pixels = picture.read()
    assert pixels.shape == (22, 38, 4)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    assert np.abs(pixels[..., :3] - canvas[..., :3] * 255).max() <= 1
    assert (pixels[..., 3] == 255).all()
    assert tuple(pixels[0, 0]) == (255, 64, 0, 255)
    picture.release()


def test_levels_come_back_exactly(surface: Headless) -> None:
    canvas = np.ones((16, 16, 4))
    canvas[..., 0] = np.arange(256).reshape(16, 16) / 255
    picture = finished(surface, canvas)
    assert (picture.read()[..., 0].ravel() == np.arange(256)).all()
    picture.release()


def test_between_two_levels_it_dithers(surface: Headless) -> None:
    canvas = np.full((64, 64, 4), 100.3 / 255)
    canvas[..., 3] = 1
    picture = finished(surface, canvas)
    level = picture.read()[..., 0]
    assert set(np.unique(level)) == {100, 101}
    assert level.mean() == pytest.approx(100.3, abs=0.05)
    picture.release()


def test_what_is_transparent_is_black(surface: Headless) -> None:
    canvas = np.ones((8, 8, 4))
    canvas[:4, :, 3] = 0
    canvas[4:, :, 3] = 0.5
    pixels = (picture := finished(surface, canvas)).read()
    assert (pixels[:4, :, :3] == 0).all()
    assert (np.abs(pixels[4:, :, :3].astype(int) - 128) <= 1).all()
    assert (pixels[..., 3] == 255).all()
    picture.release()


@pytest.mark.parametrize("size", [(64, 36), (30, 18), (33, 17)])
def test_planes_are_bt709_limited(size: tuple[int, int], surface: Headless) -> None:
    picture = finished(surface, smooth(*size))
    planes = picture.read_yuv420()
    half = ((size[1] + 1) // 2, (size[0] + 1) // 2)
    assert [plane.shape for plane in planes] == [(size[1], size[0]), half, half]
    for plane, expected in zip(planes, yuv(picture.read()[..., :3]), strict=True):
        assert np.abs(plane - expected).max() <= 1.5
    picture.release()


@pytest.mark.parametrize(
    ("rgb", "expected"),
    [
        ((0, 0, 0), (16, 128, 128)),
        ((1, 1, 1), (235, 128, 128)),
        ((1, 0, 0), (63, 102, 240)),
        ((0, 1, 0), (173, 42, 26)),
        ((0, 0, 1), (32, 240, 118)),
    ],
)
def test_the_colours_every_table_lists(rgb: tuple[float, ...], expected: tuple[int, ...], surface: Headless) -> None:
    picture = finished(surface, np.tile(np.array([*rgb, 1.0]), (8, 8, 1)))
    for plane, level in zip(picture.read_yuv420(), expected, strict=True):
        assert np.abs(plane.astype(int) - level).max() <= 1
    picture.release()


@pytest.mark.parametrize(
    ("screen", "shown"),
    [
        ((64, 36), (0, 0, 64, 36)),
        ((64, 72), (0, 18, 64, 36)),
        ((128, 36), (32, 0, 64, 36)),
        ((128, 100), (0, 14, 128, 72)),
    ],
)
def test_a_screen_shows_it_whole_with_black_around(
    screen: tuple[int, int], shown: tuple[int, int, int, int], surface: Headless
) -> None:
    picture = finished(surface, smooth(64, 36))
    texture = surface.ctx.texture(screen, 4, b"\x80" * (4 * screen[0] * screen[1]))
    target = surface.ctx.framebuffer([texture])
    picture.show(target, screen)
    seen = np.frombuffer(texture.read(), np.uint8).reshape(screen[1], screen[0], 4)[::-1, :, :3]
    left, top, width, height = shown
    assert (seen[:top] == 0).all()
    assert (seen[top + height :] == 0).all()
    assert (seen[:, :left] == 0).all()
    assert (seen[:, left + width :] == 0).all()
    inside = seen[top : top + height, left : left + width]
    zoom = width // 64
    if zoom == 1:
        assert (inside == picture.read()[..., :3]).all()
    assert np.abs(inside[0, 0].astype(int) - (255, 64, 0)).max() <= 1
    for one in (picture, target, texture):
        one.release()
