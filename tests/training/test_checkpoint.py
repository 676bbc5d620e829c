"""A training on disk is whole or it is not there, and comes back as it was."""

import subprocess
import sys
import time

import pytest
import torch

from installation.errors import InstallationError
from installation.training import checkpoint

WRITER = """
import sys, torch
from pathlib import Path
from installation.training import checkpoint
number = 0
while True:
    number += 1
    checkpoint.save(Path(sys.argv[1]), {"number": number, "weight": torch.full((200_000,), float(number))})
"""


def test_everything_comes_back(tmp_path):
    state = {
        "seen": 12,
        "rate": 0.5,
        "name": "leaves",
        "none": None,
        "net": {"a.weight": torch.randn(3, 4), "count": torch.tensor(7)},
        "rows": [{"seen": 1.0, "loss": 0.25}, {"seen": 2.0}],
        "half": torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last).bfloat16(),
    }
    checkpoint.save(tmp_path / "t.safetensors", state)
    found = checkpoint.load(tmp_path / "t.safetensors")
    assert {key: found[key] for key in ("seen", "rate", "name", "none", "rows")} == {
        key: state[key] for key in ("seen", "rate", "name", "none", "rows")
    }
    assert torch.equal(found["net"]["a.weight"], state["net"]["a.weight"])
    assert torch.equal(found["half"], state["half"])
    assert found["half"].dtype == torch.bfloat16
    assert [path.name for path in tmp_path.iterdir()] == ["t.safetensors"]


def test_a_kill_while_it_writes_leaves_a_whole_one(tmp_path):
    path = tmp_path / "t.safetensors"
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)])
        until = time.monotonic() + 60
        while not path.is_file() and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.15)
        writer.kill()
        writer.wait()
        found = checkpoint.load(path)
        assert torch.equal(found["weight"], torch.full((200_000,), float(found["number"])))
        path.unlink()


@pytest.mark.parametrize("content", [b"", b"not at all", b"\x10\0\0\0\0\0\0\0{}" + b" " * 14])
def test_another_file_is_refused_in_a_line(tmp_path, content):
    (tmp_path / "t.safetensors").write_bytes(content)
    with pytest.raises(InstallationError, match=r"t\.safetensors (cannot be read|is no checkpoint)") as caught:
        checkpoint.load(tmp_path / "t.safetensors")
    assert caught.value.hint == "remove it to begin anew"


def test_moments_come_back_in_the_layout_of_their_parameters(tmp_path):
    """A fused optimiser goes through weight and moments side by side, whatever their strides say."""

    def made() -> tuple[torch.nn.Conv2d, torch.optim.Optimizer]:
        torch.manual_seed(1)
        net = torch.nn.Conv2d(3, 5, 3).to(memory_format=torch.channels_last)
        return net, torch.optim.Adam(net.parameters(), 0.1, fused=True)

    def step(net, optimiser) -> None:
        optimiser.zero_grad()
        (net.weight * torch.arange(net.weight.numel()).reshape(net.weight.shape)).sum().backward()
        optimiser.step()

    one, teach = made()
    step(one, teach)
    checkpoint.save(tmp_path / "t", {"net": one.state_dict(), "teach": checkpoint.optimiser_state(teach)})
    other, again = made()
    state = checkpoint.load(tmp_path / "t")
    other.load_state_dict(state["net"])
    checkpoint.restore_optimiser(again, state["teach"])
    step(one, teach)
    step(other, again)
    assert torch.equal(one.weight, other.weight)
