from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from installation.errors import SourceError
from installation.sources.still import Still
from tests.sources.conftest import Hand, made


def picture(path: Path, width: int = 300, height: int = 200) -> Path:
    """Red grows to the right, green downwards: a colour tells its place. Blue marks the picture's own edge."""
    y, x = np.mgrid[0:height, 0:width]
    blue = np.zeros((height, width))
    blue[[0, -1]] = blue[:, [0, -1]] = 255
    cv2.imwrite(str(path), np.dstack((blue, 255 * y / height, 255 * x / width)).astype(np.uint8))
    return path


def frames(source: Still, clock: Hand, times: list[float]) -> list[Any]:
    found = []
    for clock.t in times:
        batch = source.poll()
        assert batch is not None
        found.append(batch.values["frame"])
    return found


def still(path: Path, clock: Hand, **options: Any) -> Still:
    source: Still = made(Still, clock, picture=str(path), **options)
    source.open()
    return source


def test_it_sends_pictures_of_the_size_asked(tmp_path: Path, clock: Hand) -> None:
    for size in ("160x120", "90x160"):
        (frame,) = frames(still(picture(tmp_path / "p.png"), clock, size=size), clock, [0.0])
        assert "x".join(map(str, frame.shape[1::-1])) == size
        assert frame.dtype == np.uint8
        assert frame.flags.c_contiguous


def test_it_is_rgb_and_the_right_way_up(tmp_path: Path, clock: Hand) -> None:
    (frame,) = frames(still(picture(tmp_path / "p.png"), clock, drift=0.0, rotation=0.0), clock, [0.0])
    assert int(frame[240, 600, 0]) > int(frame[240, 40, 0]) + 100  # redder to the right
    assert int(frame[450, 320, 1]) > int(frame[30, 320, 1]) + 100  # greener below


def test_it_moves_evenly_and_never_stands(tmp_path: Path, clock: Hand) -> None:
    source = still(picture(tmp_path / "p.png"), clock, size="160x120", period=8.0)
    seen = frames(source, clock, [n / 30 for n in range(240)])
    steps = [np.abs(a.astype(int) - b).mean() for a, b in itertools.pairwise(seen)]
    assert min(steps) > 0
    assert max(steps) < 3  # of 255: no jump anywhere


def test_the_pictures_edge_never_shows(tmp_path: Path, clock: Hand) -> None:
    path = picture(tmp_path / "p.png", 1200, 800)
    source = still(path, clock, size="120x90", drift=0.2, rotation=40.0, zoom=0.0, period=5.0)
    for frame in frames(source, clock, [n / 30 for n in range(0, 1500, 7)]):
        assert frame[..., 2].max() < 128


def test_a_picture_comes_once_a_slot_with_its_own_time(tmp_path: Path, clock: Hand) -> None:
    source = still(picture(tmp_path / "p.png"), clock, size="32x24", fps=10.0)
    stamps = []
    for n in range(61):
        clock.t = n / 60
        if batch := source.poll():
            stamps.append(batch.at)
    assert stamps == pytest.approx([n / 10 for n in range(11)])


def test_the_same_time_gives_the_same_bits(tmp_path: Path, clock: Hand) -> None:
    path = picture(tmp_path / "p.png")
    first = frames(still(path, clock, size="64x48"), clock, [0.0, 3.3, 7.7])
    again = frames(still(path, clock, size="64x48"), clock, [7.7, 3.3, 0.0])[::-1]
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_a_picture_sent_is_never_written_again(tmp_path: Path, clock: Hand) -> None:
    source = still(picture(tmp_path / "p.png"), clock, size="64x48")
    (first,) = frames(source, clock, [0.0])
    kept = first.copy()
    frames(source, clock, [1.0, 2.0])
    assert np.array_equal(first, kept)


def test_a_picture_is_found_in_the_home_folder(tmp_path: Path, clock: Hand) -> None:
    (tmp_path / "takes").mkdir()  # what makes it a home
    picture(tmp_path / "mine.png")
    source: Still = made(Still, clock, home=tmp_path, picture="mine.png")
    source.open()
    assert len(frames(source, clock, [0.0])) == 1


@pytest.mark.parametrize("content", [None, b"", b"not a picture"])
def test_a_file_that_is_no_picture_says_so(tmp_path: Path, clock: Hand, content: bytes | None) -> None:
    path = tmp_path / "p.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=r"p\.png is not a picture"):
        still(path, clock)
