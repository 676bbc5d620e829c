"""The camera through painters' eyes."""

import numpy as np
import pytest

from installation.errors import InstallationError, ModelError
from installation.generators.base import Place
from installation.generators.image import ImageToImage
from installation.models.framing import fitted, ground
from tests.fakes import FakeSignals

SIZE = (96, 64)
OPTIONS = {
    "model": "multistyle",
    "image": "webcam.frame",
    "size": SIZE,
    "look": "card",
    "drawn": False,
    "backend": "auto",
    "precision": "fp32",
}


def frame(height: int = 48, width: int = 64) -> np.ndarray:
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:, : width // 2] = (200, 60, 30)
    picture[height // 3 :, width // 2 :] = (40, 160, 220)
    return picture


@pytest.fixture(scope="module")
def generator(library, painters):
    made = ImageToImage(OPTIONS, {}, Place(library, ("webcam.frame",)))
    made.prepare()
    made.warm_up()
    yield made
    made.close()


@pytest.fixture(scope="module")
def params(library):
    def make(strength: float = 1.0, **styles: float) -> dict[str, float]:
        declared = ImageToImage.declare(OPTIONS, library)
        given = {f"generator.style.{name}": weight for name, weight in styles.items()}
        return {**{f"generator.{p.name}": p.default for p in declared}, **given, "generator.strength": strength}

    return make


def seen(picture: np.ndarray, at: float = 3.0) -> FakeSignals:
    signals = FakeSignals(at, webcam__frame=picture)
    signals.now = at + 0.02
    return signals


def test_it_declares_a_weight_a_style(library):
    names = [p.name for p in ImageToImage.declare(OPTIONS, library)]
    assert len(names) == 26
    assert {"style.starry", "style.ember"} <= set(names)


def test_a_size_that_the_network_cannot_make_says_which_it_can(library):
    with pytest.raises(InstallationError, match="multiples of 4, not 97x66") as caught:
        ImageToImage.declare({**OPTIONS, "size": (97, 66)}, library)
    assert caught.value.hint == "write 96x64"


def test_a_painted_picture_and_when_its_frame_was_taken(generator, params):
    image = generator.render(params(starry=1.0), seen(frame(), at=3.0))
    assert image.pixels.shape == (64, 96, 4)
    assert image.pixels.flags.c_contiguous
    assert image.captured_at == 3.0
    assert image.pixels[..., :3].std() > 20


def test_styles_differ_and_blend(generator, params):
    one, other, both = (
        generator.render(params(**styles), seen(frame())).pixels[..., :3].astype(float)
        for styles in ({"starry": 1.0}, {"ember": 1.0}, {"starry": 0.5, "ember": 0.5})
    )
    apart = np.abs(one - other).mean()
    assert apart > 20
    assert np.abs(both - one).mean() < apart
    assert np.abs(both - other).mean() < apart


def test_strength_0_shows_the_camera(generator, params):
    shown = generator.render(params(strength=0.0), seen(frame(64, 96))).pixels[..., :3].astype(int)
    assert np.abs(shown - frame(64, 96)).max() <= 1


def test_before_the_first_frame_there_is_a_picture(generator, params):
    image = generator.render(params(), FakeSignals(9.0))
    assert image.captured_at == 9.0
    assert image.pixels[..., :3].std() > 5
    again = generator.render(params(), FakeSignals(10.0))
    np.testing.assert_array_equal(image.pixels, again.pixels)


@pytest.mark.parametrize("picture", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), "frame", None])
def test_what_is_no_frame_is_refused(generator, params, picture):
    with pytest.raises(ModelError, match="the frame is"):
        generator.render(params(), seen(picture))


@pytest.mark.parametrize("shape", [(48, 64), (64, 96), (480, 640), (100, 30), (30, 200), (1, 1)])
def test_any_frame_fills_the_size_undistorted(shape):
    made = fitted(frame(*shape), SIZE)
    assert made.shape == (64, 96, 3)
    assert made.flags.c_contiguous


def test_the_middle_of_the_frame_is_kept():
    picture = np.zeros((90, 30, 3), np.uint8)
    picture[35:55] = 255  # 20 rows: what a 3:2 crop of 30 columns keeps
    assert fitted(picture, SIZE).min() == 255


def test_the_ground_is_soft_and_grey():
    made = ground((32, 16))
    assert made.shape == (16, 32, 3)
    assert np.array_equal(made[..., 0], made[..., 2])
    assert 20 < made.min() < made.max() < 235
