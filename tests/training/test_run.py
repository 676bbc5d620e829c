"""A run is stopped, killed and gone on with; what a person looks at is there."""

import os
import re
import signal
import subprocess
import sys
import time

import av
import numpy as np
import pytest
import torch

from installation.checkpoints.card import read_card
from installation.errors import InstallationError
from installation.training import checkpoint, kid
from installation.training.run import KEPT, Budget, Often, Run
from tests.training.small import CPU, trainer

OFTEN = Often(keep=1e9, show=1e9)
RUNNER = """
import sys
from pathlib import Path
from installation.training.run import Budget, Often, Run
from tests.training.small import CPU, trainer
run = Run(trainer(), Budget(steps=100_000), Path(sys.argv[1]), CPU, "tiny", Often(keep=0.3, show=1e9))
print("going", flush=True)
print("finished" if run.go() else "stopped", run.progress.steps, flush=True)
"""


def weights(gan) -> torch.Tensor:
    return torch.cat([tensor.flatten() for tensor in gan.painter.state_dict().values()])


def test_stopped_and_resumed_gives_the_same_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr("installation.training.run.LOOK", 0.0)
    whole = trainer()
    assert Run(whole, Budget(steps=12), tmp_path / "whole", CPU, "tiny", OFTEN).go()
    first = Run(trainer(), Budget(steps=12), tmp_path / "parts", CPU, "tiny", OFTEN)
    first._tell = lambda share, words: first._stop.set()  # at its first look
    assert not first.go()
    assert 0 < first.progress.steps < 12
    torch.manual_seed(99)  # another process begins elsewhere
    rest = trainer()
    second = Run(rest, Budget(steps=12), tmp_path / "parts", CPU, "tiny", OFTEN)
    assert second.progress.steps == first.progress.steps
    assert second.go()
    assert rest.seen == whole.seen == 48
    assert torch.equal(weights(rest), weights(whole))


def test_what_a_person_looks_at(tmp_path):
    run = Run(trainer(), Budget(steps=3), tmp_path, CPU, "Leaves & <tulips>", OFTEN, score=lambda: 0.125)
    assert run.go()
    page = (tmp_path / "index.html").read_text()
    assert "Leaves &amp; &lt;tulips&gt;" in page
    assert "finished" in page
    assert re.search(r"<span>KID</span><span>0\.125</span>", page)
    assert page.count("<polyline") >= 4
    assert "http://" not in page.replace("http-equiv", "")
    (sheet,) = (tmp_path / "sheets").iterdir()
    assert f"sheets/{sheet.name}" in page
    with av.open(str(tmp_path / "film.mp4")) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert (len(frames), frames[0].shape) == (240, (32, 32, 3))
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() < 8  # round, and back to the first
    card = read_card(tmp_path / "model" / "model.yaml", "tiny")
    assert card.family == "stylegan2"
    assert card.notes == "12 pictures seen in 0.0 hours on cpu in fp32, KID 0.1250"
    assert (tmp_path / "model" / "sheet.jpg").stat().st_size > 500


def test_showing_changes_nothing_of_what_comes_after(tmp_path):
    quiet = trainer()
    Run(quiet, Budget(steps=3), tmp_path / "a", CPU, "tiny", OFTEN).go()
    shown = trainer()
    Run(shown, Budget(steps=3), tmp_path / "b", CPU, "tiny", Often(keep=0.0, show=0.0)).go()
    assert torch.equal(weights(quiet), weights(shown))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_training_leaves_a_checkpoint_that_goes_on(tmp_path, how):
    command = [sys.executable, "-c", RUNNER, str(tmp_path)]
    runner = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    assert runner.stdout is not None
    assert runner.stdout.readline() == "going\n"
    until = time.monotonic() + 60
    while not (tmp_path / KEPT).is_file() and time.monotonic() < until:
        time.sleep(0.05)
    runner.send_signal(how)
    said, _ = runner.communicate(timeout=60)
    assert said.startswith("stopped") == (how != signal.SIGKILL)
    state = checkpoint.load(tmp_path / KEPT)
    if how != signal.SIGKILL:
        assert int(said.split()[1]) == state["steps"]
    again = trainer()
    run = Run(again, Budget(steps=state["steps"] + 2), tmp_path, CPU, "tiny", OFTEN)
    assert run.go()
    assert again.seen == 4 * (state["steps"] + 2)


