"""Engines built for real, without a GPU, for the architectures that artists have; and what happens when one cannot be.

``make test`` installs the runtime these tests need: where it is missing they fail.
"""

import re
import threading
from collections import Counter
from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnx import parser

from installation.backends import engine_cache, tensorrt_build, tensorrt_runtime
from installation.backends.choose import load
from installation.backends.export import exported
from installation.backends.recipe import Input, Recipe
from installation.backends.tensorrt_build import compile_engine, engine_key, site
from installation.backends.tensorrt_builder import Job, build
from installation.errors import ModelError
from tests.backends.families import GRAPHS, multistyle

FOREIGN = ("fp16", "sm89")


def from_text(text: str, folder, **inputs: Input) -> Recipe:
    path = folder / "given.onnx"
    path.write_bytes(parser.parse_model(text).SerializeToString())
    return Recipe("given", inputs, "y", (text,), graph=path)


@pytest.mark.parametrize("target", ["sm89", "sm120"])
@pytest.mark.parametrize("name", GRAPHS)
def test_every_familys_graph_becomes_an_engine(cache, name, target):
    recipe = GRAPHS[name]()
    report = compile_engine(recipe, "fp16", target)
    assert report.path.parent == cache / "engines"
    assert report.bytes == report.path.stat().st_size > 10_000
    assert report.operators == Counter(node.op_type for node in onnx.load(exported(recipe)).graph.node)
    assert report.layers >= len(report.operators)
    assert (report.site.architecture, report.site.precision, report.seconds > 0) == (target, "fp16", True)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_in_every_precision(cache, recipe, precision):
    assert compile_engine(recipe, precision, "sm89").bytes > 10_000


def test_an_engine_is_built_once(cache, recipe):
    first = compile_engine(recipe, *FOREIGN)
    stamp = first.path.stat().st_mtime_ns
    assert compile_engine(recipe, *FOREIGN) == first
    assert first.path.stat().st_mtime_ns == stamp


def test_a_damaged_engine_is_built_again(cache, recipe, caplog):
    first = compile_engine(recipe, *FOREIGN)
    first.path.write_bytes(first.path.read_bytes()[:-100])
    again = compile_engine(recipe, *FOREIGN)
    assert "is damaged: it is built again" in caplog.text
    assert again.path == first.path
    assert engine_cache.find(first.path.stem, first.site)


def test_the_key_is_of_everything_an_engine_depends_on(recipe, monkeypatch):
    here = site(*FOREIGN)
    others = [
        replace(here, runtime="tensorrt"),
        replace(here, version="1.0"),
        replace(here, architecture="sm120"),
        replace(here, driver="580.65"),
        replace(here, precision="fp32"),
    ]
    keys = {engine_key(recipe, where) for where in (here, *others)}
    keys.add(engine_key(replace(recipe, parts=("small 2",)), here))
    keys.add(engine_key(replace(recipe, inputs={**recipe.inputs, "z": Input((1, 8), "float32", (4, 8))}), here))
    assert len(keys) == 8
    monkeypatch.setattr(tensorrt_build, "RETYPE", tensorrt_build.RETYPE.with_name("export.py"))
    assert engine_key(recipe, here) not in keys


def test_an_engine_for_sizes_that_change(cache):
    ranged = multistyle(most=(1, 144, 256, 3))
    report = compile_engine(ranged, *FOREIGN)
    sides = onnx.load(exported(ranged)).graph.input[0].type.tensor_type.shape.dim
    assert [bool(side.dim_param) for side in sides] == [False, True, True, False]
    assert report.bytes > 10_000


def test_operators_that_are_not_supported_are_named(cache, tmp_path):
    text = (
        '<ir_version: 10, opset_import: ["" : 20, "house" : 1]> odd (float[1,4] x) => (float[1,4] y) '
        "{ a = Relu(x)  b = house.Melt(a)  y = house.Freeze(b) }"
    )
    with pytest.raises(ModelError, match=r"TensorRT cannot read given: Melt .*Plugin not found.*; Freeze .*"):
        compile_engine(from_text(text, tmp_path, x=Input((1, 4), "float32")), *FOREIGN)
    assert not list((cache / "engines").glob(".*"))


