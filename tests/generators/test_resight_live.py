"""Anything seen anew, live: the camera's light is matched, its noise settles, whatever the network painted."""

import numpy as np
import pytest

from installation.benchmark import samples
from installation.benchmark.samples import pictures
from installation.checkpoints.found import Found
from installation.errors import ModelError
from installation.generators.base import Place
from installation.generators.image import MATCHING, ImageToImage
from installation.library import Library
from tests.fakes import FakeSignals

SIZE = (96, 64)
GREYS = list(range(20, 245, 14))
OPTIONS = {
    "model": "sight",
    "image": "webcam.frame",
    "size": SIZE,
    "look": "card",
    "drawn": False,
    "backend": "torch",
    "precision": "fp32",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home") / "models" / "sight"
    folder.mkdir(parents=True)
    shapes, _ = pictures.resight((8, 8, 16, 16, 16), 1)
    found = Found("training", shapes, {"greys": GREYS, "blur": 6.0})
    samples.write("sight", found, samples.draw(shapes, 1), folder)
    return folder.parents[1]


@pytest.fixture
def library(home):
    return Library(home)


@pytest.fixture
def generator(library):
    made = ImageToImage(OPTIONS, {}, Place(library, ("webcam.frame",)))
    made.prepare()
    yield made
    made.close()


def seen(picture: np.ndarray, at: float) -> FakeSignals:
    signals = FakeSignals(at, webcam__frame=picture)
    signals.now = at
    return signals


def params(strength: float = 1.0, matching: float = 0.0, settle: float = 0.0) -> dict[str, float]:
    return {"generator.strength": strength, "generator.matching": matching, "generator.settle": settle}


def table(level: int) -> np.ndarray:
    picture = np.full((64, 96, 3), level, np.uint8)
    picture[20:40, 30:60] = level // 2
    return picture


def test_matching_is_there_because_the_card_knows_the_greys(library):
    declared = {param.name: param.default for param in ImageToImage.declare(OPTIONS, library)}
    assert declared == {"matching": MATCHING}


def test_it_paints_in_colours_at_any_size(generator):
    image = generator.render(params(), seen(table(120), 1.0))
    assert image.pixels.shape == (64, 96, 4)
    assert (image.pixels[..., 3] == 255).all()
    assert image.pixels[..., 0].std() > 1
    assert not np.array_equal(image.pixels[..., 0], image.pixels[..., 2])


def test_a_dark_table_is_brought_into_the_light(generator):
    dark = table(40)
    as_is = generator.render(params(0.0), seen(dark, 1.0)).pixels[..., 0]
    assert int(as_is[5, 5]) == 40
    lit = generator.render(params(0.0, 1.0), seen(dark, 1.0)).pixels[..., 0]
    assert int(lit[5, 5]) > 80


def test_a_change_settles(generator):
    generator.render(params(0.0, 0.0, 0.5), seen(table(40), 1.0))
    soon = generator.render(params(0.0, 0.0, 0.5), seen(table(200), 1.05)).pixels[5, 5, 0]
    late = generator.render(params(0.0, 0.0, 0.5), seen(table(200), 9.0)).pixels[5, 5, 0]
    assert 40 < soon < 80
    assert late == 200


def test_greys_that_are_none(home, library):
    card = home / "models" / "sight" / "model.yaml"
    before = card.read_text()
    card.write_text(before.replace("greys: 20 34", "greys: 20 light"))
    try:
        with pytest.raises(ModelError, match="greys that are no levels"):
            ImageToImage.declare(OPTIONS, library)
    finally:
        card.write_text(before)
