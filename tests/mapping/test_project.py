from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from installation.types import Channel

Once = Callable[..., Any]
X = Channel("x", "vector", size=6)
V = np.array([0.3, -1.0, 0.5, 0.0, 2.0, -0.1], np.float32)


def test_a_vector_keeps_its_length_in_more_dimensions(once: Once) -> None:
    out = once("s.x | project 128", V, X)
    assert out.shape == (128,)
    assert np.linalg.norm(out) == pytest.approx(np.linalg.norm(V), rel=1e-6)


def test_the_seed_chooses_the_directions(once: Once) -> None:
    np.testing.assert_array_equal(once("s.x | project 16 7", V, X), once("s.x | project 16 7", V, X))
    assert not np.allclose(once("s.x | project 16 7", V, X), once("s.x | project 16 8", V, X))


def test_fewer_dimensions_never_lengthen(once: Once) -> None:
    out = once("s.x | project 2", V, X)
    assert out.shape == (2,)
    assert np.linalg.norm(out) <= np.linalg.norm(V)


def test_no_vector_no_projection(once: Once) -> None:
    assert once("s.x | project 16", None, X) is None
