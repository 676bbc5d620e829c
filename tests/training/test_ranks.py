"""Two processes train one model: the same weights in both, out of the pictures of both."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
import torch

from installation.training import checkpoint
from installation.training.ranks import ALONE
from installation.training.run import KEPT

BESIDE = """
import json, sys
from pathlib import Path
import torch
from installation.training import ranks
from installation.training.run import Budget, Often, Run
from tests.training.small import CPU, trainer

torch.set_num_threads(1)
home = Path(sys.argv[1])
with ranks.joined() as both:
    line = torch.nn.Linear(2, 1, bias=False)
    torch.nn.init.zeros_(line.weight)
    line(torch.tensor([[1.0, 10.0 * both.rank]])).sum().backward()
    torch.optim.SGD(line.parameters(), lr=1.0).step()
    agreed = both.agreed(0.25 + both.rank, both.rank == 1, False)

    def run(name, steps, stop=None):
        gan = trainer()
        made = Run(gan, Budget(steps=steps), home / name, CPU, "tiny", Often(1e9, 1e9), ranks=both)
        if stop:
            step = gan.step
            def until(share):
                if both.rank == 1 and made.progress.steps == stop:
                    made._stop.set()  # a signal that reaches one of them
                return step(share)
            gan.step = until
        finished = made.go()
        weights = torch.cat([w.detach().flatten() for w in gan.generator.parameters()])
        return finished, made.progress.steps, weights

    whole = run("whole", 6)
    part = run("parts", 6, stop=2)
    rest = run("parts", 6)
    seen = both.gathered(whole[2])
    own = both.gathered(torch.get_rng_state())
    print(json.dumps({
        "rank": both.rank, "line": line.weight.tolist()[0], "agreed": agreed,
        "same": bool(torch.equal(*seen)), "drew": bool(torch.equal(*own)),
        "part": part[:2], "rest": rest[:2], "resumed": bool(torch.equal(whole[2], rest[2])),
    }) + chr(10), end="", flush=True)
"""


def torchrun(*words) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=200)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    home = tmp_path_factory.mktemp("ranks")
    script = home / "beside.py"
    script.write_text("import os, sys\nsys.path.insert(0, os.getcwd())\n" + BESIDE)
    done = torchrun(script, home)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return home, sorted(rows, key=lambda row: row["rank"])


def test_an_optimiser_steps_along_the_mean_of_all_gradients(told):
    _, rows = told
    assert [row["line"] for row in rows] == [[-1.0, -5.0], [-1.0, -5.0]]


def test_the_first_ranks_clock_holds_and_an_event_anywhere_is_one_everywhere(told):
    _, rows = told
    assert [row["agreed"] for row in rows] == [[0.25, True, False], [0.25, True, False]]


def test_both_keep_the_same_weights_out_of_different_pictures(told):
    _, rows = told
    assert all(row["same"] and not row["drew"] for row in rows)


def test_stopped_anywhere_and_resumed_gives_the_same_numbers(told):
    home, rows = told
    for row in rows:
        assert row["part"] == [False, 3]
        assert row["rest"] == [True, 6]
        assert row["resumed"]
    assert len(checkpoint.load(home / "parts" / KEPT)["random"]) == 2
    assert (home / "whole" / "model" / "weights.safetensors").is_file()


def test_one_process_agrees_with_itself():
    assert ALONE.agreed(0.5, True, False) == (0.5, True, False)
    value = torch.arange(3)
    assert ALONE.gathered(value)[0] is value
    assert ALONE.first


def test_the_command_speaks_once(tmp_path):
    """And there is one model."""
    cv2 = pytest.importorskip("cv2")
    rng = np.random.default_rng(0)
    (tmp_path / "leaves").mkdir()
    for i in range(12):
        cv2.imwrite(str(tmp_path / "leaves" / f"{i}.png"), rng.integers(0, 256, (32, 32, 3), np.uint8))
    words = ("--resolution", 32, "--steps", 1, "--batch", 2, "--device", "cpu", "--home", tmp_path)
    done = torchrun("-m", "installation", "train", "gan", tmp_path / "leaves", *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("watch it") == 1
    assert re.search(r"leaves on cpu in \w+, 2 of them", done.stdout)
    assert done.stdout.count("leaves is in") == 1
    assert (tmp_path / "models" / "leaves" / "weights.safetensors").is_file()
