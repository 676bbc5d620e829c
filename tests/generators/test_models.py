"""Sliders to lawful weights; cards to recipes; the real models alike on every backend."""

import hashlib

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import save

from installation.backends.choose import load
from installation.backends.recipe import Input
from installation.checkpoints import card as cards
from installation.checkpoints.card import Classes
from installation.errors import ModelError
from installation.generators import models
from installation.library import Library
from installation.models import recipes

COLOURS = Classes("colour", "blue", ("red", "blue", "green"))


def mix(**weights: float) -> list[float]:
    params = {f"generator.colour.{name}": weights.get(name, 0.0) for name in COLOURS.names}
    return models.mixture(COLOURS, params)[0].tolist()


def test_only_the_ratios_of_the_sliders_count():
    assert mix(red=1) == [1, 0, 0]
    assert mix(red=0.3, green=0.3) == pytest.approx([0.5, 0, 0.5])
    assert mix(red=1, blue=1, green=1) == pytest.approx([1 / 3] * 3)


def test_with_all_sliders_down_the_default_is_alone():
    assert mix() == [0, 1, 0]


def test_the_way_down_to_nothing_has_no_jump():
    steps = [mix(red=level) for level in np.linspace(0.3, 0, 301)]
    jumps = np.abs(np.diff(steps, axis=0)).max()
    assert jumps < 0.02
    assert steps[0] == [1, 0, 0]
    assert steps[-1] == [0, 1, 0]


def test_every_class_is_a_live_parameter_with_help():
    params = models.class_params(COLOURS)
    assert [param.name for param in params] == ["colour.red", "colour.blue", "colour.green"]
    assert all(param.live and param.help and (param.low, param.high) == (0.0, 1.0) for param in params)
    assert models.class_params(None) == ()


def test_what_is_not_finite_stops_at_the_border():
    with pytest.raises(ModelError, match="the generator's input z is not finite"):
        models.finite({"z": np.array([0.0, np.nan], np.float32)})


def test_inputs_come_from_the_card(library, eyes, painters):
    assert recipes.painted(cards.load(eyes, library)).inputs == {
        "z": Input((1, 100), "float32"),
        "classes": Input((1, 8), "float32"),
    }
    recipe = recipes.painted(cards.load(painters, library), (64, 32))
    assert recipe.inputs["image"] == Input((1, 32, 64, 3), "uint8")
    assert set(recipe.inputs) == set(cards.load(painters, library).inputs)


def test_a_model_that_is_not_fetched_says_how(library, monkeypatch, tmp_path):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match=r"the model 'omniart-eyes' lacks generator_model_state.pth") as caught:
        recipes.painted(cards.load("omniart-eyes", library))
    assert "installation models get omniart-eyes" in caught.value.hint


def test_weights_of_another_family_are_refused_by_name(tmp_path):
    folder = tmp_path / "models" / "odd"
    folder.mkdir(parents=True)
    data = save({"synthesis.b4.const": torch.zeros(4)})
    (folder / "w.safetensors").write_bytes(data)
    (folder / "model.yaml").write_text(
        "title: t\nfamily: dcgan\nlatent: 4\nlicence: l\nauthor: a\nsource: s\n"
        f"weights: [{{file: w.safetensors, sha256: {hashlib.sha256(data).hexdigest()}}}]\n"
    )
    card = cards.load("odd", Library(tmp_path))
    with pytest.raises(ModelError, match=r"the weights of 'odd' are no dcgan: no DCGAN generator: .* synthesis"):
        load(recipes.painted(card), "torch", "fp32")


def scene(size: tuple[int, int]) -> np.ndarray:
    """As much detail at every scale as a photograph has (1/f). On flat, soft ground a style invents its texture out of
    rounding noise, and no two precisions invent the same.
    """
    rng = np.random.RandomState(9)
    octaves = [
        cv2.resize(rng.randn(2 + 3 * 2**k, 2 + 4 * 2**k, 3), size, interpolation=cv2.INTER_CUBIC) for k in range(5)
    ]
    return np.clip(128 + 60 * sum(layer / 1.5**k for k, layer in enumerate(octaves)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("model", ["omniart-eyes", "multistyle"])
def test_a_real_model_gives_the_same_bytes_on_every_backend(library, eyes, painters, model):
    """fp32 within one level at the edge of rounding; bf16 within 3e-2 of the picture's own contrast."""
    card = cards.load(model, library)
    size = card.resolution or (192, 112)
    rng = np.random.RandomState(46)
    default = card.classes.names.index(card.classes.default)
    classes = np.eye(1, len(card.classes.names), default, dtype=np.float32)
    if card.latent:
        given = {"z": rng.randn(1, card.latent).astype(np.float32), "classes": classes}
    else:
        given = {"image": scene(size)[None], "styles": classes, "strength": np.ones(1, np.float32)}
    recipe = recipes.painted(card, size)
    made = {
        (backend, precision): load(recipe, backend, precision).run(given)[models.OUTPUT].astype(float)
        for backend, precision in (("torch", "fp32"), ("openvino", "fp32"), ("openvino", "bf16"))
    }
    exact = made["torch", "fp32"]
    contrast = exact[..., :3].std()
    assert contrast > 10
    assert np.abs(made["openvino", "fp32"] - exact).max() <= 1
    assert (made["openvino", "fp32"] != exact).mean() < 0.001
    assert np.sqrt(np.mean((made["openvino", "bf16"] - exact)[..., :3] ** 2)) / contrast < 3e-2
    assert all((picture[..., 3] == 255).all() for picture in made.values())
