"""``installation train`` as a person types it."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.checkpoints.card import read_card

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def folder(tmp_path):
    """A dozen discs, and a file that is no picture."""
    drawn = np.random.RandomState(1)
    made = tmp_path / "discs"
    made.mkdir()
    for number in range(12):
        picture = np.full((48, 64, 3), drawn.randint(0, 255, 3), np.uint8)
        cv2.circle(
            picture, (int(drawn.randint(20, 44)), 24), int(drawn.randint(6, 20)), drawn.randint(0, 255, 3).tolist(), -1
        )
        cv2.imwrite(str(made / f"{number}.png"), picture)
    (made / "broken.jpg").write_bytes(b"no picture")
    return made


def train(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "installation", "train", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=115)


def test_a_folder_becomes_a_model(folder, tmp_path):
    home = tmp_path / "home"
    done = train("gan", folder, "--home", home, "--resolution", 32, "--steps", 2, "--batch", 4, "--device", "cpu")
    assert done.returncode == 0, done.stderr
    assert "broken.jpg: is broken, or no picture" in done.stderr
    assert "only 12 pictures: a network will know them by heart" in done.stderr
    assert "next: installation models inspect discs" in done.stdout
    card = read_card(home / "models" / "discs" / "model.yaml", "discs")
    assert (card.family, card.resolution, card.latent) == ("stylegan2", (32, 32), 128)
    assert card.source == "trained on discs"
    page = (home / "training" / "discs" / "index.html").read_text()
    assert "finished" in page
    again = train("gan", folder, "--home", home, "--resolution", 32, "--steps", 3, "--batch", 4, "--device", "cpu")
    assert again.returncode == 0, again.stderr  # goes on: one step more
    other = train("gan", folder, "--home", home, "--resolution", 64, "--steps", 9, "--device", "cpu")
    assert other.returncode == 2
    assert "holds another training" in other.stderr


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["gan", "{folder}", "--resolution", "100"], "a GAN cannot paint 100x100"),
        (["gan", "nowhere"], "there is no folder or set of pictures 'nowhere'"),
        (["gan", "{folder}", "--device", "cuda"], "there is no 'cuda' for torch here"),
        (["gan", "{folder}/empty"], "holds 0 pictures to learn from"),
        (["image", "{folder}", "--manner", "unpaired"], "--into goes with --manner unpaired, which needs it"),
        (["texture", "{folder}/0.png", "--side", "100"], "a texture cannot be learnt at 100 pixels"),
        (["texture", "{folder}/broken.jpg"], "broken.jpg cannot be read as a picture"),
        (["texture", "{folder}/empty"], "holds no pictures"),
        (["directions", "terra", "--name", "x"], "which examples?"),
        (["style", "{folder}/0.png", "--onto", "nowhere"], "there is no folder or set of pictures 'nowhere'"),
        (["style", "{folder}/0.png", "--onto", "{folder}", "--strength", "0"], "a style cannot have strength 0"),
    ],
)
def test_what_cannot_be_is_one_line(folder, tmp_path, words, wrong):
    (folder / "empty").mkdir()
    done = train(*[word.format(folder=folder) for word in words], "--home", tmp_path / "home")
    assert done.returncode == 2
    assert wrong in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_name_that_another_model_has_is_refused_before_anything_begins(folder, tmp_path):
    """Hours later the artist's own model would be gone."""
    own = tmp_path / "home" / "models" / "discs" / "model.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("title: Mine\n")
    done = train("gan", folder, "--home", tmp_path / "home", "--resolution", 32)
    assert done.returncode == 2
    assert "there is a model 'discs' already" in done.stderr
    assert "choose another --name" in done.stderr
    assert own.read_text() == "title: Mine\n"
    assert not (tmp_path / "home" / "training").exists()


def test_pictures_become_textures_beside_each_other(folder, tmp_path):
    home, few = tmp_path / "home", tmp_path / "few"
    few.mkdir()
    for name in ("0.png", "1.png"):
        (folder / name).rename(few / f"disc-{name}")
    (few / "data.yaml").write_text("licence: CC0-1.0\nauthor: a test\n")
    done = train("texture", few, "--home", home, "--side", 32, "--steps", 2, "--batch", 2, "--device", "cpu")
    assert done.returncode == 0, done.stderr
    assert f"disc-1 is in {home / 'models' / 'disc-1'}" in done.stdout
    for name in ("disc-0", "disc-1"):
        card = read_card(home / "models" / name / "model.yaml", name)
        assert (card.family, card.licence, card.author) == ("texture", "CC0-1.0", "a test")
        assert card.source == f"trained on {name}.png"


def test_a_painting_becomes_a_style(folder, tmp_path):
    home = tmp_path / "home"
    words = ("--onto", folder, "--stroke", 64, "--steps", 1, "--batch", 1, "--device", "cpu", "--name", "discs-style")
    done = train("style", folder / "0.png", "--home", home, *words)
    assert done.returncode == 0, done.stderr
    card = read_card(home / "models" / "discs-style" / "model.yaml", "discs-style")
    assert (card.family, card.preprocessing["multiple"]) == ("fast_style", 4)
    assert card.weights[0].path().stat().st_size < 1_000_000
