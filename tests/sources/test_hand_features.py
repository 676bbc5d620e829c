"""Figures of hands whose landmarks are known."""

from __future__ import annotations

import numpy as np
import pytest

from installation.sources.hand_features import features, isotropic, pose
from installation.sources.hand_slots import Detection, Slots

ASPECT = 4 / 3
FINGERS = ((5, 6, 7, 8), (9, 10, 11, 12), (13, 14, 15, 16), (17, 18, 19, 20))


def hand(
    x: float = 0.5, y: float = 0.5, size: float = 0.2, fan: float = 0.0, curl: float = 0.0, turn: float = 0.0
) -> np.ndarray:
    """A drawn hand in picture coordinates (21, 3): palm about (x, y down), palm length ``size`` of the height, fingers
    ``fan`` degrees apart, ``curl`` 0 stretched to 1 folded back, turned clockwise by ``turn`` degrees."""
    points = np.zeros((21, 2))
    for number, finger in enumerate(FINGERS):
        angle = np.radians(fan * (number - 1.5))
        along = np.array([np.sin(angle), np.cos(angle)])
        knuckle = np.array([0.22 * (number - 1), 1.0 - 0.03 * abs(number - 1)])
        lengths = np.array([0.0, 0.4, 0.7, 0.95])
        if curl:
            lengths = np.array([0.0, 0.4, 0.4 - 0.25 * curl, 0.4 - 0.75 * curl])
        for point, length in zip(finger, lengths, strict=True):
            points[point] = knuckle + along * length
    points[1:5] = [[-0.25, 0.3], [-0.45, 0.55], [-0.55, 0.8], [-0.6, 1.0]]
    a = np.radians(turn)
    points = points @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    points = (points - points[[0, 5, 9, 13, 17]].mean(axis=0)) * size
    picture = np.zeros((21, 3), np.float32)
    picture[:, 0] = x + points[:, 0] / ASPECT
    picture[:, 1] = y - points[:, 1]
    return picture


def told(**how: float) -> dict[str, float]:
    return features(isotropic(hand(**how), ASPECT), ASPECT)


@pytest.mark.parametrize(("x", "y"), [(0.5, 0.5), (0.2, 0.7), (0.8, 0.3)])
def test_the_palm_is_where_it_is_with_y_up(x: float, y: float) -> None:
    found = told(x=x, y=y)
    assert found["palm.x"] == pytest.approx(x, abs=1e-5)
    assert found["palm.y"] == pytest.approx(1 - y, abs=1e-5)


@pytest.mark.parametrize(("size", "near"), [(0.05, 0.0), (0.25, 0.5), (0.45, 1.0), (0.9, 1.0)])
def test_nearness_goes_with_the_palms_length(size: float, near: float) -> None:
    assert told(size=size)["palm.z"] == pytest.approx(near, abs=1e-4)


@pytest.mark.parametrize("turn", [0.0, 45.0, -90.0, 135.0])
def test_rotation_is_in_half_turns_clockwise(turn: float) -> None:
    assert told(turn=turn)["rotation"] == pytest.approx(turn / 180, abs=1e-5)


def test_a_stretched_hand_is_open_and_a_folded_one_is_not() -> None:
    levels = [told(curl=curl)["openness"] for curl in (0.0, 0.01, 0.5, 1.0)]
    assert levels[0] == 1.0
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] < 0.1


@pytest.mark.parametrize(("fan", "spread"), [(0.0, 0.0), (4.0, 0.0), (12.0, 0.5), (20.0, 1.0), (30.0, 1.0)])
def test_spread_is_the_mean_angle_between_fingers(fan: float, spread: float) -> None:
    assert told(fan=fan)["spread"] == pytest.approx(spread, abs=1e-3)


def test_a_fist_is_not_spread() -> None:
    assert told(fan=20, curl=1.0)["spread"] < 0.2


def test_pinch_closes_as_thumb_and_index_meet() -> None:
    points = isotropic(hand(), ASPECT)
    away = features(points, ASPECT)["pinch"]
    points[4] = points[8]
    assert features(points, ASPECT)["pinch"] == 1.0
    assert away < 0.3


def test_the_pose_is_the_same_near_and_far_and_anywhere_but_turns_with_the_hand() -> None:
    near = pose(isotropic(hand(x=0.3, y=0.6, size=0.3), ASPECT))
    far = pose(isotropic(hand(x=0.7, y=0.4, size=0.1), ASPECT))
    assert near.shape == (63,)
    np.testing.assert_allclose(near, far, atol=1e-4)
    turned = pose(isotropic(hand(turn=90), ASPECT))
    assert np.abs(turned - near).max() > 0.5


def test_no_figure_leaves_its_range_whatever_the_landmarks() -> None:
    rng = np.random.default_rng(5)
    for _ in range(300):
        points = isotropic(rng.uniform(-0.5, 1.5, (21, 3)).astype(np.float32), ASPECT)
        for name, value in features(points, ASPECT).items():
            assert (-1 if name == "rotation" else 0) <= value <= 1, name
    collapsed = features(isotropic(np.full((21, 3), 0.5, np.float32), ASPECT), ASPECT)
    assert all(np.isfinite(value) for value in collapsed.values())


def seen(x: float, side: str, score: float = 0.9) -> Detection:
    return Detection(isotropic(hand(x=x), ASPECT), side, score)


def test_a_side_stays_with_its_hand_when_single_frames_call_it_otherwise() -> None:
    slots = Slots()
    for frame in range(60):
        wrong = frame % 4 == 3
        sides = slots.assign(
            [seen(0.3, "right" if wrong else "left"), seen(0.7, "left" if wrong else "right")], frame / 30
        )
        assert sides["left"].points[0, 0] < sides["right"].points[0, 0]


def test_hands_that_cross_keep_their_sides() -> None:
    slots = Slots()
    for frame in range(40):
        across = frame / 39
        # The tracker goes by where they are; the hands know better.
        names = ("left", "right") if across < 0.5 else ("right", "left")
        left = Detection(isotropic(hand(x=0.25 + 0.5 * across, y=0.4), ASPECT), names[0], 0.8)
        right = Detection(isotropic(hand(x=0.75 - 0.5 * across, y=0.65), ASPECT), names[1], 0.8)
        sides = slots.assign([right, left], frame / 30)
        if frame < 28:  # about half a second of contradiction is borne
            assert sides["left"] is left
            assert sides["right"] is right


def test_a_side_that_was_wrong_from_the_start_is_given_up_after_half_a_second() -> None:
    slots = Slots()
    slots.assign([seen(0.6, "left", 0.6)], 0.0)
    given = [next(iter(slots.assign([seen(0.6, "right")], frame / 30))) for frame in range(1, 40)]
    assert given[:5] == ["left"] * 5
    assert given[-10:] == ["right"] * 10
    assert given == sorted(given)  # it changes once


def test_one_hand_seen_twice_is_one_hand() -> None:
    sides = Slots().assign([seen(0.5, "left", 0.7), seen(0.505, "right", 0.9)], 0.0)
    assert list(sides) == ["right"]


def test_two_hands_of_one_name_are_told_apart_by_the_surer() -> None:
    sides = Slots().assign([seen(0.2, "right", 0.6), seen(0.8, "right", 0.9)], 0.0)
    assert sides["right"].score == 0.9
    assert sides["left"].score == 0.6
