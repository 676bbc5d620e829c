"""The package registries' own clients, run as programs: pip, npm, apt-get. Each brings one package into a folder.

Nothing of a package is installed or run. All three write into the folder while they download, so its size is the
progress.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from installation.errors import ModelError

POLL = 0.2  # seconds between two progress reports

Progress = Callable[[int, int, str], None]  # bytes so far, bytes in all (0: not known), what


@dataclass(frozen=True, slots=True)
class Package:
    """``version`` may be empty for Debian: what this system's lists have. ``size``: bytes of the download, if known."""

    name: str
    version: str
    size: int = 0
    platform: str = ""
    python: str = ""

    @property
    def label(self) -> str:
        return f"{self.name} {self.version}".strip()


def pip(package: Package, folder: Path, progress: Progress | None) -> Path:
    """The wheel."""
    wanted = f"{package.name}=={package.version}"
    command = [sys.executable, "-m", "pip", "download", wanted, "--no-deps", "--only-binary=:all:"]
    command += ["--dest", str(folder), "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar=off", "--retries=2"]
    if package.platform:
        command += ["--platform", package.platform, "--python-version", package.python, "--implementation", "cp"]
    code, complaint = _run(command, folder, package, progress, {"TMPDIR": str(folder)})
    hint = f"install pip for {sys.executable}: python -m ensurepip" if "No module named pip" in complaint else ""
    return _only(folder, "*.whl", code, complaint, wanted, hint)


def npm(package: Package, folder: Path, progress: Progress | None) -> Path:
    """The tarball."""
    wanted = f"{package.name}@{package.version}"
    command = [_program("npm", wanted, "install Node.js, which brings npm"), "pack", wanted, "--ignore-scripts"]
    command += ["--pack-destination", str(folder), "--cache", str(folder / "cache")]
    command += ["--loglevel=error", "--no-update-notifier", "--no-fund", "--no-audit", "--fetch-retries=1"]
    code, complaint = _run(command, folder, package, progress, {})
    return _only(folder, "*.tgz", code, complaint, wanted)


def apt(package: Package, folder: Path, progress: Progress | None) -> Path:
    """The .deb. The system's own lists say where it comes from and what it must hash to."""
    wanted = f"{package.name}={package.version}" if package.version else package.name
    hint = "this comes from Debian's archive and needs a system with apt: Debian, Ubuntu and their kin"
    for program in ("apt-get", "dpkg-deb"):
        _program(program, wanted, hint)
    command = [shutil.which("apt-get") or "apt-get", "download", wanted, "--quiet"]
    code, complaint = _run(command, folder, package, progress, {})
    unknown = "Unable to locate package" in complaint or "was not found" in complaint
    return _only(
        folder, "*.deb", code, complaint, wanted, "bring the lists up to date: apt-get update" if unknown else ""
    )


def _program(name: str, wanted: str, hint: str) -> str:
    if not (found := shutil.which(name)):
        raise ModelError(f"cannot fetch {wanted}: there is no {name} here", hint)
    return found


def _run(
    command: Sequence[str], folder: Path, package: Package, progress: Progress | None, more: Mapping[str, str]
) -> tuple[int, str]:
    """How the program ended, and what it complained of; reports the download's size meanwhile."""
    program = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, **more}
    )
    try:
        return _wait(program, folder, package, progress)
    finally:
        if program.poll() is None:  # Ctrl-C while downloading: the temporary folder must not be written to any more
            program.kill()
            program.wait()


def _wait(program: subprocess.Popen[str], folder: Path, package: Package, progress: Progress | None) -> tuple[int, str]:
    while True:
        try:
            _, complaint = program.communicate(timeout=POLL)
        except subprocess.TimeoutExpired:
            if progress:
                done = _size_of(folder)
                progress(min(done, package.size) if package.size else done, package.size, package.label)
            continue
        if progress and not program.returncode:
            done = package.size or _size_of(folder)
            progress(done, done, package.label)
        return program.returncode, complaint


def _size_of(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(place, name)).st_size
            except FileNotFoundError:  # it was moved between the two calls
                continue
    return total


_OFFLINE = (
    "Retrying (", "NewConnectionError", "NameResolutionError", "ConnectTimeout", "Connection refused",
    "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "Temporary failure resolving", "Could not connect",
)  # fmt: skip


def _only(folder: Path, pattern: str, code: int, complaint: str, wanted: str, hint: str = "") -> Path:
    found = sorted(folder.glob(pattern))
    if code or len(found) != 1:
        hint = hint or "connect once; what is fetched is kept and later runs need no network"
        raise ModelError(f"cannot fetch {wanted}: {_reason(complaint)}", hint)
    return found[0]


def _reason(complaint: str) -> str:
    if any(sign in complaint for sign in _OFFLINE):
        return "the package registry cannot be reached"
    errors = [line.removeprefix("ERROR: ") for line in complaint.splitlines() if line.startswith("ERROR: ")]
    errors = errors or [line[3:] for line in complaint.splitlines() if line.startswith("E: ")][:1]
    return errors[-1] if errors else (complaint.strip().splitlines() or ["the client gave no package"])[-1]
