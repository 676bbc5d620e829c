"""A program is taken on an explicit word, and on nothing less."""

import warnings

import pytest
import torch

from installation.checkpoints import foreign
from installation.checkpoints.families import recognise
from installation.checkpoints.found import Found
from installation.errors import ModelError


class Glow(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(x)


@pytest.fixture
def file(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of TorchScript itself
        torch.jit.script(Glow()).save(str(tmp_path / "glow.pt"))
    return tmp_path / "glow.pt"


def test_without_trust_it_is_refused(file):
    found = foreign.look(file)
    assert found.container == "torchscript"
    with pytest.raises(ModelError, match="it is TorchScript: a program") as caught:
        recognise(found)
    assert "--trust" in caught.value.hint


@pytest.mark.parametrize("word", ["yes", 1, None, False])
def test_only_true_is_trust(word):
    with pytest.raises(ModelError, match="it is TorchScript"):
        recognise(Found("torchscript", {}, {"trusted": word}))


def test_with_trust_it_is_a_model_of_torch_alone(file):
    found = foreign.look(file)
    recognised = recognise(Found(found.container, found.shapes, {**found.facts, "trusted": True}))
    assert recognised.family == "torchscript"
    assert recognised.network == {"in_channels": 3, "range": "-1..1"}
