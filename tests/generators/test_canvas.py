"""The size of a GAN's picture, as a show asks for it."""

import numpy as np
import pytest

from installation.errors import InstallationError
from installation.generators.base import Place
from installation.generators.gan import Gan
from installation.library import Library
from tests import tiny_models
from tests.fakes import FakeSignals

OPTIONS = {"model": "tiny", "backend": "openvino", "precision": "fp32", "statistics": "compat", "blend": ""}


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path / "cache"))
    tiny_models.stylegan2(tmp_path, "tiny")
    return Library(tmp_path)


def painted(library, size) -> np.ndarray:
    options = {**OPTIONS, "size": size}
    gan = Gan(options, {}, Place(library))
    gan.prepare()
    params = {f"generator.{param.name}": param.default for param in Gan.declare(options, library)}
    picture = gan.render(params, FakeSignals()).pixels
    gan.close()
    return picture


def test_a_canvas_wider_than_the_models_own(library):
    own, said, wide = (painted(library, size) for size in ((0, 0), (32, 32), (56, 40)))
    np.testing.assert_array_equal(own, said)
    assert (own.shape, wide.shape) == ((32, 32, 4), (40, 56, 4))
    assert wide[..., :3].std() > 0.5 * own[..., :3].std()


@pytest.mark.parametrize(
    ("size", "advice"), [((50, 32), "48x32"), ((8, 40), "32x40"), ((640, 32), "256x32"), ((56, 41), "56x40")]
)
def test_what_it_cannot_be_is_refused_with_what_is_near(library, size, advice):
    with pytest.raises(InstallationError, match="or more in steps of 8") as told:
        Gan.check({**OPTIONS, "size": size}, {}, library)
    assert told.value.hint == f"write size: {advice}"


def test_other_families_paint_in_one_size():
    with pytest.raises(InstallationError, match="is a dcgan, which paints in one size"):
        Gan.check({**OPTIONS, "model": "omniart-eyes", "size": (256, 128)}, {}, Library())
