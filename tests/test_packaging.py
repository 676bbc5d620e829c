"""The built wheel works outside the checkout, and other people's packages can bring kinds of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BARE = {key: value for key, value in os.environ.items() if key not in ("INSTALLATION_HOME", "PYTHONPATH")}


def run(*command: str | Path, cwd: Path, path: Path | None = None) -> str:
    env = BARE | ({"PYTHONPATH": str(path)} if path else {})
    done = subprocess.run([str(c) for c in command], cwd=cwd, env=env, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pip_install(what: Path, to: Path, cwd: Path) -> None:
    # Without dependencies and isolation: everything a build needs is in the environment, so no network is.
    flags = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--target"]
    run(sys.executable, "-m", "pip", "install", *flags, to, what, cwd=cwd)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout and unpacked as pip would, beside nothing else of it."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    pip_install(wheel, folder / "site", folder)
    return folder / "site"


def test_the_wheel_finds_its_material_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = run(
        sys.executable,
        "-c",
        "from installation.library import Library; l = Library(); print(l.show('eyes'), *l.shaders(), *l.models())",
        cwd=tmp_path,
        path=installed,
    )
    show, *names = where.split()
    assert Path(show) == installed / "installation" / "_bundled" / "show_configs" / "eyes.yaml"
    assert {"between", "glow", "feedback", "corner_pin", "grade", "omniart-eyes", "multistyle"} <= set(names)


def test_the_wheel_checks_its_shows_and_holds_no_weights(installed: Path, tmp_path: Path) -> None:
    assert "eyes" in run(sys.executable, "-m", "installation", "check", "eyes", cwd=tmp_path, path=installed)
    suffixes = {path.suffix for path in (installed / "installation" / "_bundled").rglob("*") if path.is_file()}
    assert not suffixes & {".py", ".pth", ".pt", ".pkl", ".onnx", ".tflite", ".task"}


SHOW = """\
title: From outside
sources: {depth: {kind: depth, far: 4.0}}
generator: {kind: flat}
mapping:
  generator.grey: depth.distance | halve
stage: {size: 64x64, fps: 10}
outputs: [{levels: {to: levels.txt}}]
"""


def test_a_foreign_package_brings_source_op_generator_and_output(tmp_path: Path) -> None:
    pip_install(ROOT / "tests" / "plugin", tmp_path / "site", tmp_path)
    (tmp_path / "outside.yaml").write_text(SHOW)
    command = [sys.executable, "-m", "installation"]
    path = tmp_path / "site"
    assert "depth" in run(*command, "check", "--kinds", cwd=tmp_path, path=path)
    run(*command, "run", "outside.yaml", "--headless", "--seconds", "1.5", cwd=tmp_path, path=path)
    levels = [float(line) for line in (tmp_path / "levels.txt").read_text().split()]
    # From 4 m, halved to grey 2 of 4, half bright; at 1.5 s a metre is left, an eighth.
    assert levels[0] > 100
    assert levels[-1] < levels[0] / 2
    assert levels == sorted(levels, reverse=True)
