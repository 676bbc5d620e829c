"""From pictures at their own pace to frames at the screen's."""

from __future__ import annotations

import numpy as np
import pytest

from installation.stage.bridge import Bridge, Tempo
from installation.stage.headless import Headless
from installation.types import Image, Tick

SCREEN = 1 / 60


def walk(arrivals: list[int], frames: int) -> list[float]:
    """Progress at every frame, with pictures arriving at some of them."""
    tempo = Tempo()
    seen = []
    for frame in range(frames):
        if frame in arrivals:
            tempo.arrived(frame * SCREEN)
        seen.append(tempo.progress(frame * SCREEN, SCREEN))
    return seen


def test_twenty_pictures_a_second_are_walked_in_thirds() -> None:
    assert walk([0, 3, 6, 9], 12)[3:] == pytest.approx([1 / 3, 2 / 3, 1] * 3)


def test_a_picture_every_frame_is_shown_at_once() -> None:
    assert walk(list(range(10)), 10) == pytest.approx([1.0] * 10)


def test_a_faster_generator_than_the_screen_too() -> None:
    tempo = Tempo()
    for now in (0.0, 0.001, 0.002, SCREEN, SCREEN + 0.001):
        tempo.arrived(now)
    assert tempo.progress(SCREEN + 0.001, SCREEN) == 1.0


def test_the_last_picture_stays_when_no_more_come() -> None:
    assert walk([0, 3, 6], 100)[8:] == pytest.approx([1.0] * 92)


def test_one_hiccup_does_not_change_the_pace() -> None:
    seen = walk([0, 3, 6, 9, 20, 23], 26)
    assert seen[20:26] == pytest.approx([1 / 3, 2 / 3, 1] * 2)


def test_a_pause_is_not_a_pace() -> None:
    seen = walk([0, 3, 6, 200, 203], 206)
    assert seen[200:206] == pytest.approx([1 / 3, 2 / 3, 1] * 2)


def test_an_uneven_pace_never_runs_backwards_within_a_picture() -> None:
    arrivals = [0, 2, 5, 8, 10, 13]
    seen = walk(arrivals, 16)
    for first, second in zip(arrivals, [*arrivals[1:], 16], strict=True):
        assert (np.diff(seen[first:second]) >= 0).all()
    assert max(seen) <= 1.0


def test_the_first_picture_is_there_at_once() -> None:
    assert walk([0], 3) == [1.0] * 3


def level(texture: object) -> float:
    return float(np.frombuffer(texture.read(), np.float16).reshape(-1, 4)[:, 0].mean() * 255)  # type: ignore[attr-defined]


def picture(value: int, seq: int, size: tuple[int, int] = (8, 8)) -> Image:
    pixels = np.full((size[1], size[0], 4), value, np.uint8)
    pixels[..., 3] = 255
    return Image(pixels, 0.0, seq)


def test_it_holds_the_newest_two_pictures(surface: Headless) -> None:
    bridge = Bridge(surface.ctx, (16, 8), "cover", "f2")
    bridge.see(picture(10, 1), 0.0)
    assert (level(bridge.start), level(bridge.end)) == pytest.approx((10, 10), abs=0.1)
    bridge.see(picture(60, 2), 0.1)
    bridge.see(picture(60, 2), 0.1)
    assert (level(bridge.start), level(bridge.end)) == pytest.approx((10, 60), abs=0.1)
    bridge.see(picture(200, 3, (5, 9)), 0.2)  # a generator may change its size
    assert (level(bridge.start), level(bridge.end)) == pytest.approx((60, 200), abs=0.2)
    assert bridge.progress(Tick(1, 0.2, 0.02)) == pytest.approx(0.2)
    bridge.release()


def test_a_picture_seen_before_is_not_uploaded_again(surface: Headless) -> None:
    bridge = Bridge(surface.ctx, (16, 8), "cover", "f2")
    shown = picture(10, 7)
    bridge.see(shown, 0.0)
    shown.pixels[:] = 99
    bridge.see(shown, 0.1)
    assert level(bridge.end) == pytest.approx(10, abs=0.1)
    bridge.release()
