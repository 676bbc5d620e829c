"""A show runs from its first frame; what is better comes in between two frames, or not at all, and then it says so."""

import threading
import time

import numpy as np
import pytest

from installation.backends.changeover import Changeover
from installation.backends.choose import load
from installation.backends.tensorrt_build import compile_engine
from installation.errors import ModelError

GIVEN = {"z": np.ones((1, 8), np.float32), "gain": np.full(1, 1.2, np.float32)}


def run_until(program: Changeover, backend: str) -> list[str]:
    """Frame after frame until that backend makes them; what made each."""
    made_by = []
    end = time.monotonic() + 100
    while time.monotonic() < end:
        program.run(GIVEN)
        made_by.append(program.backend)
        if program.backend == backend:
            return made_by
    pytest.fail(f"{backend} never came: {program.detail}")


def test_it_changes_over_between_two_frames(cache, recipe):
    begin = threading.Event()

    def prepare(stop):
        begin.wait()
        return load(recipe, "openvino", "fp32")

    program = Changeover(recipe, load(recipe, "torch", "bf16"), prepare, "the fast one")
    before = program.run(GIVEN)["out"].copy()
    assert (program.backend, program.precision) == ("torch", "bf16")
    assert program.detail.startswith("the fast one is being made ready for 0 s, torch runs")
    begin.set()
    made_by = run_until(program, "openvino")
    assert made_by == ["torch"] * (len(made_by) - 1) + ["openvino"]
    assert (program.precision, program.detail) == ("fp32", "")
    after = np.asarray(program.run(GIVEN)["out"])
    error = np.sqrt(np.mean((after - before) ** 2)) / after.std()
    assert 1e-6 < error < 3e-2  # the same picture, in other arithmetic
    program.close()


def test_a_real_build_that_fails_leaves_torch_running_and_says_so(cache, recipe, caplog):
    """sm75 has no products in fp32: the builder itself refuses, after the show has begun."""

    def prepare(stop):
        compile_engine(recipe, "fp32", "sm75", stop)
        raise AssertionError("built")

    program = Changeover(recipe, load(recipe, "torch", "fp32"), prepare, "the TensorRT engine")
    end = time.monotonic() + 100
    while "cannot be had" not in program.detail and time.monotonic() < end:
        program.run(GIVEN)
    assert program.detail.startswith(
        "the TensorRT engine cannot be had, torch runs on: TensorRT cannot build small for sm75:"
    )
    assert "the TensorRT engine of small: TensorRT cannot build small" in caplog.text
    assert "Traceback" not in caplog.text
    assert program.run(GIVEN)["out"].shape == (1, 3, 8, 8)
    assert program.backend == "torch"
    program.close()


def test_a_program_that_does_not_run_is_never_taken(cache, recipe, caplog):
    class Broken:
        backend, precision, detail, closed = "broken", "fp32", "", False

        def run(self, inputs):
            raise ModelError("out of memory", "make it smaller")

        def close(self):
            self.closed = True

    broken = Broken()
    program = Changeover(recipe, load(recipe, "torch", "fp32"), lambda stop: broken, "the engine")
    program._thread.join(100)
    assert program.detail == "the engine cannot be had, torch runs on: out of memory"
    assert broken.closed
    assert program.run(GIVEN)["out"].shape == (1, 3, 8, 8)
    program.close()


def test_closing_ends_a_build_and_is_no_failure(tmp_path, recipe, monkeypatch, caplog):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    running = load(recipe, "torch", "fp32")
    compiled = []

    def prepare(stop):
        compiled.append(compile_engine(recipe, "fp16", "sm89", stop))
        return running

    program = Changeover(recipe, running, prepare, "the TensorRT engine")
    program.run(GIVEN)
    program.close()
    assert not program._thread.is_alive()
    assert compiled == []
    assert "cannot be had" not in caplog.text


def test_one_that_is_ready_at_the_end_is_closed_too(cache, recipe):
    class Watched:
        backend, precision, detail, closed = "watched", "fp32", "", 0

        def run(self, inputs):
            return {"out": np.zeros((1, 3, 8, 8), np.float32)}

        def close(self):
            self.closed += 1

    first, second = Watched(), Watched()
    program = Changeover(recipe, first, lambda stop: second, "the engine")
    program._thread.join(100)
    program.close()
    assert (first.closed, second.closed) == (1, 1)
