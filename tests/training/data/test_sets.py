"""Sets of pictures: what they promise, and how they come into a folder."""

import gzip
import hashlib
from dataclasses import replace

import cv2
import numpy as np
import pytest

from installation.checkpoints.fetch import Origin
from installation.errors import InstallationError, ModelError
from installation.training.data import land, nebulae, sets
from installation.training.data.about import read_about
from installation.training.data.published import SETS, Set

DATA = bytes(range(200))


def mask() -> bytes:
    cells = np.zeros((land.ROWS, land.COLUMNS), np.uint8)
    cells[:100, :200] = 1  # the south west
    cells[100:200, :200] = 2  # a lake
    return gzip.compress(cells.tobytes(), 1)


def toy(member: str, data: bytes = DATA) -> Origin:
    return Origin("pypi", "toy", "1.0", member, hashlib.sha256(data).hexdigest())


@pytest.fixture
def toy_set(cache, registry, monkeypatch):
    """Two pictures and a mask, out of a wheel that pip really finds."""
    packed = mask()
    wheel = registry("toy", {"toy/a.jpg": DATA, "toy/b.jpg": DATA, "toy/m.bin": packed})
    files = {"a.jpg": toy("toy/a.jpg"), "b.jpg": toy("toy/b.jpg"), "land.bin": toy("toy/m.bin", packed)}
    one = Set(SETS["earth"].about, files, raw={"land.bin": "land.png"})
    monkeypatch.setattr(sets, "SETS", {"toy": one})
    return wheel


def test_every_set_says_whose_it_is_and_what_it_costs():
    for name, one in SETS.items():
        about = one.about
        assert all((about.title, about.author, about.licence, about.source)), name
        assert one.size > 1e6
        assert about.crops is not None
        if about.crops.mask:
            assert about.crops.mask in one.raw.values()


def test_every_nebula_has_a_credit_and_a_licence_without_strings():
    licences = {licence for _, licence in nebulae.PICTURES}
    assert licences == {"public domain", "CC0 1.0", "CC BY 3.0", "CC BY 4.0"}
    names = [name for pictures in nebulae.PICTURES.values() for name in pictures]
    assert len(names) == len(set(names)) == len(SETS["nebulae"].files)
    credits = " ".join(SETS["nebulae"].about.credits)
    assert all(name in credits for name in names)


def test_a_set_comes_with_all_that_is_needed(toy_set, cache):
    folder = sets.get("toy")
    assert folder == cache / "data" / "toy"
    assert sorted(path.name for path in folder.iterdir()) == ["a.jpg", "b.jpg", "data.yaml", "land.png"]
    assert (folder / "a.jpg").read_bytes() == DATA
    assert read_about(folder) == SETS["earth"].about
    assert sets.find("toy") == folder


def test_the_second_time_nothing_is_fetched(toy_set, tmp_path):
    sets.get("toy")
    toy_set.unlink()
    sets.get("toy")
    own = sets.get("toy", tmp_path / "own")  # out of what is kept
    assert (own / "b.jpg").read_bytes() == DATA


def test_a_folder_with_other_things_is_left_alone(toy_set, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(InstallationError, match="holds other things"):
        sets.get("toy", tmp_path)
    (tmp_path / "data.yaml").write_text("title: Mine")
    with pytest.raises(InstallationError, match="holds other things"):
        sets.get("toy", tmp_path)


def test_another_picture_than_the_one_that_was_read_is_not_taken(toy_set, cache, monkeypatch):
    one = sets.SETS["toy"]
    other = {**one.files, "b.jpg": toy("toy/b.jpg", b"as it was")}
    monkeypatch.setattr(sets, "SETS", {"toy": replace(one, files=other)})
    with pytest.raises(ModelError, match=r"b\.jpg of 'toy' is not in this version of its package"):
        sets.get("toy")
    assert not (cache / "data" / "toy").exists()
    monkeypatch.setattr(sets, "SETS", {"toy": replace(one, files=other, lenient=True)})
    monkeypatch.setattr(sets, "FEWEST", 2)
    assert not (sets.get("toy") / "b.jpg").exists()


def test_what_is_not_known_or_not_here_is_one_line(cache, tmp_path):
    assert sets.find(str(tmp_path)) == tmp_path
    with pytest.raises(InstallationError, match="there is no folder or set") as caught:
        sets.find("erth")
    assert caught.value.hint == "did you mean 'earth'?"
    with pytest.raises(InstallationError, match="are not here yet") as caught:
        sets.find("earth")
    assert caught.value.hint == "installation data get earth"
    with pytest.raises(InstallationError, match="there is no set"):
        sets.get("erth")


def test_land_is_white_and_north_is_up():
    pixels = cv2.imdecode(np.frombuffer(land.picture(mask()), np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels.shape == (2160, 4320)
    assert (pixels[-100:, :200] == 255).all()
    assert int((pixels == 255).sum()) == 100 * 200
    with pytest.raises(ModelError, match="land mask cannot be read"):
        land.picture(b"\x1f\x8bxx")
