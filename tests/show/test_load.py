"""A whole show, read."""

import dataclasses
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

import installation
from installation.errors import InstallationError
from installation.library import Library
from installation.show.load import load, survey

XOROMANCY = """
title: Xoromancy
sources:
  webcam: {kind: webcam, device: 0, size: 640x480, mirror: true}
  hands:  {kind: hands, image: webcam.frame}
  audio:  {kind: audio}
  osc:    {kind: osc, port: 9000}
generator:
  kind: gan
  model: omniart-eyes
  latent:
    - walk: {seeds: [3, 14, 15], speed: 0.05}
    - project: {vector: hands.both, gain: 0.0}
    - truncate: {psi: 0.7}
mapping:
  generator.latent.project.gain: hands.presence | smooth 0.4s
  generator.latent.truncate.psi: hands.left.pinch | scale 0..1 -> 0.4..1.0 | one_euro | else 0.7
  generator.latent.walk.speed:   base + osc./speed | clamp 0..1
  stage.glow.amount:             audio.bass | envelope 5ms 250ms | else 0
stage:
  size: 1280x720
  passes: [between, {glow: {amount: 0.2}}, {corner_pin: {}}]
idle: {after: 20s, cue: attract}
cues:
  attract: {fade: 4s, set: {generator.latent.walk.speed: 0.15}}
"""


def test_the_designs_own_show(show):
    got = show(XOROMANCY)
    assert got.title == "Xoromancy"
    assert list(got.sources) == ["webcam", "hands", "audio", "osc"]
    assert got.sources["webcam"].options["size"] == (640, 480)
    assert (got.generator.name, got.generator.kind) == ("generator", "gan")
    assert got.generator.options["model"] == "omniart-eyes"
    assert [unit.name for unit in got.steps["latent"]] == ["walk", "project", "truncate"]
    assert got.steps["latent"][0].options["seeds"] == (3.0, 14.0, 15.0)
    assert got.steps["latent"][1].options["vector"] == "hands.both"
    assert [unit.name for unit in got.passes] == ["between", "glow", "corner_pin"]
    assert got.params["generator.latent.walk.speed"].default == 0.05
    assert got.params["stage.glow.amount"].default == 0.2
    assert all(param.live and address == param.name for address, param in got.params.items())
    assert got.mapping["generator.latent.walk.speed"].signals == ("osc./speed",)
    assert {"webcam.frame", "hands.left.pinch", "audio.bass", "osc./*"} <= set(got.channels)
    assert (got.idle.signal.endswith(".presence"), got.idle.after, got.idle.cue) == (True, 20.0, "attract")
    assert got.cues["attract"].values == {"generator.latent.walk.speed": 0.15}
    assert got.cues["attract"].fade == 4.0


def test_a_show_is_frozen(show):
    got = show("generator: {kind: test_card}\n")
    with pytest.raises(dataclasses.FrozenInstanceError):
        got.title = "x"


def test_every_show_of_the_house_loads():
    library = Library()
    for name in library.shows():
        got = load(library.show(name), library)
        assert got.params, name


def test_no_file_is_no_mistake_of_a_file(home):
    with pytest.raises(InstallationError, match=r"there is no file none\.yaml"):
        load(home / "none.yaml", Library())


def test_checking_opens_no_heavy_library(home):
    """The check must start fast: nothing that draws, infers or captures is imported for it."""
    (home / "show.yaml").write_text(XOROMANCY)
    code = (
        "import sys; from pathlib import Path; from installation.library import Library\n"
        "from installation.show.load import load; load(Path('show.yaml'), Library())\n"
        "print([name for name in sys.argv[1:] if name in sys.modules])"
    )
    heavy = ["torch", "cv2", "mediapipe", "openvino", "onnx", "moderngl", "glfw", "sounddevice", "av"]
    env = {**os.environ, "PYTHONPATH": str(Path(installation.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "[]"


def test_whatever_is_written_is_loaded_or_refused_in_words(show):
    """Slips of all sorts, at random: a show or an error meant for people, never a traceback."""
    rng = random.Random(7)
    slips = [*"[]{}:*&$\"'|>#~%@?\t\n\0", "  ", ": ", "- ", "null", "no", ".nan", "-1", "!!str", "<<", "---", "[]"]
    outcomes = set()
    for _ in range(150):
        text = XOROMANCY
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(text))
            text = text[:at] + rng.choice(slips) + text[at + rng.randint(0, 6) :]
        try:
            show(text)
            outcomes.add("loaded")
        except InstallationError:
            outcomes.add("refused")
    assert outcomes == {"loaded", "refused"}


def test_a_survey_tells_what_a_broken_show_offers(show, home):
    broken = XOROMANCY.replace("hands.presence |", "hands.presnce |").replace("amount: 0.2", "amont: 0.2")
    (home / "broken.yaml").write_text(broken)
    got, mistakes = survey(Path("broken.yaml"), Library())
    assert [(m.line, m.column) for m in mistakes] == [(16, 34), (22, 29)]
    whole = show(XOROMANCY)
    assert got.channels == whole.channels
    assert list(got.params) == list(whole.params)
    assert "generator.latent.truncate.psi" in got.mapping
    assert "generator.latent.project.gain" not in got.mapping


def test_no_more_mistakes_than_anybody_reads(mistakes):
    many = "".join(f"  option{n}: 1\n" for n in range(5000))
    assert len(mistakes(f"generator: {{kind: test_card}}\nstage:\n{many}")) == 100
