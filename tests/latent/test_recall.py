from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from installation.errors import InstallationError
from installation.latent.space import Space


@pytest.mark.parametrize("name", ["face", "one"])
def test_it_goes_to_what_was_kept(player: Any, w_space: Any, latent_w: Any, name: str) -> None:
    recall = player("recall", w_space, latent=name)
    kept = np.broadcast_to(w_space.saved[name], (8, 12))
    np.testing.assert_allclose(recall(0.0, z=latent_w), kept, atol=1e-6)
    np.testing.assert_array_equal(recall(0.0, z=latent_w, amount=0.0), latent_w)
    np.testing.assert_allclose(recall(0.0, z=latent_w, amount=0.5), (kept + latent_w) / 2, atol=1e-6)


def test_only_its_coarse_layers(player: Any, w_space: Any, latent_w: Any) -> None:
    out = player("recall", w_space, latent="face", layers="0-2")(0.0, z=latent_w)
    np.testing.assert_allclose(out[:3], w_space.saved["face"][:3], atol=1e-6)
    np.testing.assert_array_equal(out[3:], latent_w[3:])


def test_in_z_it_stays_on_the_shell(player: Any) -> None:
    here, kept = np.random.RandomState(0).randn(2, 128).astype(np.float32)
    recall = player("recall", Space(128, saved={"eye": kept}), latent="eye")
    np.testing.assert_allclose(recall(0.0, z=here, amount=1.0), kept, atol=1e-5)
    np.testing.assert_allclose(recall(0.0, z=here, amount=0.0), here, atol=1e-5)
    norms = sorted(np.linalg.norm([here, kept], axis=1))
    assert norms[0] - 1e-4 <= np.linalg.norm(recall(0.0, z=here, amount=0.5)) <= norms[1] + 1e-4
    np.testing.assert_allclose(recall(0.0, amount=0.5), kept / 2, atol=1e-6)  # from nothing: straight


def test_what_was_not_kept_or_for_another_model_is_refused(player: Any, w_space: Any) -> None:
    with pytest.raises(InstallationError, match=r"at.latent: tiny has kept no latent 'fece'") as refused:
        player("recall", w_space, latent="fece")
    assert "did you mean 'face'" in refused.value.hint
    with pytest.raises(InstallationError, match=r"'other_model' is \(3, 12\), the latent of tiny \(8, 12\)"):
        player("recall", w_space, latent="other_model")
    with pytest.raises(InstallationError, match=r"'a' is \(2, 4\), the latent of this model \(4,\)"):
        player("recall", Space(4, saved={"a": np.ones((2, 4), np.float32)}), latent="a")
