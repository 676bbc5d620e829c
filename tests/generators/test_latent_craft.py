"""What a StyleGAN offers a show beside its latent: noise, bent layers, a second model, latents and directions kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from installation.errors import InstallationError, Mistakes
from installation.generators.base import Place
from installation.generators.gan import Gan
from installation.latent import stored
from installation.latent.space import Direction
from installation.library import Library
from installation.show.load import load
from tests import tiny_models
from tests.fakes import FakeSignals


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    for name, seed in (("a", 0), ("b", 1)):
        tiny_models.stylegan2(home, name, seed)
    tiny_models.stylegan2(home, "kinds", 2, classes=("cat", "dog"))
    folder = home / "models" / "a"
    stored.write_directions(folder / stored.DIRECTIONS, {"sefa.0": Direction(np.eye(16, dtype=np.float32)[0], 2.0)})
    stored.write_latent(folder, "face", np.random.RandomState(5).randn(8, 16).astype(np.float32))
    return Library(home)


class Stand:
    """A generator as a show file asks for it, and its live parameters."""

    def __init__(self, library: Library, tmp_path: Any, text: str) -> None:
        body = "".join(f"  {line}\n" for line in text.strip().splitlines())
        path = tmp_path / "show.yaml"
        path.write_text(
            f"title: t\ngenerator:\n  kind: gan\n  backend: torch\n  precision: fp32\n{body}", encoding="utf-8"
        )
        show = load(path, library)
        self.params = show.params.defaults()
        self.gan = Gan(show.generator.options, show.steps, Place(library))
        self.gan.prepare()
        self.gan.warm_up()

    def __call__(self, now: float = 0.0, **changes: float) -> np.ndarray:
        live = {f"generator.{name.replace('__', '.')}": value for name, value in changes.items()}
        assert set(live) <= set(self.params), set(live) - set(self.params)
        return self.gan.render(self.params | live, FakeSignals(now)).pixels[..., :3].astype(int)


@pytest.fixture
def stand(library, tmp_path):
    return lambda text: Stand(library, tmp_path, text)


def far(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())


def test_the_latent_walks_and_truncates_in_w(stand):
    show = stand("model: a\nlatent: [{walk: {seeds: [1, 2, 3], speed: 1}}, {truncate: {psi: 1, cutoff: 4}}]")
    assert far(show(0.0), show(1.0)) > 5
    mean = stand("model: a")()
    whole = stand("model: a\nlatent: [walk, truncate]")
    np.testing.assert_array_equal(whole(latent__truncate__psi=0.0), mean)
    assert far(show(0.5, latent__truncate__psi=0.0), mean) > 2  # the layers from 4 on are left alone


def test_noise_is_live_for_all_layers_and_for_one(stand):
    show = stand("model: a\nnoise: {all: 1, 3: 0.5}\nlatent: [{walk: {speed: 0}}]")
    assert [name for name in show.params if ".noise." in name][:2] == ["generator.noise.all", "generator.noise.0"]
    assert show.params["generator.noise.3"] == 0.5
    none = show(noise__all=0.0)
    assert far(show(), none) > 0.5
    assert 0 < far(show(noise__6=0.0), show()) < far(show(), none)
    np.testing.assert_array_equal(show(noise__all=0.0, noise__2=3.0), none)


def test_layers_are_bent_live(stand):
    show = stand("model: a\nlatent: [{walk: {speed: 0}}]\nbend: [b8_conv1, {b16_conv0: {scale: 1.0, rotate: 0}}]")
    plain = stand("model: a\nlatent: [{walk: {speed: 0}}]")()
    assert far(show(), plain) < 0.05  # a byte may round another way
    for change in (
        {"bend__b8_conv1__rotate": 0.25},
        {"bend__b16_conv0__scale": 2.0},
        {"bend__b8_conv1__threshold": 1.0},
    ):
        assert far(show(**change), plain) > 3, change


def test_a_second_model_is_mixed_in_live(stand):
    walk = "latent: [{walk: {speed: 0}}]"
    show, a, b = stand(f"model: a\nblend: b\n{walk}"), stand(f"model: a\n{walk}")(), stand(f"model: b\n{walk}")()
    assert far(show(), a) < 0.05
    assert far(show(blend_amount=1.0), b) < 0.05
    half = show(blend_amount=0.5)
    assert min(far(half, a), far(half, b)) > 3
    assert Gan.needs({"model": "a", "blend": "b"}) == ("a", "b")


def test_directions_and_kept_latents_are_reached(stand):
    show = stand("model: a\nlatent: [{direction: {name: sefa.0}}, {recall: {latent: face, layers: 4-, amount: 0}}]")
    plain = show()
    assert far(show(latent__direction__amount=3.0), plain) > 3
    assert far(show(latent__recall__amount=1.0), plain) > 3


def test_every_latent_step_can_be_in_one_show(stand):
    show = stand(
        """
model: a
latent:
  - walk: {seeds: [1, 2], speed: 0.1}
  - truncate: {psi: 0.7, cutoff: 6}
  - route: {layers: 5-, seeds: [7, 8], speed: -0.4}
  - style_mix: {layers: 0-1, seed: 12, amount: 0.5}
  - direction: {name: sefa.0, layers: 2-4, amount: 1}
  - direction: {name: sefa.0, layers: -1, amount: -1}
  - recall: {latent: face, amount: 0.2}
"""
    )
    assert "generator.latent.direction_2.amount" in show.params
    assert far(show(0.0), show(1.0)) > 1


def test_classes_steer_the_mapping(stand):
    show = stand("model: kinds\nlatent: [{walk: {space: w, speed: 0}}]")
    cat, dog = show(kind__cat=1.0), show(kind__dog=1.0)
    assert far(cat, dog) > 3
    np.testing.assert_array_equal(show(), cat)  # the card's default


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model: a\nbend: [b64_conv1]", "bend.b64_conv1: the model 'a' has no such layer"),
        ("model: a\nbend: [b8_conv1, b8_conv1]", "bend.b8_conv1 is bent twice"),
        (
            "model: a\nlatent: [truncate, walk]",
            "latent.walk works in z, and generator.latent.truncate before",
        ),
        ("model: a\nlatent: [{route: {layers: 9-}}]", "generator.latent.route.layers is '9-'"),
        ("model: a\nlatent: [{direction: {name: sefa.7}}]", "a has no direction 'sefa.7'"),
        ("model: a\nlatent: [{recall: {latent: fece}}]", "a has kept no latent 'fece'"),
    ],
)
def test_what_cannot_be_is_refused_before_the_show(stand, text, said):
    with pytest.raises(InstallationError) as refused:
        stand(text)
    assert said in refused.value.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model: a\nblend: kinds", "blend: 'kinds' and 'a' are networks of different shapes"),
        ("model: a\nblend: nobody", "nobody"),
        ("model: a\nstatistics: correct", "statistics: 'a' is a stylegan2; only a BigGAN stores some"),
        ("model: a\nnoise: {9: 1}", "noise"),
        ("model: a\nbend: [{b8_conv1: {twist: 1}}]", "twist"),
    ],
)
def test_mistakes_are_pointed_at_in_the_file(stand, text, said):
    with pytest.raises(Mistakes) as refused:
        stand(text)
    assert any(said in mistake.message for mistake in refused.value.mistakes)
