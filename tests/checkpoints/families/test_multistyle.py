"""It comes as ONNX, and is found before any ONNX is."""

import pytest
import torch
from safetensors.torch import load_file

from installation.checkpoints import card as cards
from installation.checkpoints import foreign
from installation.checkpoints.catalogue import get_model
from installation.checkpoints.families import recognise
from installation.checkpoints.found import Found
from installation.errors import ModelError
from installation.library import Library
from installation.networks.multistyle import MultiStyle


def test_the_published_file_becomes_the_network(tmp_path):
    get_model("multistyle", Library())
    card = cards.load("multistyle", Library())
    found = foreign.read(card.weights[0].path(), tmp_path / "plain.safetensors")
    recognised = recognise(found)
    assert (recognised.family, recognised.classes, recognised.class_noun) == ("multistyle", 26, "style")
    assert recognised.words == "style transfer, 26 styles in one network"
    assert dict(recognised.preprocessing) == dict(card.preprocessing)
    net = MultiStyle.from_state(recognised.rename(load_file(tmp_path / "plain.safetensors")), **recognised.network)
    made = net(torch.rand(1, 3, 16, 16), torch.eye(1, 26))
    assert 0 <= float(made.min()) < float(made.max()) <= 1


def test_a_table_that_is_none_is_refused():
    shapes = {"contract.0.w": (32, 3, 9, 9), "expand.2.w": (3, 4, 9, 9), "contract.0.norm.gamma": (32,)}
    with pytest.raises(ModelError, match=r"its contract\.0\.norm\.gamma is \(32,\)"):
        recognise(Found("onnx", shapes))
