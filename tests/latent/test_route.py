from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from installation.errors import InstallationError


def w_of(mapped: Any, seed: int) -> Any:
    return mapped(np.random.RandomState(seed).randn(1, 16).astype(np.float32))[0]


def test_only_the_rows_asked_for_change(player: Any, w_space: Any, mapped: Any, latent_w: Any) -> None:
    before = latent_w.copy()
    out = player("route", w_space, layers="2-4", seeds=(7.0,))(0.0, z=latent_w, speed=0.0)
    np.testing.assert_allclose(out[2:5], np.repeat(w_of(mapped, 7)[None], 3, axis=0), atol=1e-5)
    np.testing.assert_array_equal(out[[0, 1, 5, 6, 7]], before[[0, 1, 5, 6, 7]])
    np.testing.assert_array_equal(latent_w, before)


def test_it_walks_on_its_own(player: Any, w_space: Any, latent_w: Any) -> None:
    route = player("route", w_space, layers="5-", seeds=(1.0, 2.0, 3.0))
    path = np.stack([route(frame / 60, z=latent_w, speed=1.0) for frame in range(181)])
    assert np.linalg.norm(path[90, 5] - path[0, 5]) > 1
    np.testing.assert_allclose(path[180], path[0], atol=1e-4)  # three keypoints at one a second
    np.testing.assert_array_equal(np.ptp(path[:, :5], axis=0), 0)


def test_amount_mixes_straight(player: Any, w_space: Any, mapped: Any, latent_w: Any) -> None:
    for kind, options in (("route", {"seeds": (7.0,)}), ("style_mix", {"seed": 7})):
        out = player(kind, w_space, layers="all", **options)(0.0, z=latent_w, amount=0.25)
        np.testing.assert_allclose(out, 0.75 * latent_w + 0.25 * w_of(mapped, 7), atol=1e-5)


def test_style_mix_takes_a_seeds_rows(player: Any, w_space: Any, mapped: Any, latent_w: Any) -> None:
    out = player("style_mix", w_space, layers="-2,7", seed=11)(0.0, z=latent_w)
    np.testing.assert_allclose(out[[0, 1, 2, 7]], np.repeat(w_of(mapped, 11)[None], 4, axis=0), atol=1e-5)
    np.testing.assert_array_equal(out[3:7], latent_w[3:7])


def test_layers_that_are_not_there_are_refused_at_their_address(player: Any, w_space: Any) -> None:
    for kind in ("route", "style_mix"):
        with pytest.raises(InstallationError, match=r"at.layers is '8-', and the model has the layers 0-7"):
            player(kind, w_space, layers="8-")
