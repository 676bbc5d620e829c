"""``favourites`` as a person types it, on a small model, in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from PIL.PdfParser import PdfParser

from installation.checkpoints import card as cards
from installation.cli import app
from installation.errors import InstallationError, Mistakes, ModelError
from installation.latent import stored
from installation.latent.favourites import Favourite
from installation.library import Library
from installation.models.prints import favourites_sheet
from installation.models.prints.painted import pictures
from installation.models.prints.paper import PAPERS, dots, on_white
from installation.show.load import load
from tests import tiny_models

Do = Callable[..., str]

TORCH = ("--backend", "torch")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose model is never changed."""
    home = tmp_path_factory.mktemp("made")
    tiny_models.stylegan2(home, "tiny")
    stored.write_latent(home / "models" / "tiny", "face", np.full((8, 16), 0.5, np.float32))
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "models").symlink_to(made / "models")
    monkeypatch.delenv("INSTALLATION_HOME", raising=False)
    return tmp_path


@pytest.fixture
def do(home: Path, capsys: pytest.CaptureFixture[str]) -> Do:
    def run(*words: Any) -> str:
        capsys.readouterr()
        app(["favourites", *map(str, words), "--home", str(home)], result_action="return_value")
        return capsys.readouterr().out

    return run


def text(home: Path) -> str:
    return (home / "favourites" / "tiny.yaml").read_text()


def test_a_list_grows_changes_and_shrinks(do: Do, home: Path) -> None:
    assert "installation favourites add tiny SEEDS" in do("list", "tiny")
    do("add", "tiny", "3,14-16", "--stars", 4, "--note", "the long coast")
    (home / "favourites" / "tiny.yaml").write_text(text(home) + "# by hand\n")
    assert "1 added, 1 there already" in do("add", "tiny", "face,16", "--stars", 5)
    do("add", "tiny", "3", "--psi", 1)
    do("star", "tiny", 14, 1)
    do("remove", "tiny", 15)
    assert text(home).splitlines()[1:] == [
        "- {seed: 3, psi: 0.7, stars: 4, note: the long coast}",
        "- {seed: 14, psi: 0.7, stars: 1, note: the long coast}",
        "- {seed: 16, psi: 0.7, stars: 5, note: the long coast}",
        "# by hand",
        "- {latent: face, stars: 5}",
        "- {seed: 3, psi: 1, stars: 3}",
    ]
    listed = json.loads(do("list", "tiny", "--json"))
    assert [(row["number"], row["seed"], row["stars"]) for row in listed] == [
        (1, 3, 4), (2, 14, 1), (3, 16, 5), (4, None, 5), (5, 3, 3),
    ]  # fmt: skip
    best = [line.split()[0] for line in do("list", "tiny").splitlines()[1:]]
    assert best == ["3", "4", "1", "5", "2"]


def test_what_cannot_be_is_refused_and_nothing_is_written(do: Do, home: Path) -> None:
    do("add", "tiny", "3")
    do("add", "tiny", "3", "--psi", 1)
    before = text(home)
    wrong: list[tuple[tuple[Any, ...], str]] = [
        (("add", "tiny", "fase"), "neither a seed nor a latent"),
        (("add", "tiny", "5-x"), "neither a seed nor a latent"),
        (("add", "tiny", "5-2"), "seeds cannot be"),
        (("add", "tiny", "4", "--stars", 6), r"outside its range 1\.\.5"),
        (("add", "tiny", "4", "--psi", 3), r"outside its range 0\.\.2"),
        (("star", "tiny", 3, 5), "kept at psi 0.7, 1"),
        (("star", "tiny", 3, 9, "--psi", 1), r"outside its range 1\.\.5"),
        (("star", "tiny", 4, 5), "'4' is none of the favourites"),
        (("remove", "tiny", 3, "--psi", 0.5), "'3' at psi 0.5 is none"),
        (("sheet", "tiny", "--stars", 5), "no favourites with 5 stars"),
        (("sheet", "tiny", "-o", "a.jpg"), "a page is a .pdf or a .png"),
        (("tracing", "tiny", 3, "--psi", 1, "--wall", "4m"), "a wall cannot be '4m'"),
        (("tracing", "tiny", 3, "--psi", 1, "--tones", 1), "1 tones"),
        (("tracing", "tiny", 3, "--psi", 1, "--tiles", "--cell", 25), "are 384 pages"),
        (("list", "tony"), "there is no model 'tony'"),
    ]
    for words, told in wrong:
        with pytest.raises((InstallationError, ModelError), match=told):
            do(*words)
    assert text(home) == before


def test_a_broken_file_is_told_with_its_place_and_left_alone(do: Do, home: Path) -> None:
    (home / "favourites").mkdir()
    (home / "favourites" / "tiny.yaml").write_text("- {seed: 3}\n- {seed: 4, starz: 2}\n")
    with pytest.raises(Mistakes, match=r"tiny\.yaml:2:13: a favourite has no 'starz'"):
        do("add", "tiny", "5")
    assert "starz" in text(home)


