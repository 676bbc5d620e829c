from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from installation.types import Channel

Once = Callable[..., Any]
V3 = Channel("x", "vector", size=3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s.x | add 0.5", 2.5),
        ("s.x | mul 0.5", 1.0),
        ("s.x | mul -1", -2.0),
        ("s.x | add s.y", 5.0),
        ("s.x | mul s.y", 6.0),
        ("s.x | add s.x | mul s.x", 8.0),
        ("10 | add s.y | mul s.x", 26.0),
    ],
)
def test_numbers(once: Once, text: str, expected: float) -> None:
    assert once(text, 2.0, y=3.0) == expected


@pytest.mark.parametrize("op", ["add", "mul"])
def test_half_a_sum_is_no_sum(once: Once, op: str) -> None:
    assert once(f"s.x | {op} s.y", 2.0, y=None) is None
    assert once(f"s.x | {op} s.y", None, y=2.0) is None
    assert once(f"s.x | {op} 0.5", None) is None


def test_vectors_with_numbers_and_with_vectors(once: Once) -> None:
    x = np.array([1, 2, 3], np.float32)
    np.testing.assert_array_equal(once("s.x | mul 2", x, V3), [2, 4, 6])
    np.testing.assert_array_equal(once("s.x | mul s.y", x, V3, y=10.0), [10, 20, 30])
    np.testing.assert_array_equal(once("s.y | add s.x", x, V3, y=10.0), [11, 12, 13])
    np.testing.assert_array_equal(once("s.x | add s.x[2]", x, V3), [4, 5, 6])
    np.testing.assert_array_equal(once("s.x | mul s.x | add 1", x, V3), [2, 5, 10])


def test_the_posted_vector_is_not_written_to(once: Once) -> None:
    x = np.array([1, 2, 3], np.float64)
    once("s.x | add 5 | mul 2", x, V3)
    np.testing.assert_array_equal(x, [1, 2, 3])
