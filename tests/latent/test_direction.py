from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from installation.errors import InstallationError
from installation.latent.space import Direction, Space


@pytest.mark.parametrize("amount", [-10.0, 0.0, 2.5])
def test_it_adds_so_many_sigmas(player: Any, w_space: Any, latent_w: Any, amount: float) -> None:
    out = player("direction", w_space, name="sefa.0")(0.0, z=latent_w, amount=amount)
    np.testing.assert_allclose(out - latent_w, np.tile(np.eye(12)[2] * 0.5 * amount, (8, 1)), atol=1e-5)


def test_on_the_chosen_layers(player: Any, w_space: Any, latent_w: Any) -> None:
    out = player("direction", w_space, name="mine", layers="6-")(0.0, z=latent_w, amount=2.0)
    np.testing.assert_array_equal(out[:6], latent_w[:6])
    np.testing.assert_allclose(out[6:] - latent_w[6:], 2 * w_space.directions["mine"].vector[6:], atol=1e-5)


def test_in_z_it_adds_to_z(player: Any) -> None:
    space = Space(4, directions={"ganspace.0": Direction(np.array([0, 1, 0, 0], np.float32), 3.0)})
    out = player("direction", space, name="ganspace.0")(0.0, z=np.ones(4, np.float32), amount=0.5)
    np.testing.assert_allclose(out, [1, 2.5, 1, 1])


def test_a_direction_nobody_found_is_refused(player: Any, w_space: Any) -> None:
    with pytest.raises(InstallationError, match=r"at.name: tiny has no direction 'sefa.1'") as refused:
        player("direction", w_space, name="sefa.1")
    assert "did you mean 'sefa.0'" in refused.value.hint
    with pytest.raises(InstallationError) as refused:
        player("direction", 16, name="sefa.1")
    assert "installation models directions" in refused.value.hint


def test_a_direction_of_another_model_is_refused(player: Any) -> None:
    with pytest.raises(InstallationError, match=r"'far' is \(5,\), the latent of this model \(4,\)"):
        player("direction", Space(4, directions={"far": Direction(np.ones(5, np.float32))}), name="far")


def test_a_direction_with_another_number_of_layers_is_refused(player: Any, mapped: Any) -> None:
    space = mapped.space(directions={"far": Direction(np.ones((5, 12), np.float32))})
    with pytest.raises(InstallationError, match=r"'far' is \(5, 12\), the latent of tiny \(8, 12\)"):
        player("direction", space, name="far")
