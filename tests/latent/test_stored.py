from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from installation.errors import ModelError
from installation.latent import stored
from installation.latent.space import Direction
from tests.checkpoints.foreign.payload import Touches


def test_directions_come_back_as_they_went(tmp_path: Path) -> None:
    path = tmp_path / stored.DIRECTIONS
    mine = np.random.RandomState(0).randn(8, 12).astype(np.float32)
    stored.write_directions(path, {"sefa.0": Direction(np.ones(12, np.float32), 0.25), "mine": Direction(mine)})
    back = stored.read_directions(path)
    assert (sorted(back), back["sefa.0"].sigma, back["mine"].sigma) == (["mine", "sefa.0"], 0.25, 1.0)
    np.testing.assert_array_equal(back["mine"].vector, mine)


def test_a_direction_of_ones_own_needs_no_sigma(tmp_path: Path) -> None:
    save_file({"mine": np.ones(12, np.float16)}, tmp_path / "d.safetensors")
    back = stored.read_directions(tmp_path / "d.safetensors")["mine"]
    assert (back.sigma, back.vector.dtype) == (1.0, np.float32)


def test_no_file_is_no_directions(tmp_path: Path) -> None:
    assert stored.read_directions(tmp_path / "none.safetensors") == {}


@pytest.mark.parametrize(
    ("tensors", "said"),
    [
        ({"a": np.full(4, np.nan, np.float32)}, "not finite"),
        ({"a": np.ones((2, 2, 2), np.float32)}, r"\(2, 2, 2\)"),
        ({"a": np.ones(0, np.float32)}, r"\(0,\)"),
        ({"a": np.ones(4, np.float32), "a.sigma": np.ones(2, np.float32)}, "2 numbers, wanted 1"),
        ({"a": np.ones(4, np.float32), "a.sigma": np.full(1, np.inf, np.float32)}, "not finite"),
        ({"a": np.ones((1025, 1024), np.uint8)}, r"\(1025, 1024\)"),
    ],
)
def test_odd_directions_are_refused(tmp_path: Path, tensors: Any, said: str) -> None:
    save_file(tensors, tmp_path / "d.safetensors")
    with pytest.raises(ModelError, match=said):
        stored.read_directions(tmp_path / "d.safetensors")


@pytest.mark.parametrize("data", [b"", b"\xff" * 100, b"<html>", pickle.dumps({"a": 1})])
def test_broken_files_are_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    for name, read in (("d.safetensors", stored.read_directions), ("l.npz", stored.read_latent)):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ModelError) as refused:
            read(tmp_path / name)
        assert "\n" not in refused.value.message


@pytest.mark.parametrize("shape", [(8, 12), (1, 12), (16,)])
def test_latents_come_back_as_they_went(tmp_path: Path, shape: tuple[int, ...]) -> None:
    latent = np.random.RandomState(0).randn(*shape).astype(np.float32)
    path = stored.write_latent(tmp_path, "face", latent)
    assert path == tmp_path / "latents" / "face.npz"
    saved = stored.Saved(tmp_path)
    assert list(saved) == ["face"]
    np.testing.assert_array_equal(saved["face"], latent)


def test_a_latent_with_a_pickle_in_it_runs_nothing(tmp_path: Path) -> None:
    canary = tmp_path / "ran"
    np.savez(tmp_path / "l.npz", w=np.array([[Touches(canary)]], dtype=object))
    with pytest.raises(ModelError, match="of a latent"):
        stored.read_latent(tmp_path / "l.npz")
    assert not canary.exists()


def test_a_latent_that_unpacks_without_end_is_refused_unread(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "l.npz", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("w.npy", b"\0" * (stored.MOST_BYTES + 1))
    assert (tmp_path / "l.npz").stat().st_size < 1 << 20
    with pytest.raises(ModelError, match="unpacks to more than 64 MB"):
        stored.read_latent(tmp_path / "l.npz")


def test_a_header_that_promises_terabytes_is_refused(tmp_path: Path) -> None:
    header = b"\x93NUMPY\x01\x00"
    words = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000), }".ljust(117) + b"\n"
    with zipfile.ZipFile(tmp_path / "l.npz", "w") as packed:
        packed.writestr("w.npy", header + len(words).to_bytes(2, "little") + words + b"\0" * 64)
    with pytest.raises(ModelError, match="of a latent"):
        stored.read_latent(tmp_path / "l.npz")


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"x": np.ones(4)}, "neither w nor z"),
        ({"w": np.ones(4)}, r"\(4,\)"),
        ({"z": np.ones((1, 4))}, r"\(1, 4\)"),
        ({"w": np.full((1, 4), np.inf)}, "not finite"),
        ({"w": np.array([["a"]])}, "<U1"),
    ],
)
def test_odd_latents_are_refused(tmp_path: Path, arrays: Any, said: str) -> None:
    np.savez(tmp_path / "l.npz", **arrays)
    with pytest.raises(ModelError, match=said):
        stored.read_latent(tmp_path / "l.npz")


def test_what_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "latents").write_text("in the way")
    with pytest.raises(ModelError, match="cannot be written"):
        stored.write_latent(tmp_path, "face", np.ones((1, 4), np.float32))
