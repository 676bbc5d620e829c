"""Every deliberate mistake gives exactly its expected message: NAME.yaml beside NAME.expected."""

from pathlib import Path

import pytest

from installation.errors import Mistakes
from installation.library import Library
from installation.show.load import load

FOLDER = Path(__file__).parents[1] / "broken_shows"
SHOWS = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", SHOWS, ids=lambda path: path.stem)
def test_gives_exactly_its_expected_message(path, monkeypatch):
    monkeypatch.chdir(FOLDER)
    monkeypatch.delenv("INSTALLATION_HOME", raising=False)
    with pytest.raises(Mistakes) as caught:
        load(Path(path.name), Library())
    assert str(caught.value) + "\n" == path.with_suffix(".expected").read_text(encoding="utf-8")


def test_there_are_enough_and_none_is_without_its_message():
    assert len(SHOWS) >= 36
    assert {path.stem for path in SHOWS} == {path.stem for path in FOLDER.glob("*.expected")}
