"""Layers bent and two models blended, as inputs of the graph: against the networks built by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.backends.choose import load
from installation.checkpoints import card as cards
from installation.checkpoints import weights
from installation.errors import ModelError
from installation.library import Library
from installation.models import latents, recipes
from installation.models.altered import BLEND, Altered, dial
from installation.models.families import FAMILIES
from installation.models.latents import Latents
from tests import tiny_models

PICTURE, MAPPING = FAMILIES["stylegan2"].picture, FAMILIES["stylegan2"].helper


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    tiny_models.stylegan2(home, "a", 0)
    tiny_models.stylegan2(home, "b", 1)
    return Library(home)


@pytest.fixture(scope="module")
def pair(library):
    return cards.load("a", library), cards.load("b", library)


def ws(seed: int = 0) -> np.ndarray:
    return np.random.RandomState(seed).randn(8, tiny_models.W).astype(np.float32)


def picture(card, altered: Altered, backend: str = "torch", **live) -> np.ndarray:
    program = load(recipes.numeric(card, PICTURE, altered=altered), backend, "fp32")
    given = {**latents.at_rest(card), **latents.inputs(card, ws(), np.zeros((1, 0), np.float32)), **live}
    return np.array(program.run(given)[PICTURE.output])


def mixed(pair, amount: float) -> np.ndarray:
    """The network built from the two checkpoints' tensors, mixed one by one."""
    a, b = (weights.state(card) for card in pair)
    from installation.networks.stylegan2 import StyleGAN2

    state = {name: torch.lerp(a[name], b[name], amount) for name in a}
    net = StyleGAN2.from_state(state, **pair[0].network)
    return net(torch.from_numpy(ws())[None], torch.ones(7)).numpy()


@pytest.mark.parametrize("backend", ["torch", "openvino"])
@pytest.mark.parametrize("amount", [0.0, 0.4, 1.0])
def test_a_blend_is_the_blended_checkpoint(pair, amount, backend):
    made = picture(pair[0], Altered(blend=pair[1]), backend, **{BLEND: np.array([amount], np.float32)})
    wanted = mixed(pair, amount)
    assert np.abs(made - wanted).max() < (2e-5 if backend == "torch" else 1e-4) * wanted.std()


def test_a_blend_maps_with_the_blended_mapping(pair):
    blended = Latents(pair[0], "torch", pair[1])
    alone = [Latents(card, "torch") for card in pair]
    z, none = np.random.RandomState(0).randn(3, tiny_models.W).astype(np.float32), np.zeros((1, 0), np.float32)
    conditions = set()
    for amount, same in ((0.0, alone[0]), (1.0, alone[1])):
        blended.steer(none, amount)
        np.testing.assert_allclose(blended.space.map(z), same.space.map(z), atol=1e-5)
        np.testing.assert_allclose(blended.space.centre, same.space.centre, atol=1e-6)
        conditions.add(blended.space.condition())
    assert len(conditions) == 2  # who keeps a w sees that it is old


@pytest.mark.parametrize("backend", ["torch", "openvino"])
def test_a_dial_at_rest_changes_nothing_and_turned_it_does(pair, backend):
    plain, altered = picture(pair[0], Altered(), backend), Altered(bent=("b8_conv1",))
    still = picture(pair[0], altered, backend, **{dial("b8_conv1"): np.array([1, 0, 0], np.float32)})
    np.testing.assert_allclose(still, plain, atol=1e-5)
    for turned in ([1.5, 0, 0], [1, 0.25, 0], [1, 0, 0.7]):
        bent = picture(pair[0], altered, backend, **{dial("b8_conv1"): np.array(turned, np.float32)})
        assert np.abs(bent - plain).mean() > 0.05 * plain.std()


def test_both_at_once(pair):
    altered = Altered(bent=("b4_conv1", "b16_conv0"), blend=pair[1])
    live = {dial(name): np.array([1, 0, 0], np.float32) for name in altered.bent}
    made = picture(pair[0], altered, **{BLEND: np.array([0.4], np.float32)}, **live)
    assert np.abs(made - mixed(pair, 0.4)).max() < 1e-4 * made.std()


def test_each_is_another_graph(pair):
    every = [Altered(), Altered(("b4_conv1",)), Altered(("b8_conv1",)), Altered(blend=pair[1])]
    keys = {recipes.painted(pair[0], altered=altered).key() for altered in every}
    assert len(keys) == 4


def test_networks_of_two_shapes_are_refused(pair):
    with pytest.raises(ModelError, match="'a': no layer b64_conv1"):
        recipes.painted(pair[0], altered=Altered(("b64_conv1",))).build()
