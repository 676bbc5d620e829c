from __future__ import annotations

import numpy as np
import pytest

from installation.checkpoints import card as cards
from installation.latent import stored
from installation.library import Library
from installation.models import latents, recipes
from installation.models.latents import Latents
from tests import tiny_models


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    tiny_models.stylegan2(home, "plain")
    tiny_models.stylegan2(home, "kinds", classes=("cat", "dog"))
    return Library(home)


def test_its_space_is_the_models(library):
    card = cards.load("plain", library)
    space = Latents(card, "torch").space
    assert (space.size, space.layers, space.centre.shape, space.model) == (16, 8, (8, 16), "plain")
    z = np.random.RandomState(0).randn(3, 16).astype(np.float32)
    import torch

    wanted = recipes.network(card).mapping(torch.from_numpy(z)).numpy()
    np.testing.assert_allclose(space.map(z), wanted, atol=1e-5)


def test_classes_move_w_and_say_so(library):
    made = Latents(cards.load("kinds", library), "torch")
    z = np.random.RandomState(0).randn(1, 16).astype(np.float32)
    first, before = made.space.map(z), made.space.condition()
    made.steer(np.array([[0, 1]], np.float32))
    assert made.space.condition() != before
    assert np.abs(made.space.map(z) - first).max() > 0.1


def test_what_lies_beside_the_card_is_found(library):
    card = cards.load("plain", library)
    stored.write_latent(card.folder, "face", np.ones((8, 16), np.float32))
    space = Latents(card, "torch").space
    assert list(space.saved) == ["face"]
    assert space.directions == {}


def test_everything_but_the_latent_is_at_rest(library):
    card = cards.load("kinds", library)
    rest = latents.at_rest(card)
    assert {name: array.tolist() for name, array in rest.items()} == {"noise": [1.0] * 7}
    assert latents.default_classes(card).tolist() == [[1.0, 0.0]]
    given = {**rest, **latents.inputs(card, np.zeros((8, 16), np.float32), latents.default_classes(card))}
    recipe = recipes.painted(card)
    assert set(given) == set(recipe.inputs)
    recipe.check(given)
