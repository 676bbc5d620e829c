from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from installation.latent.space import Space


def test_z_is_its_own_middle_and_has_no_w() -> None:
    space = Space(16)
    assert not space.has_w
    np.testing.assert_array_equal(space.centre, np.zeros(16, np.float32))
    assert space.spread == 1.0
    with pytest.raises(ValueError, match="has no W"):
        space.map(np.zeros((1, 16), np.float32))


def test_a_w_stands_in_every_row(mapped: Any) -> None:
    space = mapped.space()
    assert space.centre.shape == (8, 12)
    np.testing.assert_array_equal(space.centre, np.repeat(mapped.shift[None], 8, axis=0))
    rows = space.rows(mapped.shift)
    rows[0] = 9
    assert (mapped.shift != 9).all()  # a fresh array, not a view


def test_spread_is_the_deviation_of_w_from_its_mean(mapped: Any) -> None:
    z = np.random.RandomState(9).randn(20_000, 16).astype(np.float32)
    wanted = np.sqrt(np.mean((mapped(z) - mapped.shift) ** 2))
    assert mapped.space().spread == pytest.approx(wanted, rel=0.05)
