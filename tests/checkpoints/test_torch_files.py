"""Foreign pickles: tensors come out, nothing runs."""

import os
import pickle

import pytest
import torch

from installation.checkpoints.torch_files import read
from installation.errors import ModelError


class Evil:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


def test_tensors_come_out_as_they_went_in(tmp_path):
    state = {"a.weight": torch.arange(6.0).reshape(2, 3), "n": torch.tensor(3)}
    torch.save(state, tmp_path / "w.pth")
    got = read(tmp_path / "w.pth")
    assert list(got) == ["a.weight", "n"]
    assert torch.equal(got["a.weight"], state["a.weight"])


def test_a_state_inside_a_training_file_is_found(tmp_path):
    torch.save({"epoch": 3, "state_dict": {"w": torch.ones(2)}}, tmp_path / "w.pth")
    assert list(read(tmp_path / "w.pth")) == ["w"]


@pytest.mark.parametrize("legacy", [True, False])
def test_a_pickle_that_would_run_code_does_not(tmp_path, legacy):
    ran = tmp_path / "ran"
    torch.save({"w": torch.ones(2), "x": Evil(ran)}, tmp_path / "w.pth", _use_new_zipfile_serialization=not legacy)
    with pytest.raises(ModelError, match=r"w.pth is no checkpoint of plain tensors"):
        read(tmp_path / "w.pth")
    assert not ran.exists()


@pytest.mark.parametrize(
    "data", [b"", b"<!DOCTYPE html><html>404</html>", b"version https://git-lfs", pickle.dumps([1, 2]), b"\x80\x02"]
)
def test_what_is_no_checkpoint_is_one_line(tmp_path, data):
    (tmp_path / "w.pth").write_bytes(data)
    with pytest.raises(ModelError, match=r"w.pth") as caught:
        read(tmp_path / "w.pth")
    assert "\n" not in caught.value.message


def test_a_file_without_tensors(tmp_path):
    torch.save({"epoch": 3}, tmp_path / "w.pth")
    with pytest.raises(ModelError, match="holds no tensors"):
        read(tmp_path / "w.pth")
