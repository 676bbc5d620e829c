"""Files in the official formats are read, and hold what torch finds in them."""

import io
import json
import pickletools

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file as load_arrays
from safetensors.torch import load_file

from installation.checkpoints import foreign
from tests.checkpoints.foreign.conftest import FILES

TORCH = ("biggan", "cyclegan", "pix2pix", "pix2pixhd", "rosinality")
NVIDIA = ("stylegan2", "stylegan2_cond", "stylegan3_r", "stylegan3_t")


@pytest.mark.parametrize("name", TORCH)
def test_torch_files_hold_what_torch_finds(name, tmp_path):
    found = foreign.read(FILES[name], tmp_path / "t.safetensors")
    wanted = torch.load(FILES[name], map_location="cpu", weights_only=True)
    if name == "rosinality":
        wanted = wanted["g_ema"] | {"latent_avg": wanted["latent_avg"]}
    got = load_file(tmp_path / "t.safetensors")
    assert got.keys() == wanted.keys() == found.shapes.keys()
    for key, value in wanted.items():
        assert got[key].dtype == value.dtype
        assert torch.equal(got[key], value), key
        assert found.shapes[key] == tuple(value.shape)
    assert found.container == ("torch legacy" if name == "pix2pixhd" else "torch zip")


@pytest.mark.parametrize("name", NVIDIA)
def test_nvidias_tensors_are_those_of_g_ema(name, tmp_path):
    """Against torch's own reading of the storages."""
    found = foreign.read(FILES[name], tmp_path / "t.safetensors")
    assert found.container == "nvidia pickle"
    got = load_arrays(tmp_path / "t.safetensors")
    assert "mapping.w_avg" in got
    assert all(np.isfinite(array).all() for array in got.values())
    there = {_storage(a) for op, a, _ in pickletools.genops(FILES[name].read_bytes()) if _is_storage(op.name, a)}
    assert all(array.tobytes() in there for array in got.values())  # G, D and G_ema lie in it; each is whole


def _is_storage(opcode: str, argument: object) -> bool:
    return "BINBYTES" in opcode and isinstance(argument, bytes) and len(argument) > 200


def _storage(nested: bytes) -> bytes:
    loaded = torch.load(io.BytesIO(nested), weights_only=True)
    return torch.empty(0).set_(loaded._untyped_storage).numpy().tobytes()


@pytest.mark.parametrize("name", FILES)
def test_looking_says_what_reading_says_and_json_holds_it(name, tmp_path):
    found = foreign.look(FILES[name])
    assert found == foreign.read(FILES[name], tmp_path / "t.safetensors")
    assert json.loads(json.dumps(found.facts, allow_nan=False)) == found.facts


def test_stylegan2_says_how_it_was_made():
    network = foreign.look(FILES["stylegan2_cond"]).facts["network"]
    assert network["class_name"] == "Generator"
    assert network["init_kwargs"]["c_dim"] > 0
    assert network["mapping"]["class_name"] == "MappingNetwork"
    assert network["synthesis"]["b8"]["class_name"] == "SynthesisBlock"
    assert network["synthesis"]["b8"]["state"]["architecture"] == "skip"
    assert network["synthesis"]["b8"]["conv0"]["state"]["up"] == 2


def test_stylegan3_arrays_and_scalars_are_numbers():
    network = foreign.look(FILES["stylegan3_t"]).facts["network"]
    assert network["synthesis"]["input"]["state"]["size"] == [36, 36]
    assert network["synthesis"]["input"]["state"]["bandwidth"] == 2.0


def test_a_config_beside_it_is_among_the_facts():
    config = json.loads((FILES["biggan"].parent / "config.json").read_text())
    assert foreign.look(FILES["biggan"]).facts["config"] == config
