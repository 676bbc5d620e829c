from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.checkpoints import card as cards
from installation.errors import ModelError
from installation.latent import stored
from installation.latent.space import Direction
from installation.library import Library
from installation.models import directions, recipes
from tests import tiny_models


@pytest.fixture
def card(tmp_path):
    tiny_models.stylegan2(tmp_path, "plain")
    return cards.load("plain", Library(tmp_path))


def silent(done: int, total: int) -> None:
    """Nobody looks."""


def test_they_are_the_principal_components_of_w(card):
    found = stored.read_directions(directions.find(card, 4000, 3, 0, "torch", silent))
    assert [name for name in found if name.startswith("ganspace")] == ["ganspace.0", "ganspace.1", "ganspace.2"]
    z = torch.randn(20_000, 16, generator=torch.Generator().manual_seed(7))
    w = recipes.network(card).mapping(z).numpy()
    values, axes = np.linalg.eigh(np.cov(w.T))
    for k in range(3):
        direction = found[f"ganspace.{k}"]
        assert direction.sigma == pytest.approx(values[-1 - k] ** 0.5, rel=0.05)
        assert abs(float(direction.vector @ axes[:, -1 - k])) > 0.97


def test_sefa_is_measured_in_the_models_own_deviations(card):
    net = recipes.network(card)
    found = directions.found_in_weights(net)
    w = net.mapping(torch.randn(20_000, 16, generator=torch.Generator().manual_seed(7))).numpy()
    for direction in (found["sefa.0"], found["sefa.5"]):
        assert direction.sigma == pytest.approx((w @ direction.vector).std(), rel=0.1)


def test_it_tells_how_far_it_is_and_comes_out_the_same_again(card):
    seen: list[tuple[int, int]] = []
    path = directions.find(card, 250, 4, 3, "torch", lambda done, total: seen.append((done, total)))
    assert seen == [(100, 250), (200, 250), (250, 250)]
    first = path.read_bytes()
    directions.find(card, 250, 4, 3, "torch", silent)
    assert path.read_bytes() == first


def test_what_an_artist_put_there_stays(card):
    path = card.folder / stored.DIRECTIONS
    stored.write_directions(
        path, {"mine": Direction(np.ones(16, np.float32)), "ganspace.9": Direction(np.ones(16, np.float32))}
    )
    directions.find(card, 200, 4, 0, "torch", silent)
    found = stored.read_directions(path)
    assert "mine" in found
    assert "ganspace.9" not in found  # of an older search


def test_classes_are_drawn_evenly(tmp_path):
    tiny_models.stylegan2(tmp_path, "kinds", classes=("cat", "dog"))
    card = cards.load("kinds", Library(tmp_path))
    assert "ganspace.3" in stored.read_directions(directions.find(card, 300, 4, 0, "torch", silent))


@pytest.mark.parametrize(("samples", "said"), [(1, "1 samples"), (10**9, "1000000000 samples")])
def test_too_few_or_too_many_are_refused(card, samples, said):
    with pytest.raises(ModelError, match=said):
        directions.find(card, samples, 4, 0, "torch", silent)


def test_a_model_that_paints_from_z_has_directions_of_z(tmp_path):
    """A step along one moves its coordinate of the first layer's activations most, and the others hardly."""
    tiny_models.dcgan(tmp_path, "plain")
    card = cards.load("plain", Library(tmp_path))
    found = stored.read_directions(directions.find(card, 3000, 3, 0, "torch", silent))
    assert all(found[name].vector.shape == (16,) for name in ("sefa.0", "sefa.15", "ganspace.0", "ganspace.2"))
    assert found["sefa.3"].sigma == 1.0  # z is normal
    first = recipes.network(card).first
    z = torch.randn(2000, 16, generator=torch.Generator().manual_seed(7))

    def moved(way: np.ndarray) -> float:
        return float((first(z + torch.from_numpy(way)) - first(z)).square().sum((1, 2, 3)).mean())

    random = np.random.RandomState(0).randn(50, 16).astype(np.float32)
    usual = np.mean([moved(way / np.linalg.norm(way)) for way in random])
    strengths = [moved(found[f"ganspace.{k}"].vector) for k in range(3)]
    assert min(strengths) > usual
    assert strengths == sorted(strengths, reverse=True)


def test_a_model_that_paints_from_pictures_is_refused():
    with pytest.raises(ModelError, match="paints from pictures"):
        directions.find(cards.load("multistyle", Library()), 100, 4, 0, "torch", silent)
