from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from installation.types import Channel

Once = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("s.x | scale 0..1 -> 0.4..1.0", 0.0, 0.4),
        ("s.x | scale 0..1 -> 0.4..1.0", 0.5, 0.7),
        ("s.x | scale 0..1 -> 0.4..1.0", 1.7, 1.0),
        ("s.x | scale 0..1 -> 0.4..1.0", -9, 0.4),
        ("s.x | scale -1..1 -> -0.2..0.2", 0.5, 0.1),
        ("s.x | scale 20..2000 -> 0..1", 1010, 0.5),
        ("s.x | clamp", 1.5, 1.0),
        ("s.x | clamp -1..1", -3, -1.0),
        ("s.x | clamp -1..1", 0.3, 0.3),
        ("s.x | invert", 0.2, 0.8),
        ("s.x | invert -1..1", 0.2, -0.2),
        ("s.x | invert 2..4", 2, 4.0),
        ("s.x | curve 2", 0.5, 0.25),
        ("s.x | curve 2", -0.5, -0.25),
        ("s.x | curve 0.5", 0.25, 0.5),
        ("s.x | curve smooth", 0.5, 0.5),
        ("s.x | curve smooth", 0.25, 0.15625),
        ("s.x | curve smooth", 2, 1.0),
        ("0.5 | curve 3", None, 0.125),
    ],
)
def test_values(once: Once, text: str, value: float | None, expected: float) -> None:
    assert once(text, value) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("op", ["scale 0..1 -> 0..2", "clamp", "invert", "curve 2", "curve smooth"])
def test_nothing_in_nothing_out(once: Once, op: str) -> None:
    assert once(f"s.x | {op}", None) is None


def test_scale_never_leaves_its_range_and_keeps_the_order(once: Once) -> None:
    draw = random.Random(1)
    for _ in range(50):
        a, b = sorted(round(draw.uniform(-5, 5), 3) for _ in range(2))
        c, d = sorted(round(draw.uniform(-5, 5), 3) for _ in range(2))
        text = f"s.x | scale {a}..{b} -> {c}..{d}"
        low, high = sorted(draw.uniform(-10, 10) for _ in range(2))
        below, above = once(text, low), once(text, high)
        assert c <= below <= above <= d


def test_invert_twice_is_the_signal(once: Once) -> None:
    draw = random.Random(2)
    for _ in range(50):
        value = draw.uniform(-3, 3)
        assert once("s.x | invert -2..5 | invert -2..5", value) == pytest.approx(value)


def test_each_component_of_a_vector_is_bent(once: Once) -> None:
    out = once("s.x | curve 2 | invert", np.array([0.0, 0.5, -1.0], np.float32), Channel("x", "vector", size=3))
    np.testing.assert_allclose(out, [1.0, 0.75, 2.0])
