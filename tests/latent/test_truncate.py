from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Maker = Callable[..., Callable[..., Any]]

Z = np.random.RandomState(1).randn(128).astype(np.float32)


@pytest.mark.parametrize("psi", [0.0, 0.4, 1.0, 1.5])
def test_it_scales(player: Maker, psi: float) -> None:
    out = player("truncate", 128)(0.0, z=Z, psi=psi)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, psi * Z, rtol=1e-6)


def test_it_leaves_what_came_in_alone(player: Maker) -> None:
    before = Z.copy()
    player("truncate", 128)(0.0, z=Z, psi=0.2)
    np.testing.assert_array_equal(Z, before)