def test_a_budget_of_hours_counts_what_was_spent_before():
    assert Budget(hours=2.0).share(3600.0, 17) == 0.5
    assert Budget(steps=10).share(3600.0, 4) == 0.4
    assert Budget(hours=0.5).share(3600.0, 4) == 1.0


def test_the_kernel_distance_is_that_of_the_paper():
    made = torch.Generator().manual_seed(1)
    one, other = torch.randn(40, 6, generator=made), torch.randn(50, 6, generator=made) + 0.5

    def kernel(x, y) -> float:
        return (float(x @ y) / 6 + 1) ** 3

    def mean(a, b, skip: bool) -> float:
        each = [kernel(x, y) for i, x in enumerate(a) for j, y in enumerate(b) if not (skip and i == j)]
        return sum(each) / len(each)

    wanted = mean(one, one, True) + mean(other, other, True) - 2 * mean(one, other, False)
    assert float(kid.squared_distance(one, other)) == pytest.approx(wanted, rel=1e-4)
    same = torch.randn(400, 6, generator=made)
    assert abs(float(kid.squared_distance(same[:200], same[200:]))) < wanted / 5


def test_a_training_that_diverges_is_told_and_keeps_the_last_sound_checkpoint(tmp_path):
    gan = trainer()
    Run(gan, Budget(steps=3), tmp_path, CPU, "tiny", OFTEN).go()
    before = (tmp_path / KEPT).read_bytes()
    worse = trainer()
    run = Run(worse, Budget(steps=6), tmp_path, CPU, "tiny", Often(keep=0.0, show=1e9))
    with torch.no_grad():
        worse.generator.synthesis.b4.const.fill_(torch.nan)
    with pytest.raises(InstallationError, match=r"the training of tiny diverged after 16 pictures: .* is no number"):
        run.go()
    assert (tmp_path / KEPT).read_bytes() == before


def test_a_training_of_another_size_is_not_gone_on_with(tmp_path):
    Run(trainer(), Budget(steps=1), tmp_path, CPU, "tiny", OFTEN).go()
    before = (tmp_path / KEPT).read_bytes()
    with pytest.raises(InstallationError, match="holds another training") as caught:
        Run(trainer(resolution=64), Budget(steps=2), tmp_path, CPU, "tiny", OFTEN)
    assert "another --name" in caught.value.hint
    assert (tmp_path / KEPT).read_bytes() == before


class Eye(torch.nn.Module):
    """In a VGG16's place: sixteen fixed filters, and again over every second pixel."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("taps", torch.randn(16, 3, 5, 5, generator=torch.Generator().manual_seed(6)))

    def forward(self, image: torch.Tensor, last: str) -> dict[str, torch.Tensor]:
        assert last == "conv4_3"
        half = torch.nn.functional.avg_pool2d(image, 2)
        return {
            "conv3_3": torch.nn.functional.conv2d(image, self.taps).relu(),
            "conv4_3": torch.nn.functional.conv2d(half, self.taps).relu(),
        }


def test_the_distance_of_smaller_pictures_is_taken_at_the_real_ones_side():
    """A training that has not grown yet paints at 32 what is real at 64: soft copies are near, noise is far."""

    def real(count: int) -> torch.Tensor:
        coarse = torch.randn(count, 3, 8, 8)
        return torch.nn.functional.interpolate(coarse, size=(64, 64), mode="bilinear").mul(0.5).clamp(-1, 1)

    def soft(count: int) -> torch.Tensor:
        return torch.nn.functional.interpolate(real(count), size=(32, 32), mode="area")

    def brought(count: int) -> torch.Tensor:
        return torch.nn.functional.interpolate(soft(count), size=(64, 64), mode="bilinear")

    def away(painted) -> float:
        torch.manual_seed(8)
        return distance.of(painted)

    torch.manual_seed(7)
    distance = kid.Distance(Eye(), real, CPU, 128)
    noise = away(lambda count: torch.randn(count, 3, 32, 32).mul(0.5))
    assert abs(away(real)) < noise / 10  # what is left is the chance of 128 pictures
    assert away(soft) == pytest.approx(away(brought), rel=1e-4)
    assert away(soft) < noise / 10
