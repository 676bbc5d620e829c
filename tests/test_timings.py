from __future__ import annotations

import json

import pytest

from installation.timings import KEPT, Series, Timings


def test_percentiles_are_nearest_rank() -> None:
    series = Series()
    for value in range(101):
        series.add(float(100 - value))
    assert series.summary() == {"mean": 50.0, "p50": 50.0, "p95": 95.0, "p99": 99.0, "max": 100.0}


def test_nothing_measured_is_none_not_zero() -> None:
    assert Series().summary() is None
    report = Timings().report()
    assert report["fps"] is None
    assert report["input_to_frame_ms"] is None


def test_one_value_is_every_percentile() -> None:
    series = Series()
    series.add(3.0)
    assert set((series.summary() or {}).values()) == {3.0}


def test_a_series_is_bounded_and_its_mean_is_of_everything() -> None:
    series = Series()
    for _ in range(KEPT):
        series.add(1.0)
    for _ in range(KEPT):
        series.add(3.0)
    assert len(series._ring) == KEPT
    assert series.count == 2 * KEPT
    assert series.summary() == {"mean": 2.0, "p50": 3.0, "p95": 3.0, "p99": 3.0, "max": 3.0}


def test_sections_are_measured_also_when_they_raise() -> None:
    timings = Timings()
    with pytest.raises(ValueError, match="boom"), timings.section("sense"):
        raise ValueError("boom")
    assert timings.sections["sense"].count == 1


def test_a_report_counts_frames_and_is_plain_data() -> None:
    timings = Timings()
    timings.begin()
    for _ in range(5):
        with timings.section("present"):
            pass
        timings.add("upload", 0.3)
        timings.frame_done()
    timings.late, timings.dropped = 2, 7
    report = json.loads(json.dumps(timings.report(), allow_nan=False))
    assert report["frames"] == 5
    assert report["fps"] == pytest.approx(5 / report["seconds"])
    assert report["stages_ms"]["upload"]["p99"] == 0.3
    assert report["stages_ms"]["present"]["max"] >= 0
    assert report["slots"] == {"late": 2, "dropped": 7}
