"""Every family on every backend: the same picture, a table that adds up, and figures of one run."""

import json
import subprocess
import sys
from functools import partial
from itertools import pairwise

import numpy as np
import pytest

from installation.backends.choose import load
from installation.benchmark import models, samples
from installation.benchmark.samples import biggan, pictures, stylegan
from installation.checkpoints.found import Found
from installation.models import recipes

SMALL = {
    "stylegan2": partial(stylegan.stylegan2, 32, 256, 16, 32),
    "stylegan3-t": partial(stylegan.stylegan3, 32, 256, 16, 32),
    "stylegan3-r": partial(stylegan.stylegan3, 32, 256, 16, 32, True),
    "biggan": partial(biggan.biggan, 64, 16, 5, 20),
    "dcgan": partial(biggan.dcgan, 32, 8, 12),
    "pix2pix": partial(pictures.unet, 6, 8),
    "cyclegan": partial(pictures.resnet, 8, 6),
    "pix2pixhd": partial(pictures.resnet, 8, 3, 3),
    "fast_style": partial(pictures.fast_style, 8),
    "multistyle": partial(pictures.multistyle, 8, 4),
    "resight": partial(pictures.resight, (8, 8, 16, 16, 16), 1),
    "texture": pictures.texture,
}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", SMALL)
def test_fresh_random_networks_agree_on_every_backend(name, seed, tmp_path, cache):
    """fp32 to 1e-4 of the picture's deviation, bf16 to 6e-2 relative RMS."""
    shapes, facts = SMALL[name]()
    card = samples.write(name, Found("sample", shapes, facts), samples.draw(shapes, seed), tmp_path)
    assert card.family.startswith(name.partition("-")[0])
    part = recipes.family_of(card).picture
    recipe = recipes.numeric(card, part, (64, 64))
    given = models.inputs(recipe, seed)
    made = {
        run: np.array(load(recipe, *run).run(given)[part.output], np.float64)
        for run in (("torch", "fp32"), ("openvino", "fp32"), ("openvino", "bf16"))
    }
    exact = made["torch", "fp32"]
    assert exact.std() > 1e-3
    assert np.abs(made["openvino", "fp32"] - exact).max() < 1e-4 * exact.std()
    assert models.relative_error(made["openvino", "bf16"], exact) < 6e-2


def test_the_table_of_one_run(tmp_path):
    """In a process of its own: it keeps to one core from then on."""
    report = tmp_path / "models.json"
    command = [sys.executable, "-m", "installation", "benchmark", "models", "dcgan-64", "--rounds", "2"]
    done = subprocess.run([*command, "--report", str(report)], capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr
    data = json.loads(report.read_text())
    assert data["system"]["threads"] == 1
    rows = data["models"]
    assert [(row["backend"], row["precision"]) for row in rows] == list(models.ON_CPU.runs[1:])  # it has no plain form
    assert rows[0]["ratio"] == 1
    assert rows[0]["error"] == 0
    for row in rows:
        assert row["ratio"] == pytest.approx(rows[0]["ms"] / row["ms"])
        assert row["peak"] > 0
        assert row["ms"] <= row["p50"] <= row["p99"]
    # 4x4 transposed convolutions from 4x4 to 64x64 and the first matrix: counted by hand.
    widths, macs = [512, 256, 128, 64, 3], 100 * 512 * 16
    for level, (wide, out) in enumerate(pairwise(widths)):
        macs += 4 * wide * out * 4 * (4 * 2**level + 1) ** 2
    assert rows[0]["gmac"] == pytest.approx(macs / 1e9, rel=0.01)


def test_where_there_is_a_plain_form_the_others_are_measured_against_it(tmp_path, cache):
    shapes, facts = SMALL["pix2pix"]()
    card = samples.write("small", Found("sample", shapes, facts), samples.draw(shapes, 1), tmp_path)
    contest = models.Contest("pix2pix-unet-256", card, models.ON_CPU)
    contest.turns()
    rows = contest.rows()
    contest.close()
    assert contest.refused == []
    assert [(row.backend, row.precision) for row in rows] == list(models.ON_CPU.runs)
    assert [row.ratio for row in rows] == pytest.approx([rows[0].ms / row.ms for row in rows])
    assert rows[0].error < 2e-5
    assert rows[1].error == 0
    assert rows[3].error > rows[2].error


def test_a_sample_nobody_has_is_one_line():
    command = [sys.executable, "-m", "installation", "benchmark", "models", "stylegan9"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "there is no sample 'stylegan9'"
