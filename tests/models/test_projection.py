from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from installation.checkpoints import card as cards
from installation.errors import ModelError
from installation.latent import stored
from installation.library import Library
from installation.models import projection
from installation.models.sampled import Sampler
from installation.models.search import pyramid, rate
from tests import tiny_models

STEPS = 120


@pytest.fixture(autouse=True)
def one_thread():
    """A network this small gains nothing from a second thread, and waits 20 times as long for it on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def card(tmp_path):
    tiny_models.stylegan2(tmp_path, "plain")
    return cards.load("plain", Library(tmp_path))


def silent(done: int, total: int) -> None:
    """Nobody looks."""


@pytest.fixture
def own(card, tmp_path):
    """A picture that the model paints itself, as a file, and its w."""
    return painted(card, tmp_path)


def painted(card, tmp_path):
    sampler = Sampler(card, "torch")
    w = sampler.truncated(sampler.seeds([5])[0], 0.8)
    picture = sampler.paint(w)
    sampler.close()
    path = tmp_path / "My Own.PNG"
    cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGBA2BGR))
    return path, w, picture[..., :3]


def test_it_finds_the_latent_of_a_picture_the_model_painted(card, own):
    path, w, picture = own
    seen: list[int] = []
    found = projection.project(
        card, path, projection.plain_name(path), STEPS, False, lambda done, total: seen.append(done)
    )
    assert found.losses[0] > 10 * found.losses[-1]
    assert (len(found.losses), seen[-1]) == (STEPS, STEPS)
    assert np.linalg.norm(found.latent - w) < 0.3 * np.linalg.norm(w - w.mean())
    assert found.comparison.shape == (32, 64, 3)
    np.testing.assert_array_equal(found.comparison[:, :32], picture)
    assert np.abs(found.comparison[:, 32:].astype(float) - picture).mean() < 4
    assert found.path == card.folder / "latents" / "my_own.npz"
    np.testing.assert_array_equal(stored.Saved(card.folder)["my_own"], found.latent)


def test_wide_it_has_a_w_a_layer(card, own):
    found = projection.project(card, own[0], "wide", 40, True, silent)
    assert found.latent.shape == (8, 16)
    assert np.ptp(found.latent, axis=0).max() > 0.01
    assert found.losses[-1] < 0.5 * found.losses[0]


def test_a_model_that_paints_from_z_is_searched_in_z(tmp_path):
    tiny_models.dcgan(tmp_path, "z")
    card = cards.load("z", Library(tmp_path))
    path, z, _ = painted(card, tmp_path)
    found = projection.project(card, path, "x", STEPS, False, silent)
    assert found.latent.shape == z.shape == (16,)
    assert found.losses[-1] < found.losses[0] / 3
    assert np.corrcoef(found.latent, z)[0, 1] > 0.9


def test_the_same_picture_is_found_at_the_same_place(card, own):
    once, again = (projection.project(card, own[0], "x", 10, False, silent).latent for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_what_is_no_picture_is_refused(card, tmp_path):
    (tmp_path / "a.png").write_bytes(b"no picture")
    for path in (tmp_path / "a.png", tmp_path / "none.png", tmp_path):
        with pytest.raises(ModelError, match="is no picture that can be read"):
            projection.project(card, path, "x", 10, False, silent)


def test_names_are_plain():
    assert [projection.plain_name(Path(name)) for name in ("My Face.JPG", "../x.png", "Ä.png")] == [
        "my_face", "x", "picture",
    ]  # fmt: skip


def test_the_rate_rises_stays_and_falls():
    assert [rate(share) for share in (0, 0.05, 0.5, 0.75)] == [0, 1, 1, 1]
    assert rate(0.025) == pytest.approx(0.5)
    assert rate(0.875) == pytest.approx(0.5)
    assert rate(1.0) == pytest.approx(0)


def test_the_pyramid_loses_nothing():
    picture = torch.rand(1, 3, 50, 64, generator=torch.Generator().manual_seed(0))
    levels = pyramid(picture)
    assert [tuple(level.shape[2:]) for level in levels] == [(50, 64), (25, 32), (13, 16), (7, 8)]
    back = levels[-1]
    for level in reversed(levels[:-1]):
        back = level + torch.nn.functional.interpolate(back, level.shape[2:], mode="bilinear", align_corners=False)
    torch.testing.assert_close(back, picture)