def test_nothing_from_the_builder_is_an_error_in_its_own_words(cache, recipe):
    with pytest.raises(ModelError, match=r"cannot build small for sm75: .*FP32 .* is not supported"):
        compile_engine(recipe, "fp32", "sm75")  # Turing multiplies matrices in half only


def test_a_file_that_is_no_graph(cache, tmp_path):
    path = tmp_path / "no.onnx"
    path.write_bytes(b"\xff not a graph")
    with pytest.raises(ModelError, match="given cannot be made ready for TensorRT"):
        compile_engine(Recipe("given", {}, "y", ("1",), graph=path), *FOREIGN)


def test_a_builder_that_dies_is_an_error(cache, tmp_path):
    with pytest.raises(ModelError, match="builder of given ended with status 1: FileNotFoundError"):
        compile_engine(Recipe("given", {}, "y", ("1",), graph=tmp_path / "gone.onnx"), *FOREIGN)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("sm90", "tensorrt_rtx .* does not build for sm90"),
        ("ada", "'ada' is no GPU architecture"),
        ("../x", "is no GPU architecture"),
    ],
)
def test_targets_that_are_none(cache, recipe, target, message):
    with pytest.raises(ModelError, match=message):
        compile_engine(recipe, "fp16", target)


def test_stopping_ends_the_builder_and_keeps_nothing(tmp_path, recipe, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    exported(recipe)
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    with pytest.raises(ModelError, match="was stopped"):
        compile_engine(recipe, "fp16", "sm89", stop)
    assert list((tmp_path / "engines").iterdir()) == []


def test_a_file_that_is_no_engine_gives_nothing_and_a_reason():
    api = tensorrt_runtime.runtime().api
    log = tensorrt_runtime.complaints(api)
    assert api.Runtime(log).deserialize_cuda_engine(b"no engine" * 100) is None
    assert "Serialization" in log.text()
    assert log.text() == "it gave no reason"  # said once


def test_here_it_runs_or_says_what_is_missing(cache, recipe):
    """On a machine with a GPU this compares its pictures; on any other its words."""
    given = {"z": np.ones((1, 8), np.float32), "gain": np.ones(1, np.float32)}
    if not (missing := tensorrt_runtime.missing()):
        exact = load(recipe, "torch", "fp32").run(given)["out"]
        made = load(recipe, "tensorrt", "fp16").run(given)["out"]
        assert np.sqrt(np.mean((made - exact) ** 2)) < 1e-2 * exact.std()
        return
    with pytest.raises(ModelError, match=f"TensorRT cannot run here: {missing}") as caught:
        compile_engine(recipe, "fp16")
    assert "name a target" in caught.value.hint
    chosen = tensorrt_runtime.runtime()
    where = engine_cache.Site(chosen.kind, chosen.version, "", "", "fp16")
    job = Job("small", str(exported(recipe)), "key", where, chosen.module, tensorrt_runtime.CURRENT, {})
    with pytest.raises(ModelError, match=r"cannot build small .*: .*CUDA driver"):
        build(job)


def test_a_gpu_that_the_runtime_does_not_know_is_named(monkeypatch):
    """Before an engine is built for nothing: a data centre's GPU and the runtime for RTX."""
    monkeypatch.setattr(tensorrt_runtime, "driver", lambda: "580.65.06")
    monkeypatch.setattr(tensorrt_runtime, "architecture", lambda: "sm90")
    assert re.fullmatch(
        r"tensorrt_rtx [\d.]+ does not run on sm90, only on sm75 .*sm120.*; install tensorrt",
        tensorrt_runtime.missing(),
    )
    monkeypatch.setattr(tensorrt_runtime, "architecture", lambda: "sm89")
    assert tensorrt_runtime.missing() == ""
