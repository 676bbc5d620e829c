"""What ``auto`` takes, why, and that a second start does without torch."""

import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

import installation
from installation.backends import choose as module
from installation.backends import tensorrt_runtime
from installation.backends.choose import Choice, choose, describe, load
from installation.errors import ModelError


@pytest.fixture
def machine(monkeypatch):
    """``machine(...)``: the rules, apart from what this machine happens to be."""

    def be(openvino=True, device="cpu", bf16=True, tensorrt="there is no NVIDIA driver"):
        missing = {"openvino": "" if openvino else "it is not installed", "tensorrt": tensorrt, "torch": ""}
        half = {"openvino": "bf16" if bf16 else "", "tensorrt": "fp16", "torch": "fp16" if device == "cuda" else ""}
        monkeypatch.setattr(module, "_missing", missing.__getitem__)
        monkeypatch.setattr(module, "_half", half.__getitem__)
        monkeypatch.setattr(module, "_device", lambda backend: device)

    return be


def test_openvino_on_a_cpu(machine):
    machine()
    assert choose() == Choice("openvino", "bf16", "the fastest on a CPU, which computes in bf16 here")


def test_fp32_where_the_cpu_has_no_bf16(machine):
    machine(bf16=False)
    assert choose() == Choice("openvino", "fp32", "the fastest on a CPU, without half precision here")


def test_torch_where_openvino_is_missing_says_so(machine):
    machine(openvino=False)
    why = "openvino is not installed, so this is slower, without half precision here"
    assert choose() == Choice("torch", "fp32", why)


def test_tensorrt_where_there_are_a_gpu_and_a_runtime(machine):
    machine(device="cuda", tensorrt="")
    assert choose() == Choice("tensorrt", "fp16", "a CUDA device is here, which computes in fp16 here")


def test_a_gpu_alone_is_torchs_and_says_what_would_be_faster(machine):
    machine(device="cuda", tensorrt="not installed; install it")
    why = "a CUDA device is here, but no TensorRT: not installed; install it, which computes in fp16 here"
    assert choose() == Choice("torch", "fp16", why)


def test_apples_gpu_comes_after_openvino(machine):
    machine(device="mps")
    assert choose().backend == "openvino"
    machine(device="mps", openvino=False)
    assert (choose().backend, choose().precision) == ("torch", "fp32")


def test_what_the_show_asks_for_is_what_it_gets(machine):
    machine()
    assert choose("torch", "bf16") == Choice("torch", "bf16", "as the show asks")


@pytest.mark.parametrize(("backend", "why"), [("openvino", "it is not installed"), ("tensorrt", "no NVIDIA driver")])
def test_a_missing_backend_is_an_error_not_a_fall_back(machine, backend, why):
    machine(openvino=False)
    with pytest.raises(ModelError, match=f"the backend '{backend}' cannot run here: .*{why}"):
        choose(backend)


@pytest.mark.parametrize("backend", ["openvino", "torch"])
def test_fp16_on_a_cpu_is_refused(machine, backend):
    machine()
    with pytest.raises(ModelError, match=f"{backend} does not compute in fp16 here"):
        choose(backend, "fp16")


def test_the_choice_is_logged(cache, recipe, caplog):
    with caplog.at_level(logging.INFO):
        program = load(recipe, "torch", "fp32")
    assert (program.backend, program.precision) == ("torch", "fp32")
    assert re.search(r"small runs on torch \((cpu|cuda|mps)\) in fp32: as the show asks", caplog.text)


def test_describe_is_plain_data_with_one_choice():
    rows = describe()
    assert json.loads(json.dumps(rows)) == rows
    assert [row["name"] for row in rows] == ["tensorrt", "openvino", "torch"]
    assert [row["chosen"] for row in rows].count(True) == 1
    assert all(row["text"] for row in rows)
    assert rows[0]["usable"] == (not tensorrt_runtime.missing())
    assert rows[0]["usable"] or rows[0]["text"].endswith(f", but {tensorrt_runtime.missing()}")


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
