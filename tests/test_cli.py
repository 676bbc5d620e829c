"""The commands as a person types them: each in a process of its own."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.checkpoints.foreign.payload import Touches

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = ["run", "check", "signals", "params", "benchmark", "models", "doctor", "record", "replay", "new"]
MODELS = ["list", "get", "inspect", "convert", "render", "sheet", "directions", "project", "compile"]
COMMANDS += [f"models {command}" for command in MODELS] + ["benchmark models"]
COMMANDS += ["train", "train gan", "train image", "train texture", "train style"]
COMMANDS += ["data", *(f"data {command}" for command in ("list", "get", "look"))]
FAVOURITES = ("list", "add", "star", "remove", "sheet", "tracing")
COMMANDS += ["favourites", *(f"favourites {command}" for command in FAVOURITES)]
FIXTURES = ROOT / "tests" / "fixtures"


def installation(*words: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "installation", *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=110)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_says_what_it_does(command: str) -> None:
    done = installation(*command.split(), "--help")
    assert done.returncode == 0
    assert f"installation {command}" in done.stdout
    # A description, and a help text beside every option: a bare option is a question left open.
    options = [line for line in done.stdout.splitlines() if line.startswith("│ --")]
    assert all(len(line.split()) > 2 for line in options), options


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['installation', '--help']\n"
        "from installation.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'cv2', 'mediapipe', 'openvino', 'moderngl', 'numpy', 'av', 'onnx', 'sounddevice', 'yaml'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert "HEAVY []" in done.stdout


def test_check_needs_neither_network_code_nor_hardware() -> None:
    script = (
        "import sys; sys.argv = ['installation', 'check', 'eyes', 'second_sight']\n"
        "from installation.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'cv2', 'mediapipe', 'openvino', 'moderngl', 'sounddevice'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert "HEAVY []" in done.stdout, done.stdout + done.stderr


def test_an_unknown_signal_is_told_with_its_place_and_a_suggestion(tmp_path: Path) -> None:
    text = (ROOT / "show_configs" / "eyes.yaml").read_text().replace("hands.presence |", "hands.presense |")
    (tmp_path / "my.yaml").write_text(text)
    done = installation("check", "my.yaml", cwd=tmp_path)
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "hands.presense" in row)
    column = text.splitlines()[line - 1].index("hands.presense") + 1
    assert done.returncode == 2
    assert f"my.yaml:{line}:{column}: there is no signal 'hands.presense'" in done.stderr
    assert "did you mean 'hands.presence'?" in done.stderr
    assert "installation signals my.yaml" in done.stderr
    assert "Traceback" not in done.stderr
    caret = next(row for row in done.stderr.splitlines() if row.strip() == "^")
    shown = done.stderr.splitlines()[done.stderr.splitlines().index(caret) - 1]
    assert shown[caret.index("^") :].startswith("hands.presense")


def test_every_show_in_the_repository_is_well() -> None:
    done = installation("check")
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (ROOT / "show_configs").glob("*.yaml")}
    assert names
    assert all(name in done.stdout for name in names)


def test_params_and_signals_are_plain_data() -> None:
    params = {row["address"]: row for row in json.loads(installation("params", "eyes", "--json").stdout)}
    psi = params["generator.latent.truncate.psi"]
    assert (psi["type"], psi["low"], psi["mapped"] is not None) == ("float", 0.0, True)
    assert all(row["help"] for row in params.values())
    signals = {row["address"]: row for row in json.loads(installation("signals", "eyes", "--json").stdout)}
    assert signals["hands.presence"]["kind"] == "number"
    assert signals["hands.both"]["kind"] == "vector"
    assert all(row["help"] for row in signals.values())


def test_a_missing_show_is_one_line_and_exit_2(tmp_path: Path) -> None:
    done = installation("run", "eyez", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "there is no show 'eyez'"
    assert "did you mean 'eyes'?" in done.stderr
    assert "Traceback" not in done.stderr


def test_kinds_lists_every_table() -> None:
    out = installation("check", "--kinds").stdout
    for word in ("webcam", "hands", "gan", "image", "walk", "one_euro", "between", "recorder"):
        assert f"  {word} " in out, word
    kinds = [line for line in out.splitlines() if line.startswith("  ")]
    assert all(len(line.split()) >= 4 for line in kinds)  # and says of each what it is


def test_models_list_names_licence_and_family() -> None:
    rows = {row["name"]: row for row in json.loads(installation("models", "list", "--json").stdout)}
    assert {"omniart-eyes", "multistyle"} <= set(rows)
    assert all(row["licence"] and row["family"] for row in rows.values())


def test_doctor_finds_the_backends_and_the_renderer() -> None:
    done = installation("doctor", "--json")
    found = {row["what"]: row for row in json.loads(done.stdout)}
    assert done.returncode == 0, done.stdout
    assert found["backend openvino"]["state"] == "ok"
    assert found["drawing"]["found"]
    assert "hand tracker" in found


def test_new_makes_a_folder_whose_show_is_well(tmp_path: Path) -> None:
    assert installation("new", "mine", cwd=tmp_path).returncode == 0
    done = installation("check", "my_show", cwd=tmp_path / "mine")
    assert done.returncode == 0, done.stderr
    assert "stage.tint.amount" in installation("params", "my_show", cwd=tmp_path / "mine").stdout
    again = installation("new", "mine", cwd=tmp_path)
    assert again.returncode == 2
    assert "not empty" in again.stderr


def test_a_checkpoint_becomes_a_model_that_reproduces_the_official_picture(tmp_path: Path) -> None:
    """What the README promises, command by command."""
    file = FIXTURES / "stylegan2" / "uncond64_map8.pkl"
    told = json.loads(installation("models", "inspect", file, "--json").stdout)
    assert (told["family"], told["resolution"]) == ("stylegan2", "64x64")
    assert "installation models convert" in told["next"]

    done = installation("models", "convert", file, "--name", "terra", "--home", tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "models" / "terra").iterdir()} >= {"model.yaml", "weights.safetensors"}

    with np.load(file.with_suffix(".npz")) as official:
        np.savez(tmp_path / "in.npz", z=official["z"], psi=0.7)
        wanted, ws = official["img_psi07_const"], official["ws_psi07"]
    paths = ["--input", tmp_path / "in.npz", "--output", tmp_path / "out" / "out.npz"]
    done = installation("models", "render", "terra", "--home", tmp_path, "--backend", "torch", *paths)
    assert done.returncode == 0, done.stderr
    with np.load(tmp_path / "out" / "out.npz") as made:
        assert np.abs(made["image"] - wanted).max() < 2e-5 * wanted.std()
        assert np.abs(made["ws"] - ws).max() < 1e-5


def test_a_hostile_file_is_one_line_and_exit_2_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "stylegan.pkl").write_bytes(pickle.dumps({"G_ema": Touches(tmp_path / "ran")}))
    for command in (["convert", "--home", tmp_path], ["inspect"]):
        done = installation("models", command[0], tmp_path / "stylegan.pkl", *command[1:])
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert "system" in done.stderr.splitlines()[0]
        assert len(done.stderr.splitlines()) <= 2  # and what to do next
    assert [path.name for path in tmp_path.iterdir()] == ["stylegan.pkl"]


def test_a_contact_sheet_is_a_picture(tmp_path: Path) -> None:
    installation("models", "convert", FIXTURES / "stylegan2" / "uncond64_map8.pkl", "--name", "t", "--home", tmp_path)
    out = tmp_path / "sheet.png"
    done = installation("models", "sheet", "t", "--home", tmp_path, "-o", out, "--seeds", "0-2", "--psi", "0.5,1")
    assert done.returncode == 0, done.stderr
    picture = cv2.imread(str(out))
    assert picture.shape[0] > 2 * 64
    assert picture.shape[1] > 3 * 64
    assert picture.std() > 10
