"""Files out of packages: the right one or a clear line, once, and never half of one."""

import hashlib

import pytest

from installation.checkpoints.fetch import Origin, fetch, present
from installation.errors import ModelError

DATA = bytes(range(256)) * 40
SHA = hashlib.sha256(DATA).hexdigest()


def origin(**changes) -> Origin:
    given = {"registry": "pypi", "package": "toy", "version": "1.0", "member": "toy/w.bin", "sha256": SHA, **changes}
    return Origin(**given)


def test_the_member_lands_in_the_cache_and_nothing_else_stays(cache, registry):
    registry("toy", {"toy/w.bin": DATA, "toy/other.bin": b"x"})
    (path,) = fetch([origin(size=len(DATA))])
    assert path == cache / "models" / "toy-1.0" / "toy" / "w.bin"
    assert path.read_bytes() == DATA
    assert [p for p in cache.rglob("*") if p.is_file()] == [path]
    assert present(origin())


def test_the_second_time_asks_nobody(cache, registry):
    wheel = registry("toy", {"toy/w.bin": DATA})
    first = fetch([origin()])
    wheel.unlink()
    reported = []
    assert fetch([origin()], lambda *report: reported.append(report)) == first
    assert reported == []


def test_a_damaged_file_is_fetched_again(cache, registry):
    registry("toy", {"toy/w.bin": DATA})
    (path,) = fetch([origin()])
    path.write_bytes(DATA[:-1])
    assert not present(origin())
    assert fetch([origin()]) == [path]
    assert path.read_bytes() == DATA


def test_two_files_of_one_package_are_one_download_in_the_order_asked(cache, registry):
    other = b"other"
    registry("toy", {"toy/w.bin": DATA, "toy/a.bin": other})
    reported = []
    asked = [
        origin(wheel_bytes=50),
        origin(member="toy/a.bin", sha256=hashlib.sha256(other).hexdigest(), wheel_bytes=50),
    ]
    paths = fetch(asked, lambda *report: reported.append(report))
    assert [path.name for path in paths] == ["w.bin", "a.bin"]
    assert reported[-1] == (50, 50, "toy 1.0")
    assert [done for done, _, _ in reported] == sorted(done for done, _, _ in reported)  # one download, not two


def test_a_wheel_of_another_platform_serves_its_data(cache, registry):
    registry("toy", {"toy/w.bin": DATA}, tag="cp311-cp311-win_arm64")
    with pytest.raises(ModelError, match=r"cannot fetch toy==1\.0"):
        fetch([origin()])
    assert fetch([origin(platform="win_arm64", python="3.11")])[0].read_bytes() == DATA


def test_another_file_than_promised_is_refused_and_not_kept(cache, registry):
    registry("toy", {"toy/w.bin": b"not it"})
    with pytest.raises(ModelError, match=r"toy/w.bin of toy 1.0 has sha256 [0-9a-f]{12}…, not") as caught:
        fetch([origin()])
    assert caught.value.hint
    assert not [p for p in cache.rglob("*") if p.is_file()]


def test_a_member_that_is_too_large_is_refused(cache, registry):
    registry("toy", {"toy/w.bin": DATA})
    with pytest.raises(ModelError, match="larger than 100 bytes"):
        fetch([origin(size=100)])


def test_a_member_that_is_missing_is_named(cache, registry):
    registry("toy", {"toy/other.bin": DATA})
    with pytest.raises(ModelError, match=r"there is no toy/w.bin of toy 1.0"):
        fetch([origin()])


def test_an_unknown_package_is_one_line(cache, registry):
    with pytest.raises(ModelError, match=r"cannot fetch toy==1.0: No matching distribution") as caught:
        fetch([origin()])
    assert "\n" not in caught.value.message


def test_offline_says_so(cache, registry, monkeypatch):
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(ModelError, match=r"^cannot fetch toy==1.0: the package registry cannot be reached") as caught:
        fetch([origin()])
    assert "later runs need no network" in caught.value.hint


@pytest.mark.parametrize(
    "changes",
    [
        {"member": "../w.bin"},
        {"member": "/etc/passwd"},
        {"member": "toy\\..\\w.bin"},
        {"member": ""},
        {"package": "--index-url=x"},
        {"package": "toy/../.."},
        {"version": "1.0; rm"},
        {"sha256": "abc"},
        {"registry": "ftp"},
    ],
)
def test_origins_that_lead_elsewhere_are_refused(changes):
    with pytest.raises(ModelError):
        origin(**changes)
