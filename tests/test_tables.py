"""Tables of kinds: the house's own rows, and those that installed packages add."""

import sys

import pytest

from installation.errors import InstallationError
from installation.tables import Table, UnknownKind

TABLE = Table(
    "source", "installation.tests.nothing", {"order": "collections:OrderedDict", "count": "collections:Counter"}
)


def test_loads_a_row_when_it_is_asked_for():
    from collections import OrderedDict

    assert TABLE.load("order") is OrderedDict
    assert TABLE.kinds() == ["count", "order"]


def test_an_unknown_kind_comes_with_a_near_miss():
    with pytest.raises(UnknownKind) as caught:
        TABLE.load("ordr")
    assert caught.value.message == "there is no source 'ordr'"
    assert caught.value.suggestion == caught.value.hint == "did you mean 'order'?"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An installed package with entry points of the group installation.tests."""
    info = tmp_path / "depth_camera-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: depth-camera\nVersion: 1.0\n")
    rows = "depth = depth_camera:Depth\norder = depth_camera:Depth\ngone = no_such_module:X\nless = depth_camera:No\n"
    (info / "entry_points.txt").write_text(f"[installation.tests]\n{rows}")
    (tmp_path / "depth_camera.py").write_text("class Depth:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield Table("source", "installation.tests", {"order": "collections:OrderedDict"})
    sys.modules.pop("depth_camera", None)


def test_a_package_adds_rows(package):
    assert package.kinds() == ["depth", "gone", "less", "order"]
    assert package.load("depth").__name__ == "Depth"


def test_a_package_cannot_change_what_a_show_already_means(package):
    assert package.load("order").__name__ == "OrderedDict"


@pytest.mark.parametrize("kind", ["gone", "less"])
def test_a_package_that_cannot_be_imported_is_named(package, kind):
    with pytest.raises(InstallationError, match=f"the source '{kind}' comes from '.*', which cannot be imported") as e:
        package.load(kind)
    assert e.value.hint == "reinstall or remove the package that brings it"


@pytest.mark.parametrize(
    "table", ["sources.SOURCES", "generators.GENERATORS", "outputs.OUTPUTS", "mapping.OPS", "latent.STEPS"]
)
def test_every_row_of_the_house_can_be_loaded(table):
    from importlib import import_module

    module, name = table.split(".")
    rows = getattr(import_module(f"installation.{module}"), name)
    for kind in rows.kinds():
        assert isinstance(rows.load(kind), type), kind
