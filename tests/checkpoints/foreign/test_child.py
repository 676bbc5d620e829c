"""The whole way, with the real child: refusals are one line, small, leave nothing, and the next file is read."""

import json
import os
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

from installation.checkpoints import foreign
from installation.errors import ModelError
from tests.checkpoints.foreign.test_hostile import CASES

SOME = (
    "globals: posix.system bare", "globals: posix.system zip", "globals: posix.system legacy",
    "globals: os.system nvidia parameter", "globals: os.system nested storage", "globals: stack global",
    "instructions: INST", "instructions: EXT4", "instructions: BUILD on OrderedDict",
    "sizes: 13 bytes that ask for 2 GB", "sizes: deep lists", "sizes: deep tuples",
    "sizes: tables that double", "sizes: two million members",
    "sizes: a storage read again and again", "tensors: zip, expanded to a terabyte",
    "tensors: storage key '/etc/passwd'", "networks: modules that double", "files: strangers: empty",
    "files: strangers: HTML", "files: strangers: LFS", "files: zips: a storage that unpacks to 256 MB",
    "files: zips: a hundred thousand members", "files: safetensors: a header that is deep",
    "files: onnx: data in '/etc/passwd'", "files: onnx: cut at 6/12",
)  # fmt: skip
MEMORY = 500 << 20  # bytes resident that a refusal may take


@pytest.mark.parametrize("name", SOME)
def test_the_child_refuses_in_one_line_and_leaves_nothing(name, bare, tmp_path):
    path = tmp_path / "w.pth"
    path.write_bytes(CASES[name])
    for ask in (lambda: foreign.look(path), lambda: foreign.read(path, bare / "t.safetensors")):
        with pytest.raises(ModelError) as caught:
            ask()
        assert caught.value.message.startswith("w.pth: ")
        assert (caught.value.message + caught.value.hint).isprintable()
        assert list(bare.iterdir()) == []


def test_refusals_stay_small_and_the_same_process_reads_on(tmp_path):
    """Measured from a process that is itself small: what a child takes counts from the fork on."""
    for index, name in enumerate(SOME):
        (tmp_path / f"{index}.pth").write_bytes(CASES[name])
    torch.save({"w": torch.ones(3)}, tmp_path / "good.pth")
    script = """
import json, resource, sys, pathlib
from installation.checkpoints import foreign
from installation.errors import ModelError
folder, refused = pathlib.Path(sys.argv[1]), 0
for path in sorted(folder.glob("[0-9]*.pth")):
    try:
        foreign.look(path)
    except ModelError:
        refused += 1
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
found = foreign.read(folder / "good.pth", folder / "good.safetensors")
heavy = sorted({"torch", "numpy", "onnx", "safetensors"} & set(sys.modules))
print(json.dumps({"refused": refused, "peak": peak, "shapes": found.shapes, "heavy": heavy}))
"""
    done = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    assert said["refused"] == len(SOME)
    assert said["peak"] * (1 if sys.platform == "darwin" else 1024) < MEMORY
    assert said["shapes"] == {"w": [3]}
    assert said["heavy"] == []  # the asking process loads nothing of a file's kind
    assert torch.equal(load_file(tmp_path / "good.safetensors")["w"], torch.ones(3))


def test_a_child_without_memory_is_one_line(tmp_path, monkeypatch):
    torch.save({"w": torch.ones(3)}, tmp_path / "w.pth")
    monkeypatch.setattr(foreign, "MEMORY", 12 << 20)
    with pytest.raises(ModelError, match=r"w\.pth") as caught:
        foreign.read(tmp_path / "w.pth", tmp_path / "t.safetensors")
    assert caught.value.message.isprintable()
    assert [path.name for path in tmp_path.iterdir()] == ["w.pth"]


def test_a_child_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    torch.save({"w": torch.ones(3)}, tmp_path / "w.pth")
    monkeypatch.setattr(foreign, "PATIENCE", 0)
    with pytest.raises(ModelError, match=r"w\.pth takes too long to read"):
        foreign.read(tmp_path / "w.pth", tmp_path / "t.safetensors")
    assert [path.name for path in tmp_path.iterdir()] == ["w.pth"]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo garbage", "its reader gave no answer"),
        ("echo '[1]'", "its reader gave no answer"),
        ("""echo '{"container": "x", "shapes": {"w": [-1]}, "facts": {}}'""", "its reader gave no answer"),
        ("""echo '{"container": "x", "shapes": [], "facts": {}}'""", "its reader gave no answer"),
        ("true", "its reader gave no answer"),
        ("printf 'one\\ntwo\\033[2J\\n' >&2; exit 3", "two"),
        ("exit 7", "its reader ended with 7"),
        ("kill -SEGV $$", "its reader was ended by signal 11"),
        ("kill -KILL $$", "too much memory"),
        ("""printf %s '{"refused": "a\\nb", "hint": "c\\u001bd"}'""", r"a\?b"),
    ],
)
def test_however_the_child_ends_it_is_one_line(script, words, tmp_path, monkeypatch):
    """A program of ours in the reader's place, since the reader itself cannot be made to end like that."""
    (tmp_path / "w.pth").write_bytes(b"x")
    (tmp_path / "reader").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "reader").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "reader"))
    with pytest.raises(ModelError, match=words) as caught:
        foreign.look(tmp_path / "w.pth")
    assert (caught.value.message + caught.value.hint).isprintable()


def test_what_is_no_file_is_said(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name, words in (
        ("none.pth", "is not there"),
        (".", "is no file"),
        ("pipe", "is no file"),
        ("a\0b", "is not there"),
    ):
        with pytest.raises(ModelError, match=words):
            foreign.look(tmp_path / name)


def test_a_file_whose_name_is_hostile(tmp_path):
    path = tmp_path / "w\n\x1b[2J'; touch canary #.pth"
    path.write_bytes(b"")
    with pytest.raises(ModelError, match="it is empty") as caught:
        foreign.look(path)
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    ("config", "facts"),
    [
        (b'{"z_dim": 12, "x": [1e999]}', {"config": {"z_dim": 12, "x": ["inf"]}}),
        (b"[1]", {}),
        (b"x" * (1 << 20) + b"y", {}),
    ],
)
def test_a_config_beside_a_file(config, facts, tmp_path):
    torch.save({"w": torch.ones(3)}, tmp_path / "w.bin")
    (tmp_path / "config.json").write_bytes(config)
    assert foreign.look(tmp_path / "w.bin").facts == facts


@pytest.mark.parametrize("config", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_broken_config_beside_a_file_is_named(config, tmp_path):
    torch.save({"w": torch.ones(3)}, tmp_path / "w.bin")
    (tmp_path / "config.json").write_bytes(config)
    with pytest.raises(ModelError, match=r"config\.json"):
        foreign.look(tmp_path / "w.bin")


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_a_program_is_looked_at_and_nothing_is_written(tmp_path):
    torch.jit.script(torch.nn.Linear(2, 2)).save(str(tmp_path / "w.pt"))
    assert foreign.read(tmp_path / "w.pt", tmp_path / "t.safetensors").facts == {"torchscript": True}
    assert [path.name for path in tmp_path.iterdir()] == ["w.pt"]


def test_the_suffix_decides_nothing(tmp_path):
    torch.save({"w": torch.ones(3)}, tmp_path / "w.onnx")
    assert foreign.look(tmp_path / "w.onnx").container == "torch zip"
