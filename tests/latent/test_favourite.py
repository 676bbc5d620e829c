"""Favourites in a show: as a walk, and as presets that a fader morphs through."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from installation.errors import InstallationError, ModelError
from installation.latent.favourites import Favourite
from installation.latent.keypoints import SEEDS
from installation.latent.slerp import slerp
from installation.latent.space import Space
from installation.params import ParamError

LIKED = (Favourite(3, stars=5), Favourite(14, psi=1.0, stars=2), Favourite(15, psi=0.5, stars=4))


def z(seed: int, size: int = 16) -> Any:
    return np.random.RandomState(seed).randn(size).astype(np.float32)


def kept_space(mapped: Any) -> Space:
    """The first and last favourite are seeds, the one between them a kept latent with a row a layer."""
    face = np.random.RandomState(4).randn(8, 12).astype(np.float32)
    return mapped.space(saved={"face": face}, favourites=(LIKED[0], Favourite(latent="face", psi=1.0), LIKED[2]))


@pytest.mark.parametrize("where", ["z", "w"])
def test_a_walk_through_favourites_is_the_walk_through_their_seeds(player: Any, mapped: Any, where: str) -> None:
    liked = player("walk", mapped.space(favourites=LIKED), seeds="favourites", space=where)
    seeds = player("walk", mapped.space(), seeds=(3.0, 14.0, 15.0), space=where)
    for frame in range(0, 600, 20):
        np.testing.assert_array_equal(liked(frame / 60, speed=0.5), seeds(frame / 60, speed=0.5))


def test_only_those_with_stars_enough(player: Any) -> None:
    space = Space(16, favourites=LIKED)
    for asked, seeds in (("favourites 4+", (3.0, 15.0)), ("favourites 1+", (3.0, 14.0, 15.0))):
        for position in (0.0, 0.3, 0.8):
            made = player("walk", space, seeds=asked)(0.0, speed=0.0, position=position)
            wanted = player("walk", space, seeds=seeds)(0.0, speed=0.0, position=position)
            np.testing.assert_array_equal(made, wanted)


def test_a_route_takes_them_too(player: Any, mapped: Any, latent_w: Any) -> None:
    space = mapped.space(favourites=LIKED)
    made = player("route", space, seeds="favourites 4+", layers="0-3")(0.0, z=latent_w, speed=0.0, position=0.3)
    wanted = player("route", space, seeds=(3.0, 15.0), layers="0-3")(0.0, z=latent_w, speed=0.0, position=0.3)
    np.testing.assert_array_equal(made, wanted)


def test_a_walk_in_w_passes_through_kept_latents(player: Any, mapped: Any) -> None:
    space = kept_space(mapped)
    walk = player("walk", space, seeds="favourites", space="w")
    np.testing.assert_allclose(walk(0.0, speed=0.0, position=1 / 3), space.saved["face"], atol=1e-5)
    np.testing.assert_allclose(walk(0.0, speed=0.0), np.tile(mapped(z(3)[None]), (8, 1)), atol=1e-5)
    route = player("route", space, seeds="favourites", layers="2-4")(0.0, z=space.centre, speed=0.0, position=1 / 3)
    np.testing.assert_allclose(route[2:5], space.saved["face"][2:5], atol=1e-5)
    np.testing.assert_array_equal(route[5:], space.centre[5:])


def test_a_walk_in_z_says_that_it_cannot_reach_them(player: Any, mapped: Any) -> None:
    with pytest.raises(InstallationError, match=r"at.seeds: 'face' was kept in w") as refused:
        player("walk", kept_space(mapped), seeds="favourites")
    assert "space: w" in refused.value.hint


def test_where_z_is_all_there_is_it_reaches_them(player: Any) -> None:
    kept = z(99)
    space = Space(16, saved={"eye": kept}, favourites=(Favourite(3), Favourite(latent="eye")))
    np.testing.assert_allclose(player("walk", space, seeds="favourites")(0.0, speed=0.0, position=0.5), kept, atol=1e-5)


@pytest.mark.parametrize("kind", ["walk", "favourite"])
def test_none_is_an_error_that_says_what_to_do(player: Any, kind: str) -> None:
    options = {"seeds": "favourites"} if kind == "walk" else {}
    with pytest.raises(InstallationError, match="this model has no favourites") as refused:
        player(kind, 16, **options)
    assert "installation favourites add this model SEEDS" in refused.value.hint
    few = Space(16, favourites=(Favourite(3, stars=2),))
    options = {"seeds": "favourites 3+"} if kind == "walk" else {"stars": 3}
    with pytest.raises(InstallationError, match="no favourites with 3 stars or more"):
        player(kind, few, **options)


def test_a_kept_latent_that_is_gone_is_told(player: Any, mapped: Any) -> None:
    space = mapped.space(favourites=(Favourite(latent="face"),))
    for kind, options in (("favourite", {}), ("walk", {"seeds": "favourites", "space": "w"})):
        with pytest.raises((InstallationError, ModelError), match="tiny has kept no latent 'face'"):
            player(kind, space, **options)


def test_what_a_show_may_write_for_seeds() -> None:
    assert SEEDS.read([3, 14]) == (3.0, 14.0)
    assert SEEDS.read("favourites 4+") == "favourites 4+"
    assert SEEDS.at("generator.latent.walk").read("favourites") == "favourites"
    for wrong in ("favorites", "favourites 6+", "favourites 4", 12, [], ["favourites"], [-1]):
        with pytest.raises(ParamError):
            SEEDS.read(wrong)


def test_presets_in_w_are_met_as_they_were_chosen(player: Any, mapped: Any, latent_w: Any) -> None:
    space = kept_space(mapped)
    preset = player("favourite", space)
    first = space.centre + np.float32(0.7) * (mapped(z(3)[None]) - space.centre)
    last = space.centre + np.float32(0.5) * (mapped(z(15)[None]) - space.centre)
    face = space.saved["face"]
    wanted = {1.0: first, 2.0: face, 1.5: (first + face) / 2, 2.25: 0.75 * face + 0.25 * last, 3.0: last, 99.0: last}
    for number, ws in wanted.items():
        np.testing.assert_allclose(preset(0.0, z=latent_w, number=number), ws, atol=2e-5, err_msg=str(number))
    np.testing.assert_array_equal(preset(0.0, z=latent_w, number=2.0, amount=0.0), latent_w)
    half = preset(0.0, z=latent_w, number=2.0, amount=0.5)
    np.testing.assert_allclose(half, (latent_w + face) / 2, atol=1e-5)


def test_presets_keep_to_their_layers_and_stars(player: Any, mapped: Any, latent_w: Any) -> None:
    space = mapped.space(favourites=LIKED)
    made = player("favourite", space, layers="0-3", stars=4)(0.0, z=latent_w, number=2.0)
    last = space.centre + np.float32(0.5) * (mapped(z(15)[None]) - space.centre)
    np.testing.assert_allclose(made[:4], last[:4], atol=1e-5)
    np.testing.assert_array_equal(made[4:], latent_w[4:])


def test_presets_follow_the_classes(player: Any, mapped: Any, latent_w: Any) -> None:
    preset = player("favourite", mapped.space(favourites=LIKED))
    before = preset(0.0, z=latent_w, number=2.0)
    calls = mapped.calls
    preset(0.1, z=latent_w, number=2.5)
    assert mapped.calls == calls  # known already
    mapped.classes = 0.5
    np.testing.assert_allclose(preset(0.2, z=latent_w, number=2.0), before + 0.5, atol=1e-5)  # at psi 1


def test_presets_in_z_go_along_the_shell(player: Any) -> None:
    preset = player("favourite", Space(128, favourites=(Favourite(3, psi=1.0), Favourite(14, psi=1.0))))
    a, b = z(3, 128).astype(float), z(14, 128).astype(float)
    np.testing.assert_allclose(preset(0.0, z=z(7, 128), number=1.0), a, atol=1e-5)
    np.testing.assert_allclose(preset(0.0, z=z(7, 128), number=2.0), b, atol=1e-5)
    na, nb = np.linalg.norm(a), np.linalg.norm(b)
    wanted = (na + nb) / 2 * slerp(a / na, b / nb, 0.5)
    np.testing.assert_allclose(preset(0.0, z=z(7, 128), number=1.5), wanted, atol=1e-4)
    np.testing.assert_allclose(preset(0.0, z=z(7, 128), amount=0.0), z(7, 128), atol=1e-5)


def test_one_alone_is_everywhere(player: Any) -> None:
    preset = player("favourite", Space(16, favourites=(Favourite(3, psi=1.0),)))
    for number in (1.0, 1.5, 7.0):
        np.testing.assert_allclose(preset(0.0, number=number), z(3), atol=1e-5)


def test_it_moves_without_a_jump(player: Any, mapped: Any, latent_w: Any) -> None:
    preset = player("favourite", mapped.space(favourites=LIKED))
    path = [preset(0.0, z=latent_w, number=number) for number in np.linspace(1, 3, 401)]
    steps = np.abs(np.diff(path, axis=0)).max(axis=(1, 2))
    assert steps.max() < 0.05
    assert steps.min() > 0
