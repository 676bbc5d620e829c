"""data.yaml: read with every mistake at its place, and written so that it reads the same."""

import pytest

from installation.errors import Mistakes
from installation.training.data.about import About, read_about, write_about
from installation.training.data.published import SETS
from installation.training.data.spec import CropSpec


def test_a_folder_without_one_is_as_usual(tmp_path):
    assert read_about(tmp_path) == About()


def test_all_of_it_is_read(tmp_path):
    (tmp_path / "data.yaml").write_text(
        "title: Leaves\nlicence: mine\nfit: contain\nflip: false\nswap: true\n"
        "crops: {projection: equirectangular, across: [6, 9.5], turn: 20, weight: contrast, least_land: 0.2}\n"
        "credits: [a, b]\n"
    )
    crops = CropSpec("equirectangular", (6, 9.5), turn=20, weight="contrast", least_land=0.2)
    wanted = About("Leaves", licence="mine", fit="contain", flip=False, swap=True, crops=crops, credits=("a", "b"))
    assert read_about(tmp_path) == wanted


def test_a_globe_has_degrees_of_its_own(tmp_path):
    (tmp_path / "data.yaml").write_text("crops: {projection: equirectangular}")
    assert read_about(tmp_path).crops == CropSpec("equirectangular", (12, 24))
    (tmp_path / "data.yaml").write_text("crops: {weight: contrast}")
    assert read_about(tmp_path).crops == CropSpec("flat", (0.5, 1.0), weight="contrast")


def test_every_mistake_is_shown_at_its_place(tmp_path):
    (tmp_path / "data.yaml").write_text(
        "titel: x\nfit: crop\nflip: 1\ncrops:\n  across: [0.5, 3]\n  gamma: bright\n  weight: even\n  mask: ../x.png\n"
    )
    with pytest.raises(Mistakes) as caught:
        read_about(tmp_path)
    told = [(mistake.line, mistake.message) for mistake in caught.value.mistakes]
    assert told == [
        (1, "a data.yaml has no 'titel'"),
        (2, "fit must be one of cover, contain, stretch"),
        (3, "flip must be true or false"),
        (5, "across must be a number from 0.01 to 1"),
        (6, "gamma must be a number from 0.1 to 10"),
        (8, "mask must be a name beside data.yaml, without a path"),
    ]
    assert caught.value.mistakes[0].suggestion == "did you mean 'title'?"


@pytest.mark.parametrize("crops", ["[1]", "{across: 3}", "{across: [0.5, 0.2]}", "{weight: much}"])
def test_crops_that_are_none_are_refused(tmp_path, crops):
    (tmp_path / "data.yaml").write_text(f"crops: {crops}")
    with pytest.raises(Mistakes):
        read_about(tmp_path)


@pytest.mark.parametrize("name", SETS)
def test_what_is_written_reads_the_same(tmp_path, name):
    write_about(tmp_path, SETS[name].about)
    assert read_about(tmp_path) == SETS[name].about
