"""Contact sheets: which frames are on them, where, and how little of the show they had to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from installation.errors import OutputError
from installation.outputs.base import Place
from installation.outputs.sheet import SPARE, Sheet
from installation.types import Tick

SIZE = (64, 36)


class Grey:
    """A stage whose frame number n is plain grey, n levels bright (over 255: from 0 again). Counts what is read."""

    def __init__(self) -> None:
        self.frame = self.reads = 0

    def read(self) -> Any:
        self.reads += 1
        return np.full((SIZE[1], SIZE[0], 4), self.frame % 256, np.uint8)


def show(path: Path, frames: int, fps: float = 60.0, live: bool = True, columns: int = 4, rows: int = 4) -> Any:
    """A sheet that has seen so many frames, and the stage it saw; not closed yet."""
    sheet = Sheet({"to": str(path), "columns": columns, "rows": rows}, Place(SIZE, fps, live, title="Xoromancy"))
    stage: Any = Grey()
    for stage.frame in range(frames):
        sheet.see(Tick(stage.frame, 500 + stage.frame / fps, 1 / fps), {}, {}, stage)  # type: ignore[arg-type]
    return sheet, stage


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("frames", [1, 5, 16, 17, 100, 1000, 5000])
def test_it_shows_evenly_spaced_frames_over_any_length(frames: int, live: bool, tmp_path: Path) -> None:
    sheet, _ = show(tmp_path / "a.png", frames, live=live)
    times = [at * 60 for at, _ in sheet.chosen()]
    assert times[0] == 0
    assert len(times) == 16 or frames < 16 * 8
    assert frames - 1 - times[-1] <= max(frames / 16, 7.01)  # the end of the show is there
    if len(sheet.kept) > 1:
        kept = (sheet.kept[1][0] - sheet.kept[0][0]) * 60
        assert np.ptp(np.diff(times)) <= kept + 1e-6
    for at, pixels in sheet.chosen():
        assert (pixels == round(at * 60) % 256).all()


def test_memory_is_bounded_and_little_is_read_back(tmp_path: Path) -> None:
    sheet, stage = show(tmp_path / "a.png", 20_000)
    assert len(sheet.kept) <= SPARE * 16
    assert stage.reads < 600  # of 20,000: half as often with every doubling
    live, watched = show(tmp_path / "b.png", 60)
    assert watched.reads <= 9
    assert len(live.kept) == watched.reads


def test_the_picture_has_the_frames_in_rows_with_their_times(tmp_path: Path) -> None:
    path = tmp_path / "made" / "a.png"
    sheet, _ = show(path, 240, live=False, columns=3, rows=2)
    sheet.close()
    made = cv2.imread(str(path))
    levels = [round(at * 60) for at, _ in sheet.chosen()]
    assert len(levels) == 6
    # In each cell, the plain grey of its own frame, in reading order.
    found = []
    for level in levels:
        exact = (made == level).all(axis=2).astype(np.uint8)
        whole = cv2.erode(exact, np.ones((30, 50)), borderValue=0)  # a frame, and nothing smaller, survives this
        ys, xs = np.nonzero(whole)
        assert len(ys), level
        found.append((ys.mean(), xs.mean()))
    rows = [found[:3], found[3:]]
    for row in rows:
        assert np.ptp([y for y, _ in row]) < 1
        assert [x for _, x in row] == sorted(x for _, x in row)
    assert rows[0][0][0] < rows[1][0][0]
    assert np.ptp([x for _, x in (rows[0][0], rows[1][0])]) < 1
    ground = made[2, 2].astype(int)
    assert ground.max() < 20  # dark
    captions = made[int(rows[0][0][0]) + 18 : int(rows[1][0][0]) - 18]
    assert captions.max() > 80  # times are written between the rows


def test_a_long_sheet_is_no_wider_than_a_screen(tmp_path: Path) -> None:
    for columns in (1, 2, 5, 16):
        size = (3840, 2160)
        sheet = Sheet({"to": str(tmp_path / "a.png"), "columns": columns, "rows": 1}, Place(size, 60.0, False))
        stage: Any = Grey()
        stage.read = lambda: np.zeros((2160, 3840, 4), np.uint8)
        sheet.see(Tick(0, 0.0, 0.0), {}, {}, stage)  # type: ignore[arg-type]
        sheet.close()
        made = cv2.imread(str(tmp_path / "a.png"))
        assert made.shape[1] <= 1920


def test_no_frame_no_picture(tmp_path: Path) -> None:
    sheet, _ = show(tmp_path / "a.png", 0)
    sheet.close()
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write a sheet to"):
        show(tmp_path / "file" / "a.png", 0)
    with pytest.raises(OutputError, match="it is a folder"):
        show(tmp_path, 0)


def test_a_disk_that_goes_away_is_a_state(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "a.png"
    sheet, _ = show(path, 3)
    path.parent.rmdir()
    sheet.close()
    assert sheet.health.state == "failed"
    assert "No such file" in sheet.health.detail
