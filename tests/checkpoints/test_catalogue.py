"""What ``installation models`` gives, over a home with one small model of its own and one that must be fetched."""

import hashlib
import json

import pytest
import torch
from safetensors.torch import save

from installation.checkpoints.catalogue import get_model, inspect_model, list_models
from installation.errors import ModelError
from installation.library import Library

WORDS = "family: dcgan\nlicence: CC0\nauthor: a\nsource: s\n"


@pytest.fixture
def library(tmp_path, monkeypatch, cache, registry) -> Library:
    home = tmp_path / "home"
    own, foreign = home / "models" / "own", home / "models" / "foreign"
    own.mkdir(parents=True)
    foreign.mkdir()
    data = save({"w": torch.ones(2, 3)})
    (own / "w.safetensors").write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    (own / "model.yaml").write_text(f"title: Own\n{WORDS}weights: [{{file: w.safetensors, sha256: {sha256}}}]\n")
    torch.save({"v": torch.zeros(4)}, tmp_path / "v.pth")
    data = (tmp_path / "v.pth").read_bytes()
    registry("toy", {"toy/v.pth": data})
    row = f"registry: pypi, package: toy, version: '1.0', member: toy/v.pth, bytes: {len(data)}"
    (foreign / "model.yaml").write_text(
        f"title: Foreign\nresolution: 8x8\n{WORDS}weights: [{{{row}, sha256: {hashlib.sha256(data).hexdigest()}}}]\n"
    )
    return Library(home)


def rows(library: Library) -> dict[str, dict]:
    return {row["name"]: row for row in list_models(library)}


def test_the_list_is_plain_data_and_knows_what_is_here(library):
    listed = rows(library)
    assert json.loads(json.dumps(listed)) == listed
    assert (listed["own"]["present"], listed["own"]["resolution"]) == (True, "any")
    assert (listed["foreign"]["present"], listed["foreign"]["resolution"]) == (False, "8x8")
    assert listed["foreign"]["bytes"] > 0


def test_getting_a_model_makes_it_present_and_its_tensors_ready(library, cache):
    assert inspect_model("foreign", library)["tensors"] == []
    get_model("foreign", library)
    assert rows(library)["foreign"]["present"]
    assert len(list((cache / "tensors").iterdir())) == 1
    data = inspect_model("foreign", library)
    assert json.loads(json.dumps(data)) == data
    assert data["tensors"] == [{"name": "v", "shape": [4], "dtype": "F32"}]


def test_our_own_file_that_was_changed_is_refused(library):
    (library.places[0] / "models" / "own" / "w.safetensors").write_bytes(b"changed")
    with pytest.raises(ModelError, match=r"the model 'own' lacks w.safetensors"):
        get_model("own", library)
