"""Somebody's program as a network: pictures and numbers in, the first picture out."""

import warnings

import pytest
import torch
from torch import Tensor, nn

from installation.networks.torchscript import TorchScript


class Repaints(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.drop = nn.Dropout(0.9)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        made = torch.tanh(self.drop(self.conv(x)))
        return made.mean(), made.half()


class Paints(nn.Module):
    def forward(self, z: Tensor) -> dict[str, Tensor]:
        return {"w": z, "picture": z[:, :, None, None].expand(-1, -1, 4, 4)}


class Counts(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


def saved(module: nn.Module, folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of TorchScript itself
        torch.jit.script(module).save(str(folder / "program.pt"))
    return TorchScript.from_file(folder / "program.pt")


def test_a_picture_becomes_the_first_picture_it_gives(tmp_path):
    original = Repaints()
    net = saved(original, tmp_path)
    x = torch.rand(2, 3, 8, 12)
    made = net(x)
    assert (made.shape, made.dtype, made.requires_grad) == (x.shape, torch.float32, False)
    # In eval mode, though it was saved in training: nothing is dropped.
    torch.testing.assert_close(made, torch.tanh(original.conv(x)).half().float())


def test_numbers_become_a_picture(tmp_path):
    made = saved(Paints(), tmp_path)(torch.tensor([[0.1, 0.2, 0.3]]))
    assert made.shape == (1, 3, 4, 4)
    assert float(made[0, 2, 3, 3]) == pytest.approx(0.3)


def test_a_program_without_a_picture_is_refused(tmp_path):
    with pytest.raises(ValueError, match="gives no picture"):
        saved(Counts(), tmp_path)(torch.rand(1, 3, 8, 8))


def test_a_file_that_is_none_is_refused(tmp_path):
    (tmp_path / "none.pt").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="torch cannot read it"):
        TorchScript.from_file(tmp_path / "none.pt")
