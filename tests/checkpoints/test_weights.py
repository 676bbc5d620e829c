"""Foreign files become safetensors once; then only those are read."""

import hashlib

import numpy as np
import onnx
import pytest
import torch
from safetensors.torch import load_file, save_file

from installation.checkpoints import card as cards
from installation.checkpoints import weights
from installation.checkpoints.fetch import Origin, fetch
from installation.errors import ModelError

WORDS = "title: t\nfamily: dcgan\nlicence: l\nauthor: a\nsource: s\n"


def beside(folder, name: str) -> cards.Card:
    sha256 = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "model.yaml").write_text(f"{WORDS}weights: [{{file: {name}, sha256: {sha256}}}]\n")
    return cards.read_card(folder / "model.yaml", "mine")


def test_a_pth_is_converted_once(tmp_path, cache):
    state = {"b": torch.ones(2), "a": torch.arange(6.0).reshape(2, 3).T}
    torch.save(state, tmp_path / "w.pth")
    card = beside(tmp_path, "w.pth")
    (kept,) = weights.tensor_files(card)
    assert kept.parent == cache / "tensors"
    assert kept.stem == card.weights[0].sha256
    assert torch.equal(load_file(kept)["a"], state["a"])
    (tmp_path / "w.pth").unlink()  # from now on only the converted file is read
    assert torch.equal(weights.state(card)["a"], state["a"])
    assert weights.table(card) == [
        {"name": "a", "shape": [3, 2], "dtype": "F32"},
        {"name": "b", "shape": [2], "dtype": "F32"},
    ]


def test_tensors_that_share_storage_survive(tmp_path, cache):
    base = torch.arange(4.0)
    torch.save({"a": base, "b": base[:2]}, tmp_path / "w.pth")
    got = weights.state(beside(tmp_path, "w.pth"))
    assert torch.equal(got["a"], base)
    assert torch.equal(got["b"], base[:2])


def test_what_is_no_checkpoint_is_one_line_and_leaves_nothing(tmp_path, cache):
    torch.save({"epoch": 3}, tmp_path / "w.pth")
    with pytest.raises(ModelError, match=r"w\.pth: it holds no tensors"):
        weights.state(beside(tmp_path, "w.pth"))
    assert list((cache / "tensors").iterdir()) == []


def test_onnx_initialisers_are_kept_by_name(tmp_path, cache):
    held = onnx.numpy_helper.from_array(np.arange(6, dtype=np.float32).reshape(2, 3), "a.w")
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "g", [], [], [held])), tmp_path / "w.onnx")
    assert weights.state(beside(tmp_path, "w.onnx"))["a.w"].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_graph_without_tensors_is_no_weights(tmp_path, cache):
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "g", [], [])), tmp_path / "w.onnx")
    with pytest.raises(ModelError, match=r"w\.onnx holds no tensors"):
        weights.state(beside(tmp_path, "w.onnx"))
    assert list((cache / "tensors").iterdir()) == []


def test_our_own_safetensors_are_read_where_they_lie(tmp_path, cache):
    save_file({"w": torch.ones(3)}, tmp_path / "w.safetensors")
    card = beside(tmp_path, "w.safetensors")
    assert weights.tensor_files(card) == [tmp_path / "w.safetensors"]
    assert list(weights.state(card)) == ["w"]


def test_what_was_never_fetched_says_how_to_get_it(tmp_path, cache):
    (tmp_path / "model.yaml").write_text(f"{WORDS}weights: [{{file: w.pth, sha256: {'0' * 64}}}]\n")
    card = cards.read_card(tmp_path / "model.yaml", "mine")
    with pytest.raises(ModelError, match="the model 'mine' is not here") as caught:
        weights.state(card)
    assert "installation models get mine" in caught.value.hint


def test_a_broken_file_is_one_line(tmp_path, cache):
    (tmp_path / "w.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0notjson!")
    with pytest.raises(ModelError, match=r"w.safetensors cannot be read"):
        weights.state(beside(tmp_path, "w.safetensors"))


def test_files_that_hold_no_tensors_we_read_are_left_alone(cache, registry, tmp_path):
    data = b"TFL3"
    registry("toy", {"toy/m.tflite": data})
    origin = Origin("pypi", "toy", "1.0", "toy/m.tflite", hashlib.sha256(data).hexdigest())
    fetch([origin])
    rows = f"{{registry: pypi, package: toy, version: '1.0', member: toy/m.tflite, sha256: {origin.sha256}}}"
    (tmp_path / "model.yaml").write_text(f"{WORDS}weights: [{rows}]\n")
    card = cards.read_card(tmp_path / "model.yaml", "toy")
    assert card.missing() == []
    assert weights.tensor_files(card) == []
