"""Shows written in tests, and sources that only a test needs, installed as somebody's own package would be."""

from pathlib import Path

import pytest

from installation.errors import Mistakes
from installation.library import Library
from installation.show.load import load

PACKAGE = '''
from installation.params import Param
from installation.sources.base import SteppedSource
from installation.types import Channel


class Mirror(SteppedSource):
    """Reads pictures and sends pictures, so that a circle can be made of two."""

    params = (
        Param("image", "signal", "", unit="image", help="what to mirror"),
        Param("other", "signal", "", help="anything at all"),
        Param("crop.left", "float", 0.0, 0.0, 1.0),
        Param("crop.right", "float", 0.0, 0.0, 1.0),
    )

    @classmethod
    def channels(cls, options, library):
        return (Channel("frame", "image"), Channel("level"))

    def poll(self):
        return None


class Frame(Mirror):
    """Sends a number where Mirror sends a picture."""

    @classmethod
    def channels(cls, options, library):
        return (Channel("frame", "number"),)


class Away(Mirror):
    """Hardware that is never here."""

    @classmethod
    def missing(cls, options):
        return "no mirror on the wall"
'''


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty folder to write shows in, with the package installed."""
    site = tmp_path / "site"
    info = site / "mirror_source-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "mirror_source.py").write_text(PACKAGE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mirror-source\nVersion: 1.0\n")
    rows = [f"{name.lower()} = mirror_source:{name}" for name in ("Mirror", "Frame", "Away")]
    (info / "entry_points.txt").write_text("\n".join(["[installation.sources]", *rows]))
    monkeypatch.syspath_prepend(site)
    shows = tmp_path / "shows"
    shows.mkdir()
    monkeypatch.chdir(shows)
    monkeypatch.delenv("INSTALLATION_HOME", raising=False)
    return shows


@pytest.fixture
def show(home):
    """``show(text, name="text of another file")``: the loaded show."""

    def read(text: str, **others: str):
        for name, other in others.items():
            (home / f"{name}.yaml").write_text(other)
        (home / "show.yaml").write_text(text)
        return load(Path("show.yaml"), Library())

    return read


@pytest.fixture
def mistakes(show):
    """``line:column: message`` of everything wrong with a show."""

    def read(text: str, **others: str) -> list[str]:
        with pytest.raises(Mistakes) as caught:
            show(text, **others)
        return [f"{m.file}:{m.line}:{m.column}: {m.message}".removeprefix("show.yaml:") for m in caught.value.mistakes]

    return read
