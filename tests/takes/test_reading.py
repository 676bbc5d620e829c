import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation import takes
from installation.errors import TakeError
from installation.types import Channel

HEADER = takes.Header(
    60.0,
    1.5,
    {
        "hands.left.pinch": Channel("left.pinch", help="how closed"),
        "hands.left.hand": Channel("left.hand", "vector", -1.0, 1.0, 3),
        "osc./*": Channel("/*", stale_after=math.inf),
        "webcam.frame": Channel("frame", "image"),
    },
    "a title",
    "CC0-1.0",
    "a note",
)
LINE = takes.Line(
    0.25, 0.2375, {"hands.left.pinch": 1 / 3, "osc./xy": np.array([0.1, 1e-30], np.float32)}, {"webcam.frame": 37}
)


def written(folder: Path, *lines: str | takes.Line, header: takes.Header = HEADER) -> Path:
    (folder / takes.HEADER).write_text(takes.write_header(header))
    texts = [line if isinstance(line, str) else takes.write_line(line) for line in lines]
    (folder / takes.SIGNALS).write_text("".join(texts))
    return folder


def test_a_header_comes_back_as_it_was(tmp_path: Path) -> None:
    assert takes.read_header(written(tmp_path)) == HEADER
    assert takes.write_header(takes.read_header(tmp_path)) == takes.write_header(HEADER)


def test_a_line_comes_back_with_seven_digits_and_exact_vectors(tmp_path: Path) -> None:
    line = takes.read(written(tmp_path, LINE)).lines[0]
    assert (line.t, line.at, dict(line.frames)) == (0.25, 0.2375, {"webcam.frame": 37})
    assert line.values["hands.left.pinch"] == 0.3333333
    vector = line.values["osc./xy"]
    assert vector.dtype == np.float32
    assert vector.tobytes() == LINE.values["osc./xy"].tobytes()
    assert takes.write_line(line) == takes.write_line(LINE)


def test_every_float32_survives(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    wild = rng.integers(0, 2**32, 4000, dtype=np.uint32).view(np.float32)
    wild = wild[np.isfinite(wild)]
    line = takes.read(written(tmp_path, takes.Line(0, 0, {"osc./wild": wild}, {}))).lines[0]
    assert line.values["osc./wild"].tobytes() == wild.tobytes()


def test_a_half_written_last_line_is_left_out_and_counted(tmp_path: Path) -> None:
    whole = takes.write_line(LINE)
    for length in range(1, len(whole) - 1):
        take = takes.read(written(tmp_path, LINE, whole[:length]))
        assert (len(take.lines), take.cut) == (1, 1)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "Expecting value"),
        ("[1, 2]", "not a JSON object"),
        ('{"t": NaN, "at": 0}', "finite"),
        ('{"t": 1e999, "at": 0}', "finite"),
        ('{"t": true, "at": 0}', "not a number"),
        ('{"t": 1}', "'at'"),
        ('{"t": 0.1, "at": 0.1}', "backwards"),
        ('{"t": 1, "at": 1, "v": {"nobody.home": 1}}', "not a channel"),
        ('{"t": 1, "at": 1, "v": {"webcam.frame": 1}}', "not a channel"),
        ('{"t": 1, "at": 1, "v": {"hands.left.hand": [1, 2]}}', "2 components, not 3"),
        ('{"t": 1, "at": 1, "v": {"hands.left.hand": [1, 2, 1e300]}}', "out of range"),
        ('{"t": 1, "at": 1, "v": {"hands.left.pinch": "x"}}', "not a number"),
        ('{"t": 1, "at": 1, "f": {"webcam.frame": -1}}', "number of a picture"),
        ('{"t": 1, "at": 1, "f": {"webcam.frame": "../../x"}}', "number of a picture"),
        ('{"t": 1, "at": 1, "f": {"hands.left.pinch": 1}}', "no image channel"),
        ('{"t": 1, "at": 1, "v": ' + "[" * 5000 + "]" * 5000 + "}", ""),
        ('{"t": ' + "9" * 5000 + ', "at": 0}', ""),
    ],
)
def test_a_damaged_line_is_told_with_its_place(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(TakeError, match=r"signals\.jsonl:2: .*") as error:
        takes.read(written(tmp_path, LINE, line + "\n"))
    assert told in error.value.message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": 2}, "cannot be read"),
        ({"fps": 0}, "outside"),
        ({"fps": "60"}, "not a number"),
        ({"channels": []}, "must be a table"),
        ({"channels": {"../../etc.x": {"kind": "image"}}}, "not a channel"),
        ({"channels": {"a.b/../c": {"kind": "image"}}}, "not an image's address"),
        ({"channels": {"a.b": {"kind": "python"}}}, "not a channel"),
        ({"channels": {"a.b": {"kind": "vector", "size": 10**9}}}, "size"),
        ({"channels": {"a.b": {"kind": "number", "low": None}}}, "not a number"),
    ],
)
def test_a_damaged_header_is_told(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    body = json.loads(takes.write_header(HEADER)) | change
    (tmp_path / takes.HEADER).write_text(json.dumps(body))
    with pytest.raises(TakeError, match=r"take\.json") as error:
        takes.read_header(tmp_path)
    assert told in error.value.message


def test_no_take_and_no_signals_are_told(tmp_path: Path) -> None:
    with pytest.raises(TakeError, match=r"take\.json"):
        takes.read_header(tmp_path)
    (tmp_path / takes.HEADER).write_text(takes.write_header(HEADER))
    with pytest.raises(TakeError, match=r"signals\.jsonl"):
        takes.read(tmp_path)


def test_a_missing_picture_is_told(tmp_path: Path) -> None:
    with pytest.raises(TakeError, match=r"000037\.jpg"):
        takes.read(written(tmp_path, LINE)).frame("webcam.frame", 37)


def test_its_length_covers_its_last_line(tmp_path: Path) -> None:
    late = takes.Line(9.0, 9.0, {}, {})
    assert takes.read(written(tmp_path, LINE)).seconds == 1.5
    assert takes.read(written(tmp_path, LINE, late)).seconds == pytest.approx(9 + 1 / 60)


def test_tapes_for_every_source(tmp_path: Path) -> None:
    tapes = takes.tape_sources(takes.read(written(tmp_path, LINE)))
    assert sorted(tapes) == ["hands", "osc", "webcam"]
    assert tapes["osc"] == {"take": str(tmp_path), "source": "osc", "loop": False}
