"""The list that an artist keeps: how it is read, what is wrong with it, and how it is edited without a trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.document import File
from installation.errors import InstallationError, Mistakes
from installation.latent import favourites_edit as edit
from installation.latent.favourites import Favourite, Favourites, listed

TEXT = """\
# mine
- {seed: 12, psi: 0.7, stars: 5, note: the long coast}   # found in March

# the faces
- {latent: my_face, stars: 2}
- seed: 3
  note: "a: b"
# the end
"""


def read(text: str) -> list[Favourite]:
    return [favourite for favourite, _ in listed(File(Path("mine.yaml"), text))]


def test_it_is_read_with_its_defaults(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(TEXT)
    found = Favourites(tmp_path / "m.yaml")
    assert len(found) == 3
    assert list(found) == [
        Favourite(12, "", 0.7, 5, "the long coast"),
        Favourite(None, "my_face", 1.0, 2, ""),  # what was kept is what it is
        Favourite(3, "", 0.7, 3, "a: b"),
    ]
    assert found[-1].name == "3"


def test_no_file_and_nothing_but_comments_is_none(tmp_path: Path) -> None:
    assert list(Favourites(None)) == []
    assert read("# nothing yet\n") == read("") == []


def test_a_broken_file_is_told_when_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("- {seed: x}\n")
    found = Favourites(tmp_path / "m.yaml")
    with pytest.raises(Mistakes, match=r"m\.yaml:1:10: seed wants a number"):
        len(found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {seed: 1}\n- {seed: 2, sters: 4}\n", "2:13: a favourite has no 'sters'"),
        ("- {seed: 1, stars: 6}\n", "1:20: stars is 6, outside its range 1..5"),
        ("- {seed: 1.5}\n", "1:10: seed wants a whole number"),
        ("- {seed: -1}\n", "1:10: seed is -1, outside its range"),
        ("- {seed: 1, psi: 2.5}\n", "1:18: psi is 2.5, outside its range 0..2"),
        ("- {stars: 4}\n", "1:3: a favourite wants a seed, or the name of a kept latent"),
        ("- {seed: 1, latent: a}\n", "1:3: a favourite wants either a seed or a latent, not both"),
        ("- 12\n", "1:3: a favourite is a table, not '12'"),
        ("- {seed: 1}\n- {seed: 1, stars: 5}\n", "2:3: 1 at psi 0.7 is there already, in line 1"),
        ("seed: 1\n", "1:1: the top of the file must be a list"),
        ("- {seed: 1, seed: 2}\n", "'seed' is given twice"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(Mistakes) as caught:
        read(text)
    assert told in str(caught.value).splitlines()[0]


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(Mistakes) as caught:
        read("- {seed: 1, stars: 9}\n- {seed: 2, psi: x}\n- {sed: 3}\n")
    assert [mistake.line for mistake in caught.value.mistakes] == [1, 2, 3, 3][: len(caught.value.mistakes)]
    assert len(caught.value.mistakes) == 3
    assert "did you mean 'seed'?" in str(caught.value)


def test_one_seed_may_be_there_at_several_psi() -> None:
    assert [one.psi for one in read("- {seed: 1}\n- {seed: 1, psi: 1}\n")] == [0.7, 1.0]


def test_to_add_is_a_line_at_the_end() -> None:
    made = edit.added(Path("m.yaml"), TEXT, [Favourite(7, "", 1.0, 4, "Küste"), Favourite(None, "x", 1.0)])
    assert made == TEXT + "- {seed: 7, psi: 1, stars: 4, note: Küste}\n- {latent: x, stars: 3}\n"


@pytest.mark.parametrize(
    "note",
    ["yes", "1e5", "a, b", "what: this", "# no", "it's", '"', "{", "12:30", "", " x ", "- a", "null", "é", "a\tb"],
)
def test_any_note_comes_back(note: str) -> None:
    made = edit.added(Path("m.yaml"), "", [Favourite(1, note=note)])
    assert read(made) == [Favourite(1, note=note)]


def test_stars_change_in_place_and_nothing_else() -> None:
    made = edit.changed(Path("m.yaml"), TEXT, ("12", 0.7), stars=1)
    assert made == TEXT.replace("stars: 5", "stars: 1")
    made = edit.changed(Path("m.yaml"), TEXT, ("3", 0.7), stars=4, note="now")
    assert made == TEXT.replace('- seed: 3\n  note: "a: b"', "- stars: 4\n  seed: 3\n  note: now")
    made = edit.changed(Path("m.yaml"), TEXT, ("my_face", 1.0), stars=4, note="a, b")
    assert made == TEXT.replace("stars: 2}", 'stars: 4, note: "a, b"}')


@pytest.mark.parametrize(
    ("key", "gone"),
    [
        (("12", 0.7), "- {seed: 12, psi: 0.7, stars: 5, note: the long coast}   # found in March\n"),
        (("my_face", 1.0), "- {latent: my_face, stars: 2}\n"),
        (("3", 0.7), '- seed: 3\n  note: "a: b"\n'),
    ],
)
def test_to_remove_takes_its_lines_and_leaves_the_comments(key: tuple[str, float], gone: str) -> None:
    assert edit.removed(Path("m.yaml"), TEXT, key) == TEXT.replace(gone, "")


def test_indented_lists_and_windows_lines_stay_as_they_are() -> None:
    text = "  - {seed: 1}\r\n  - {seed: 2}\r\n"
    assert edit.added(Path("m.yaml"), text, [Favourite(5)]) == text + "  - {seed: 5, psi: 0.7, stars: 3}\r\n"
    assert edit.removed(Path("m.yaml"), text, ("1", 0.7)) == "  - {seed: 2}\r\n"
    assert edit.added(Path("m.yaml"), "- {seed: 1}", [Favourite(5)]).count("\n") == 2


def test_what_cannot_be_edited_line_by_line_is_refused() -> None:
    text = "[{seed: 1}, {seed: 2}]\n"
    for change in (
        lambda: edit.added(Path("m.yaml"), text, [Favourite(5)]),
        lambda: edit.removed(Path("m.yaml"), text, ("1", 0.7)),
    ):
        with pytest.raises(InstallationError, match="written in a way that this cannot edit"):
            change()
    assert read(edit.changed(Path("m.yaml"), text, ("2", 0.7), stars=5))[1].stars == 5
