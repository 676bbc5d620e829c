"""What ``auto`` takes, why, and that a second start does without torch."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

import installation
from installation.backends import choose as module
from installation.backends.choose import Choice, choose, describe, load
from installation.errors import ModelError


@pytest.fixture
def machine(monkeypatch):
    """``machine(installed, cuda, bf16)``: the rules, apart from what this machine happens to be."""

    def be(installed=("openvino", "torch"), cuda=False, bf16=True):
        monkeypatch.setattr(module, "_installed", lambda name: name in installed)
        monkeypatch.setattr(module, "_cuda", lambda: cuda)
        monkeypatch.setattr(module, "_computes_bf16", lambda backend: bf16 and (backend == "openvino" or cuda))

    return be


def test_openvino_on_a_cpu(machine):
    machine()
    assert choose() == Choice("openvino", "bf16", "the fastest on a CPU, which computes in bf16 here")


def test_fp32_where_the_cpu_has_no_bf16(machine):
    machine(bf16=False)
    assert choose() == Choice("openvino", "fp32", "the fastest on a CPU, without bf16 here")


def test_torch_where_openvino_is_missing_says_so(machine):
    machine(installed=("torch",))
    assert choose() == Choice("torch", "fp32", "openvino is not installed, so this is slower, without bf16 here")


def test_a_cuda_device_is_taken(machine):
    machine(cuda=True)
    assert (choose().backend, choose().precision) == ("torch", "bf16")


def test_what_the_show_asks_for_is_what_it_gets(machine):
    machine()
    assert choose("torch", "bf16") == Choice("torch", "bf16", "as the show asks")


def test_a_missing_backend_is_an_error_not_a_fall_back(machine):
    machine(installed=("torch",))
    with pytest.raises(ModelError, match="the backend 'openvino' is not installed"):
        choose("openvino")


def test_the_choice_is_logged(cache, recipe, caplog):
    with caplog.at_level(logging.INFO):
        program = load(recipe, "torch", "fp32")
    assert (program.backend, program.precision) == ("torch", "fp32")
    assert "small runs on torch in fp32: as the show asks" in caplog.text


def test_describe_is_plain_data_with_one_choice():
    rows = describe()
    assert json.loads(json.dumps(rows)) == rows
    assert [row["name"] for row in rows] == ["openvino", "torch"]
    assert [row["chosen"] for row in rows].count(True) == 1
    assert all(row["text"] for row in rows)


def test_a_second_start_does_without_torch(cache, recipe):
    """Importing torch is most of a show's start: with its graph in the cache OpenVINO must not need it."""
    load(recipe, "openvino", "fp32")
    code = (
        "import sys, numpy as np\n"
        "from installation.backends.choose import load\n"
        "from installation.backends.recipe import Input, Recipe\n"
        "inputs = {'z': Input((1, 8), 'float32'), 'gain': Input((1,), 'float32')}\n"
        "program = load(Recipe('small', inputs, 'out', ('small 1',), lambda: 1 / 0), 'openvino', 'fp32')\n"
        "made = program.run({'z': np.ones((1, 8), np.float32), 'gain': np.ones(1, np.float32)})\n"
        "print(made['out'].shape, 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(installation.__file__).parents[1]
    )
    assert done.stdout.strip() == "(1, 3, 8, 8) False", done.stderr
