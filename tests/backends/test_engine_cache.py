"""A file in the cache is the engine that was asked for, whole, or it counts as missing."""

import json
import logging
from dataclasses import replace

import pytest

from installation.backends import engine_cache
from installation.backends.engine_cache import Engine, Site, find, forget, keep, place

HERE = Site("tensorrt_rtx", "1.7.1", "sm89", "580.65.06", "fp16")
BUILT = Engine(bytes(range(256)) * 40, 1.5, 12, {"Conv": 4})


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))


def test_what_is_kept_is_found():
    path = keep("key", HERE, BUILT)
    assert path == place("key")
    assert find("key", HERE) == BUILT
    assert [entry.name for entry in path.parent.iterdir()] == ["key.engine"]


def test_nothing_is_found_before_and_after(caplog):
    assert find("key", HERE) is None
    keep("key", HERE, BUILT)
    forget("key")
    assert find("key", HERE) is None
    assert not caplog.records


@pytest.mark.parametrize(
    "site",
    [
        replace(HERE, runtime="tensorrt"),
        replace(HERE, version="1.8"),
        replace(HERE, architecture="sm120"),
        replace(HERE, driver="590.1"),
        replace(HERE, precision="fp32"),
    ],
)
def test_an_engine_of_another_place_is_not_taken(site, caplog):
    keep("key", HERE, BUILT)
    assert find("key", site) is None
    assert "of another network or machine: it is built again" in caplog.text


def test_an_engine_renamed_to_another_network_is_not_taken(caplog):
    keep("key", HERE, BUILT).rename(place("other"))
    assert find("other", HERE) is None
    assert "of another network or machine" in caplog.text


def damaged(data: bytes) -> list[bytes]:
    """What a full disk, a power cut, another program or a joker leaves."""
    head, _, body = data.partition(b"\n")
    table = json.loads(head)
    return [
        b"",
        b"\n",
        head,
        head + b"\n",
        data[:-1],
        data + b"\0",
        data[: len(data) // 2],
        bytes([data[0] ^ 1]) + data[1:],
        data[:-5] + bytes([data[-5] ^ 1]) + data[-4:],
        body,
        b"\xff" * 3000,
        b"[" * 60000,
        b"[]\n" + body,
        b"null\n" + body,
        b"{}\n" + body,
        json.dumps({**table, "form": 2}).encode() + b"\n" + body,
        json.dumps({**table, "seconds": "long"}).encode() + b"\n" + body,
        json.dumps({**table, "operators": 7}).encode() + b"\n" + body,
        b" " * 70000 + data,
    ]


@pytest.mark.parametrize("number", range(len(damaged(b'{"a":1}\nbody'))))
def test_a_damaged_file_is_a_missing_file(number, caplog):
    path = keep("key", HERE, BUILT)
    path.write_bytes(damaged(path.read_bytes())[number])
    with caplog.at_level(logging.WARNING):
        assert find("key", HERE) is None
    assert "it is built again" in caplog.text
    keep("key", HERE, BUILT)
    assert find("key", HERE) == BUILT


def test_a_folder_in_its_place_is_a_missing_file(caplog):
    place("key").mkdir()
    assert find("key", HERE) is None
    assert "it is built again" in caplog.text


def test_the_words_name_everything_an_engine_depends_on():
    assert engine_cache.Site("a", "b", "c", "d", "e").words() == ("a", "b", "c", "d", "e")
