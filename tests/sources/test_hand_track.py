"""One side over time: what may jump and what may not, whatever a tracker says."""

from __future__ import annotations

import numpy as np
import pytest

from installation.sources.hand_channels import CHANNELS, FASTEST
from installation.sources.hand_features import palm, pose
from installation.sources.hand_track import QUICKEST, Track

ASPECT = 4 / 3
DT = 1 / 30


def hand(x: float, y: float = 0.5, turn: float = 0.0) -> np.ndarray:
    """Isotropic points (21, 3) of a flat hand with its palm at x, y; five straight fingers, turned clockwise."""
    points = np.zeros((21, 3), np.float32)
    for finger in range(5):
        across = 0.05 * (finger - 2)
        points[1 + 4 * finger : 5 + 4 * finger] = [[across * k, 0.1 * k, 0.0] for k in (1.0, 1.4, 1.7, 1.9)]
    a = np.radians(turn)
    points[:, :2] = points[:, :2] @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]], np.float32)
    return points - palm(points) + np.array([x, y, 0.0], np.float32)


def test_presence_rises_in_a_tenth_and_falls_in_three_tenths_of_a_second() -> None:
    track = Track()
    rising = [track(hand(0.5), ASPECT, DT)["presence"] for _ in range(4)]
    assert rising == pytest.approx([1 / 3, 2 / 3, 1, 1])
    falling = [track(None, ASPECT, DT)["presence"] for _ in range(10)]
    assert falling == pytest.approx([*(1 - np.arange(1, 10) / 9), 0], abs=1e-6)


def test_one_lost_frame_is_hardly_felt() -> None:
    track = Track()
    for _ in range(10):
        track(hand(0.5), ASPECT, DT)
    before = np.abs(track.vector).max()
    track(None, ASPECT, DT)
    assert track.presence > 0.85
    assert np.abs(track.vector).max() > 0.9 * before


@pytest.mark.parametrize("speed", [0.0, 0.7, 2.0, 0.9 * FASTEST])
def test_a_hand_is_followed_exactly_at_any_speed_a_hand_has(speed: float) -> None:
    track = Track()
    for frame in range(20):
        x = -1.0 + speed * frame * DT
        said = track(hand(x), ASPECT, DT)
        assert track.palm is not None
        assert track.palm[0] == pytest.approx(x, abs=1e-4)
    assert said["velocity"] == pytest.approx(speed, rel=1e-3, abs=1e-4)


def test_the_speed_does_not_depend_on_the_frame_rate() -> None:
    for fps in (12, 30, 60):
        track = Track()
        for frame in range(20):
            said = track(hand(1.5 * frame / fps), ASPECT, 1 / fps)
        assert said["velocity"] == pytest.approx(1.5, rel=1e-3)


def test_a_jump_no_hand_can_make_is_held_back_and_arrives() -> None:
    track = Track()
    for _ in range(5):
        track(hand(0.2), ASPECT, DT)
    palms, speeds = [0.2], []
    for _ in range(12):
        speeds.append(track(hand(1.2), ASPECT, DT)["velocity"])
        assert track.palm is not None
        palms.append(float(track.palm[0]))
    steps = np.diff(palms)
    assert steps.max() <= FASTEST * DT * 1.001
    assert palms[-1] == pytest.approx(1.2, abs=1e-4)
    assert max(speeds) <= FASTEST * 1.001


def test_a_single_frame_elsewhere_moves_it_by_no_more_than_a_frame_of_its_fastest() -> None:
    track = Track()
    for _ in range(5):
        track(hand(0.2), ASPECT, DT)
    track(hand(1.2), ASPECT, DT)
    track(hand(0.2), ASPECT, DT)
    assert track.palm is not None
    assert abs(track.palm[0] - 0.2) < 1e-4


def test_a_hand_that_comes_back_begins_where_it_is_seen_and_at_rest() -> None:
    track = Track()
    for _ in range(5):
        track(hand(0.2), ASPECT, DT)
    for _ in range(15):
        assert track(None, ASPECT, DT).keys() == {"presence"}
    assert track.palm is None
    said = track(hand(1.2), ASPECT, DT)
    assert track.palm is not None
    assert track.palm[0] == pytest.approx(1.2, abs=1e-4)
    assert said["velocity"] == 0.0


def test_the_vector_comes_in_bounded_and_is_the_pose_a_moment_later() -> None:
    track = Track()
    before = track.vector
    for _ in range(10):
        track(hand(0.5), ASPECT, DT)
        assert np.abs(track.vector - before).max() <= QUICKEST * DT * 1.001
        before = track.vector
    np.testing.assert_allclose(track.vector, pose(hand(0.5)), atol=1e-5)


def test_a_vector_that_was_handed_out_is_not_written_to_again() -> None:
    track = Track()
    track(hand(0.5), ASPECT, DT)
    given = track.vector
    copy = given.copy()
    track(hand(0.5, turn=90), ASPECT, DT)
    track(None, ASPECT, DT)
    np.testing.assert_array_equal(given, copy)


def test_wild_landmarks_stay_within_what_the_channels_declare() -> None:
    ranges = {channel.name: channel for channel in CHANNELS}
    rng = np.random.default_rng(11)
    track = Track()
    for _ in range(400):
        points = rng.uniform(-3, 3, (21, 3)).astype(np.float32) if rng.random() > 0.2 else None
        if points is not None and rng.random() > 0.5:
            points[9] = points[0]  # a palm without length
        for name, value in track(points, ASPECT, DT).items():
            channel = ranges[f"left.{name}"]
            assert channel.low <= value <= channel.high * 1.001, name
        assert np.isfinite(track.vector).all()
        assert np.abs(track.vector).max() <= ranges["left"].high
