from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from installation.errors import InstallationError
from installation.latent.space import Space
from tests.fakes import FakeSignals

WALK = ("walk", {"seeds": (3.0,)})
TRUNCATE = ("truncate", {})
MIX = ("style_mix", {"layers": "0-3", "seed": 5})
PROJECT = ("project", {"vector": "hands.both"})


def z_of(seed: int) -> Any:
    return np.random.RandomState(seed).randn(1, 16).astype(np.float32)


def test_z_is_mapped_once_and_stands_in_every_row(make_chain: Any, mapped: Any) -> None:
    chain, live = make_chain(mapped.space(), WALK)
    latent = chain(live, FakeSignals())
    assert (latent.shape, latent.dtype, mapped.calls) == ((8, 12), np.float32, 1)
    np.testing.assert_allclose(latent, np.repeat(mapped(z_of(3)), 8, axis=0), atol=1e-6)


def test_w_steps_follow_z_steps(make_chain: Any, mapped: Any) -> None:
    chain, live = make_chain(mapped.space(), WALK, MIX, TRUNCATE)
    latent = chain(live | {"generator.latent.truncate.psi": 0.5}, FakeSignals())
    w = np.concatenate([np.repeat(mapped(z_of(seed)), 4, axis=0) for seed in (5, 3)])
    np.testing.assert_allclose(latent, mapped.shift + 0.5 * (w - mapped.shift), atol=1e-6)


def test_a_model_without_w_stays_in_z(make_chain: Any) -> None:
    chain, live = make_chain(Space(16), WALK, TRUNCATE)
    np.testing.assert_allclose(chain(live, FakeSignals()), np.float32(0.7) * z_of(3)[0], atol=1e-6)


@pytest.mark.parametrize("units", [(), (TRUNCATE,), (PROJECT,)])
def test_without_a_walk_it_is_the_mean_picture(make_chain: Any, mapped: Any, units: Any) -> None:
    chain, live = make_chain(mapped.space(), *units)
    np.testing.assert_allclose(chain(live, FakeSignals()), np.repeat(mapped.shift[None], 8, axis=0), atol=1e-6)
    assert make_chain(Space(16), *units)[0](live, FakeSignals()).tolist() == [0.0] * 16


def test_a_z_step_after_a_w_step_is_refused(make_chain: Any, mapped: Any) -> None:
    with pytest.raises(InstallationError) as refused:
        make_chain(mapped.space(), TRUNCATE, WALK)
    assert refused.value.message == (
        "generator.latent.walk works in z, and generator.latent.truncate before it has gone on to w"
    )
    assert refused.value.hint == "put it before truncate"
    make_chain(Space(16), TRUNCATE, WALK)  # there truncate works in z


@pytest.mark.parametrize("unit", [MIX, ("route", {"layers": "0-3"}), ("walk", {"space": "w"})])
def test_a_w_step_on_a_model_without_w_is_refused(make_chain: Any, unit: Any) -> None:
    with pytest.raises(InstallationError, match=rf"generator.latent.{unit[0]} works in w, and this model has none"):
        make_chain(Space(16), unit)


def test_either_step_works_where_it_stands(make_chain: Any, mapped: Any) -> None:
    push = FakeSignals(hands__both=[1.0, 0.0])
    gain = {"generator.latent.project.gain": 1.0}
    in_z, live = make_chain(mapped.space(), WALK, PROJECT)
    np.testing.assert_allclose(np.ptp(in_z(live | gain, push), axis=0), 0)  # one w for all
    assert mapped.calls == 1
    in_w, live = make_chain(mapped.space(), WALK, TRUNCATE, PROJECT)
    moved = in_w(live | gain, push) - in_w(live | {"generator.latent.project.gain": 0.0}, push)
    assert np.linalg.norm(moved[0]) == pytest.approx(mapped.space().spread * 12**0.5, rel=1e-4)
