from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from installation.errors import InstallationError

Maker = Callable[..., Callable[..., Any]]

Z = np.random.RandomState(1).randn(128).astype(np.float32)


@pytest.mark.parametrize("psi", [0.0, 0.4, 1.0, 2.0])
def test_it_scales_z(player: Maker, psi: float) -> None:
    out = player("truncate", 128)(0.0, z=Z, psi=psi)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, psi * Z, rtol=1e-6)


@pytest.mark.parametrize("psi", [0.0, 0.4, 1.0, 2.0])
def test_in_w_it_moves_towards_the_mean(player: Maker, w_space: Any, latent_w: Any, psi: float) -> None:
    out = player("truncate", w_space)(0.0, z=latent_w, psi=psi)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, w_space.mean + psi * (latent_w - w_space.mean), atol=1e-6)


def test_cutoff_leaves_the_layers_after_it_alone(player: Maker, w_space: Any, latent_w: Any) -> None:
    out = player("truncate", w_space, cutoff=3)(0.0, z=latent_w, psi=0.0)
    np.testing.assert_allclose(out[:3], w_space.centre[:3], atol=1e-6)
    np.testing.assert_array_equal(out[3:], latent_w[3:])


def test_cutoff_without_layers_is_refused(player: Maker) -> None:
    with pytest.raises(InstallationError, match=r"at.cutoff is for models with layers"):
        player("truncate", 128, cutoff=3)


def test_it_leaves_what_came_in_alone(player: Maker, w_space: Any, latent_w: Any) -> None:
    for space, latent in ((128, Z), (w_space, latent_w)):
        before = latent.copy()
        player("truncate", space)(0.0, z=latent, psi=0.2)
        np.testing.assert_array_equal(latent, before)
