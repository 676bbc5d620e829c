"""feedback.fs in numbers: how fast the past fades, where it goes, and that nothing poisons it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from installation.library import Library
from installation.stage import isf
from installation.stage.buffer import Buffer
from installation.stage.headless import Headless
from installation.stage.shader_pass import Moment, ShaderPass
from tests.shaders.pictures import light

SIZE = (64, 64)
STILL = {"zoom": 1.0, "rotate": 0.0, "shift": (0.0, 0.0)}


class Feed:
    """The pass alone, fed with pictures (bottom row first, as GL counts); ``past`` is its light."""

    def __init__(self) -> None:
        self.surface = Headless(SIZE)
        ctx, library = self.surface.ctx, Library()
        find = partial(library.find, "shaders", noun="shader file")
        self.step = ShaderPass(ctx, isf.read(library.shader("feedback")), find, "f", SIZE)
        self.canvas, self.picture = Buffer(ctx, SIZE, "f2"), ctx.texture(SIZE, 4)
        self.frame = 0

    def feed(self, level: int | np.ndarray, frames: int = 1, dt: float = 1 / 60, **values: Any) -> np.ndarray:
        rgba = np.full((*SIZE, 4), 255, np.uint8)
        rgba[..., :3] = np.asarray(level, np.uint8)[..., None]
        self.picture.write(rgba)
        params = {f"f.{name}": value for name, value in {"amount": 0.9, **STILL, **values}.items()}
        for _ in range(frames):
            self.frame += 1
            moment = Moment(self.frame * dt, dt, self.frame)
            self.step.render({"inputImage": self.picture}, self.canvas.target, params, moment)
        assert self.surface.ctx.error == "GL_NO_ERROR"
        return self.past[..., 1]

    @property
    def past(self) -> np.ndarray:
        return np.frombuffer(self.step.buffers["past"].texture.read(), np.float32).reshape(*SIZE, 4)

    def poison(self, value: float, x: int, y: int) -> None:
        """The pixel of the past that the next frame reads."""
        pixel = np.full(4, value, np.float32)
        self.step.buffers["past"].texture.write(pixel.tobytes(), viewport=(x, y, 1, 1))


@pytest.fixture
def feed() -> Iterator[Feed]:
    made = Feed()
    yield made
    made.surface.close()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30])
def test_one_poisoned_pixel_is_gone_in_one_frame(value: float, feed: Feed) -> None:
    feed.feed(120, frames=3)
    feed.poison(value, 20, 30)
    assert not np.isclose(feed.past[30, 20, 1], light(120), atol=0.01)
    after = feed.feed(120, amount=0.98, zoom=1.1, rotate=20.0)
    assert np.isfinite(feed.past).all()
    if value != 1e30 and value != np.inf:
        assert np.abs(after - light(120)).max() < 0.01
    assert feed.past.max() <= 1.0


def test_poison_everywhere_heals_too(feed: Feed) -> None:
    feed.feed(120)
    feed.step.buffers["past"].texture.write(np.full((*SIZE, 4), np.nan, np.float32).tobytes())
    assert np.abs(feed.feed(120) - light(120)).max() < 0.001


def test_it_starts_with_the_picture_not_with_black(feed: Feed) -> None:
    assert np.abs(feed.feed(200, amount=0.98) - light(200)).max() < 0.001


def test_light_fades_by_the_amount_every_sixtieth(feed: Feed) -> None:
    feed.feed(255)
    assert feed.feed(0, frames=6, amount=0.9).mean() == pytest.approx(0.9**6, rel=0.01)


def test_a_slow_machine_fades_as_fast(feed: Feed) -> None:
    feed.feed(255)
    assert feed.feed(0, frames=2, dt=1 / 20, amount=0.9).mean() == pytest.approx(0.9**6, rel=0.01)


def test_no_amount_no_past(feed: Feed) -> None:
    feed.feed(255, frames=3)
    assert feed.feed(0, amount=0.0).max() < 0.001


def test_never_brighter_than_it_was_fed(feed: Feed) -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        shown = feed.feed(rng.integers(0, 181, SIZE), amount=0.98, zoom=2.0, rotate=90.0, shift=(0.5, 0.2))
    assert shown.max() <= light(180) + 1e-4


def dot(x: int, y: int) -> np.ndarray:
    picture = np.zeros(SIZE)
    picture[y - 2 : y + 2, x - 2 : x + 2] = 255
    return picture


def middle(shown: np.ndarray) -> tuple[float, float]:
    y, x = np.indices(SIZE)
    return float((shown * x).sum() / shown.sum()) + 0.5, float((shown * y).sum() / shown.sum()) + 0.5


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"shift": (0.5, 0.25)}, (48 + 16, 32 + 8)),  # half a second: a quarter of the canvas right, an eighth up
        ({"rotate": 180.0}, (32, 48)),  # half a second: a quarter turn, anticlockwise
        ({"zoom": 0.25}, (40, 32)),  # half a second: half as far from the middle
    ],
)
def test_the_past_moves_at_the_rate_that_was_asked(values: Any, expected: tuple[float, float], feed: Feed) -> None:
    if "shift" in values:
        feed.feed(dot(32, 32))
        expected = (expected[0] - 16, expected[1])
    else:
        feed.feed(dot(48, 32))
    shown = feed.feed(0, frames=30, amount=0.98, **values)
    assert middle(shown) == pytest.approx(expected, abs=0.7)