def test_the_list_of_another_place_is_copied_into_ones_own(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, do: Do, home: Path
) -> None:
    work = tmp_path / "work"
    (work / "favourites").mkdir(parents=True)
    (work / "favourites" / "tiny.yaml").write_text("# the house's\n- {seed: 9}\n")
    monkeypatch.chdir(work)
    assert "begun as a copy of favourites/tiny.yaml" in do("add", "tiny", "3")
    assert text(home) == "# the house's\n- {seed: 9}\n- {seed: 3, psi: 0.7, stars: 3}\n"
    assert (work / "favourites" / "tiny.yaml").read_text() == "# the house's\n- {seed: 9}\n"
    # Without a home it is changed where it is, if that is one's own: here the working folder, behind another home.
    (work / "models").symlink_to(made / "models")
    (tmp_path / "first" / "shaders").mkdir(parents=True)
    monkeypatch.setenv("INSTALLATION_HOME", str(tmp_path / "first"))
    app(["favourites", "star", "tiny", "9", "5"], result_action="return_value")
    assert (work / "favourites" / "tiny.yaml").read_text() == "# the house's\n- {seed: 9, stars: 5}\n"


def test_the_sheet_is_the_pictures(do: Do, home: Path) -> None:
    do("add", "tiny", "3,14,15")
    do("add", "tiny", "face", "--stars", 5)
    do("sheet", "tiny", "-o", home / "a.png", "--backend", "torch")
    page = cv2.cvtColor(cv2.imread(str(home / "a.png")), cv2.COLOR_BGR2RGB)
    card = cards.load("tiny", Library(home))
    liked = [Favourite(3), Favourite(14), Favourite(15), Favourite(latent="face", psi=1.0)]
    painted = pictures(card, liked, "torch", lambda done, total: None)
    plan = favourites_sheet.layout(4, 1.0, PAPERS["a4"])
    assert page.shape == (dots(plan.paper.height), dots(plan.paper.width), 3)
    for number, picture in enumerate(painted):
        x, y = plan.place(number)
        size = (dots(x + plan.width) - dots(x), dots(y + plan.height) - dots(y))
        wanted = cv2.resize(on_white(picture), size, interpolation=cv2.INTER_LANCZOS4)
        there = page[dots(y) : dots(y) + size[1], dots(x) : dots(x) + size[0]]
        assert np.abs(there.astype(int) - wanted).max() <= 2
    assert np.abs(painted[0].astype(int) - painted[3]).mean() > 5
    do("sheet", "tiny", "-o", home / "a.pdf", "--stars", 5, "--paper", "a3", "--backend", "torch")
    with PdfParser(str(home / "a.pdf")) as pdf:
        (ref,) = pdf.pages
        box = sorted(float(number) for number in pdf.read_indirect(ref)[b"MediaBox"])
    assert box[2:] == pytest.approx([297 / 25.4 * 72, 420 / 25.4 * 72], abs=0.3)


def test_a_tracing_is_two_pages_and_the_tiles(do: Do, home: Path) -> None:
    told = do("tracing", "tiny", 7, "--wall", "60x40", "--cell", 20, "-o", home / "t.pdf", "--tiles", *TORCH)
    with PdfParser(str(home / "t.pdf")) as pdf:
        pages = len(pdf.pages)
    assert pages == 2 + 12  # 20 cm are more than A4 is wide: half a cell a page
    assert "14 pages; print them at 100 %" in told
    do("tracing", "tiny", "face", "--wall", "60x40", "--cell", 20, "-o", home / "t.png", "--paper", "letter", *TORCH)
    assert not (home / "t-2.png").exists()  # the overview alone
    with Image.open(home / "t.png") as image:
        assert image.size == (3300, 2550)


SHOW = """\
title: t
generator:
  kind: gan
  model: tiny
  latent: [{LATENT}]
stage: {size: 64x64}
"""


@pytest.mark.parametrize("step", ["walk: {seeds: favourites 4+}", "favourite: {number: 2}", "walk: {seeds: [1, 2]}"])
def test_a_show_finds_them_in_its_library(do: Do, home: Path, step: str) -> None:
    (home / "s.yaml").write_text(SHOW.replace("LATENT", step))
    if "[" not in step:
        with pytest.raises(InstallationError) as caught:
            load(home / "s.yaml", Library(home))
        assert "tiny has no favourites" in str(caught.value)
        assert "installation favourites add tiny SEEDS" in str(caught.value)
        assert "s.yaml:5:" in str(caught.value)
    do("add", "tiny", "3,14", "--stars", 4)
    params = load(home / "s.yaml", Library(home)).params
    if "favourite:" in step:
        assert params["generator.latent.favourite.number"].default == 2.0
