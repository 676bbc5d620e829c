"""The painted eyes, played as a show plays them."""

import numpy as np
import pytest

from installation.errors import InstallationError, ModelError
from installation.generators.base import Place
from installation.generators.gan import Gan
from installation.types import Unit
from tests.fakes import FakeSignals

OPTIONS = {
    "model": "omniart-eyes",
    "size": (0, 0),
    "backend": "auto",
    "precision": "fp32",
    "statistics": "compat",
    "blend": "",
}
WALK = Unit("walk", "walk", {"seeds": (46.0, 117.0, 20.0), "space": "z"})
TRUNCATE = Unit("truncate", "truncate", {"cutoff": 64})


def params(**changes: float) -> dict[str, float]:
    colours = ("amber", "blue", "brown", "gray", "grayscale", "green", "hazel", "red")
    return {
        **{f"generator.colour.{name}": 0.0 for name in colours},
        "generator.latent.walk.speed": 1.0,
        "generator.latent.walk.position": 0.0,
        "generator.latent.truncate.psi": 1.0,
        **{f"generator.{name.replace('__', '.')}": value for name, value in changes.items()},
    }


@pytest.fixture(scope="module")
def make(library, eyes):
    made = []

    def gan(*steps: Unit, inputs=()) -> Gan:
        generator = Gan(OPTIONS, {"latent": steps}, Place(library, inputs))
        generator.prepare()
        generator.warm_up()
        made.append(generator)
        return generator

    yield gan
    for generator in made:
        generator.close()


def test_it_declares_its_colours_without_loading_anything(library):
    declared = Gan.declare(OPTIONS, library)
    assert [p.name for p in declared][:2] == ["colour.amber", "colour.blue"]
    assert len(declared) == 8
    assert Gan.needs(OPTIONS) == ("omniart-eyes",)


def test_another_family_is_refused_before_anything_loads(library):
    with pytest.raises(InstallationError, match="'gan' cannot play"):
        Gan.declare({"model": "multistyle"}, library)


def test_pictures_are_as_promised_and_numbered(make):
    gan = make(WALK, TRUNCATE)
    first, second = (gan.render(params(), FakeSignals(now)) for now in (0.0, 1 / 60))
    assert first.pixels.shape == (128, 128, 4)
    assert first.pixels.dtype == np.uint8
    assert first.pixels.flags.c_contiguous
    assert (first.pixels[..., 3] == 255).all()
    assert first.pixels[..., :3].std() > 20
    assert (first.seq, second.seq) == (1, 2)
    assert not np.shares_memory(first.pixels, second.pixels)


def test_the_walk_moves_the_picture_and_a_little_time_moves_it_little(make):
    gan = make(WALK)
    pictures = [gan.render(params(), FakeSignals(now)).pixels[..., :3].astype(float) for now in (0.0, 1 / 60, 0.9)]
    assert 0 < np.abs(pictures[1] - pictures[0]).mean() < 10 < np.abs(pictures[2] - pictures[0]).mean()


def test_the_same_signals_give_the_same_pictures_again(make):
    runs = [[gan.render(params(), FakeSignals(t / 30)).pixels for t in range(4)] for gan in (make(WALK), make(WALK))]
    for one, other in zip(*runs, strict=True):
        np.testing.assert_array_equal(one, other)


def test_colours_colour(make):
    def mean(**colours: float) -> np.ndarray:
        return make(WALK).render(params(**colours), FakeSignals(0.0)).pixels[..., :3].mean((0, 1))

    blue, red = mean(colour__blue=1.0), mean(colour__red=1.0)
    assert blue[2] - blue[0] > red[2] - red[0] + 10
    np.testing.assert_array_equal(mean(), blue)  # the card's default


def test_without_steps_it_paints_the_mean(make):
    gan = make()
    one, other = (gan.render(params(), FakeSignals(now)).pixels for now in (0.0, 5.0))
    np.testing.assert_array_equal(one, other)


def test_a_latent_that_is_not_finite_is_refused(make):
    gan = make(WALK, TRUNCATE)
    with pytest.raises(ModelError, match="z is not finite"):
        gan.render(params(latent__truncate__psi=float("nan")), FakeSignals(0.0))


def test_captured_at_is_when_the_newest_input_came(make):
    gan = make(WALK, inputs=("hands.both", "audio.bass"))
    assert gan.render(params(), FakeSignals(7.0)).captured_at == 7.0
    signals = FakeSignals(6.5, hands__both=[0.0])
    signals.now = 7.0
    assert gan.render(params(), signals).captured_at == 6.5
