"""Where material is found: the first place that has it wins, file by file."""

from pathlib import Path

import pytest

from installation.errors import InstallationError
from installation.library import PACKAGE, Library, cache_dir


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A home and a working folder that both hold a show named both."""
    home, work = tmp_path / "home", tmp_path / "work"
    for place, own in ((home, "mine"), (work, "here")):
        (place / "show_configs").mkdir(parents=True)
        (place / "shaders" / "lib").mkdir(parents=True)
        (place / "models" / own).mkdir(parents=True)
        (place / "models" / own / "model.yaml").write_text("")
        (place / "models" / "empty").mkdir()
        (place / "takes" / own).mkdir(parents=True)
        (place / "takes" / own / "take.json").write_text("{}")
        for name in (own, "both"):
            (place / "show_configs" / f"{name}.yaml").write_text(str(place))
            (place / "shaders" / f"{name}.fs").write_text("")
        (place / "shaders" / ".hidden.fs").write_text("")
        (place / "favourites").mkdir()
        (place / "favourites" / f"{own}.yaml").write_text("")
    monkeypatch.chdir(work)
    monkeypatch.delenv("INSTALLATION_HOME", raising=False)
    return home, work


def test_the_first_place_wins_file_by_file(places):
    home, work = places
    library = Library(home)
    assert library.show("both") == home / "show_configs" / "both.yaml"
    assert library.show("here") == work / "show_configs" / "here.yaml"
    assert Library().show("both") == work / "show_configs" / "both.yaml"


def test_the_environment_names_a_home_and_an_argument_beats_it(places, monkeypatch):
    home, work = places
    monkeypatch.setenv("INSTALLATION_HOME", str(home))
    assert Library().show("both").is_relative_to(home)
    assert Library(work).show("both").is_relative_to(work)


def test_a_home_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(InstallationError, match="does not exist") as caught:
        Library(tmp_path / "none")
    assert caught.value.hint == f"make one: installation new {tmp_path / 'none'}"


def test_an_unrelated_working_folder_is_no_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert tmp_path not in Library().places


def test_the_checkout_is_always_a_place(places):
    assert PACKAGE.parent in Library(places[0]).places


def test_a_show_by_path_name_or_file_name(places):
    home, _ = places
    library = Library(home)
    path = home / "show_configs" / "mine.yaml"
    assert library.show(str(path)) == path
    assert library.show("mine") == library.show("mine.yaml") == path
    for wrong in ("mne", "mne.yaml"):
        with pytest.raises(InstallationError, match="there is no show 'mne'") as caught:
            library.show(wrong)
        assert caught.value.hint == "did you mean 'mine'?"
    with pytest.raises(InstallationError, match=r"there is no show file elsewhere/mine\.yaml"):
        library.show("elsewhere/mine.yaml")


def test_models_are_those_with_a_card(places):
    home, work = places
    library = Library(home)
    assert {"mine", "here"} <= set(library.models())
    assert "empty" not in library.models()
    assert library.card("here") == work / "models" / "here" / "model.yaml"
    with pytest.raises(InstallationError, match="there is no model 'hera'"):
        library.card("hera")


def test_shaders_and_takes(places):
    home, work = places
    library = Library(home)
    assert {"mine", "here", "both"} <= set(library.shaders())
    assert not {"lib", ".hidden"} & set(library.shaders())
    assert library.shader("here") == work / "shaders" / "here.fs"
    assert library.take("here") == work / "takes" / "here"
    assert library.take(str(home / "takes" / "mine")) == Path(home / "takes" / "mine")
    with pytest.raises(InstallationError, match="there is no pass 'nothing'"):
        library.shader("nothing")


def test_favourites_are_found_or_are_none(places):
    home, work = places
    assert Library(home).favourites("mine") == home / "favourites" / "mine.yaml"
    assert Library(home).favourites("here") == work / "favourites" / "here.yaml"
    assert Library(home).favourites("other") is None


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../b"])
def test_a_name_cannot_leave_its_folder(places, name):
    with pytest.raises(InstallationError, match="is not a name inside shaders/"):
        Library(places[0]).find("shaders", name, "pass")


def test_the_cache_is_where_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path / "cache"))
    folder = cache_dir("models", "hands")
    assert folder == tmp_path / "cache" / "models" / "hands"
    assert folder.is_dir()
