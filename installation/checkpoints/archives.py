"""Reads single files out of packages: wheels (zip), npm's tarballs, Debian's .deb. Nothing else in one is touched."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from installation.errors import ModelError

LARGEST = 2**30  # bytes of a member whose size is not known: a zip bomb ends here

Wanted = Sequence[tuple[str, int]]  # members, and how many bytes of each are the most (0: LARGEST)


def read(package: Path, wanted: Wanted) -> Iterator[tuple[str, bytes | None]]:
    """Members and their bytes; None where the package lacks one. One more byte than the most: it is larger."""
    try:
        if package.suffix == ".whl":
            yield from _zipped(package, wanted)
        elif package.suffix == ".tgz":
            with tarfile.open(package, "r:gz") as archive:
                yield from _tarred(archive, wanted, "package/")
        else:
            yield from _debian(package, wanted)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError) as error:
        raise ModelError(f"cannot read {package.name}: {error}", "the download may be damaged: try again") from error


def _zipped(package: Path, wanted: Wanted) -> Iterator[tuple[str, bytes | None]]:
    with zipfile.ZipFile(package) as archive:
        here = set(archive.namelist())
        for name, most in wanted:
            if name not in here:
                yield name, None
                continue
            with archive.open(name) as member:
                yield name, member.read((most or LARGEST) + 1)


def _tarred(archive: tarfile.TarFile, wanted: Wanted, root: str) -> Iterator[tuple[str, bytes | None]]:
    """In the order of the archive, which is read once from front to back. Links are never followed."""
    left = {root + name: (name, most) for name, most in wanted}
    for entry in archive:
        if entry.isreg() and entry.name in left and (member := archive.extractfile(entry)):
            name, most = left.pop(entry.name)
            yield name, member.read((most or LARGEST) + 1)
    yield from ((name, None) for name, _ in left.values())


def _debian(package: Path, wanted: Wanted) -> Iterator[tuple[str, bytes | None]]:
    """``dpkg-deb`` knows how its inside is packed; it comes as a plain tar."""
    with tempfile.TemporaryFile() as complaints:
        command = ["dpkg-deb", "--fsys-tarfile", str(package)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints) as program:
            with tarfile.open(fileobj=program.stdout, mode="r|") as archive:
                yield from _tarred(archive, wanted, "./")
            if program.stdout:
                program.stdout.close()
        complaints.seek(0)
        if program.returncode > 0:  # below 0: it was still writing what nobody reads any more
            raise ModelError(f"cannot read {package.name}: {complaints.read(400).decode(errors='replace').strip()}")
