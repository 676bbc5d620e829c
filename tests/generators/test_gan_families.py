"""The other latent families as shows play them: StyleGAN3, which is moved from inside, and BigGAN, whose statistics
follow the truncation. The models are the official code's own random ones.
"""

from __future__ import annotations

import numpy as np
import pytest

from installation.generators.base import Place
from installation.generators.gan import Gan
from installation.library import Library
from installation.models.convert import Asked, convert
from installation.types import Unit
from tests.fakes import FakeSignals
from tests.models.official import CASES

WALK = Unit("walk", "walk", {"seeds": (1.0, 2.0), "space": "z"})
TRUNCATE = Unit("truncate", "truncate", {"cutoff": 64})
LIVE = {"latent.walk.speed": 0.0, "latent.walk.position": 0.0, "latent.truncate.psi": 1.0}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    for name in ("stylegan3-t", "biggan"):
        convert(Asked([CASES[name].path], home, name))
    return Library(home)


@pytest.fixture
def make(library):
    def gan(model: str, **options: str):
        asked = {
            "model": model,
            "size": (0, 0),
            "backend": "torch",
            "precision": "fp32",
            "statistics": "compat",
            "blend": "",
            **options,
        }
        generator = Gan(asked, {"latent": (WALK, TRUNCATE)}, Place(library))
        generator.prepare()
        declared = {param.name: param.default for param in Gan.declare(asked, library)}

        def paint(**changes: float) -> np.ndarray:
            live = {**LIVE, **declared, **{name.replace("__", "."): value for name, value in changes.items()}}
            params = {f"generator.{name}": value for name, value in live.items()}
            return generator.render(params, FakeSignals()).pixels[..., :3].astype(int)

        return paint

    return gan


def test_a_stylegan3_is_moved_and_turned_from_inside(make):
    paint = make("stylegan3-t")
    still = paint()
    np.testing.assert_array_equal(paint(transform__turn=1.0), still)
    side = still.shape[0]
    # The network is built to follow a shift: the middle of the moved picture is what was left and above of it.
    moved = paint(transform__x=0.25, transform__y=0.125)
    right, down, inner = side // 4, side // 8, slice(side // 4, 3 * side // 4)
    back = np.roll(moved, (-down, -right), axis=(0, 1))[inner, : side // 2]
    assert np.abs(back - still[inner, : side // 2]).mean() < 0.5 * np.abs(moved - still)[inner, : side // 2].mean()


def test_a_biggans_statistics_follow_the_truncation(make):
    paint = make("biggan", statistics="correct")
    whole = paint()
    assert np.abs(paint(latent__truncate__psi=0.5) - whole).mean() > 2
    np.testing.assert_array_equal(paint(latent__truncate__psi=1.0), make("biggan")())  # the two modes agree there
    # Truncated to nothing, the latent is 0, and only the statistics of truncation 0 are left to tell.
    assert np.isfinite(paint(latent__truncate__psi=0.0)).all()
    paint(latent__truncate__psi=2.0)  # beyond what was stored: the last
