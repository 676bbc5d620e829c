"""Graphs are exported once, whole or not at all."""

import onnx
import pytest

from installation.backends.export import exported


def test_a_graph_is_static_named_and_in_one_file(cache, recipe):
    path = exported(recipe)
    assert path.parent == cache / "graphs"
    graph = onnx.load(str(path), load_external_data=False).graph
    shapes = {i.name: [d.dim_value for d in i.type.tensor_type.shape.dim] for i in graph.input}
    assert shapes == {"z": [1, 8], "gain": [1]}
    assert [o.name for o in graph.output] == ["out"]
    assert not any(tensor.external_data for tensor in graph.initializer)
    assert {entry.suffix for entry in path.parent.iterdir()} == {".onnx"}  # nothing half done


def test_the_second_time_nothing_is_built(cache, recipe):
    from dataclasses import replace

    def build():
        pytest.fail("the network was built again")

    first = exported(recipe)
    stamp = first.stat().st_mtime_ns
    assert exported(replace(recipe, build=build)) == first
    assert first.stat().st_mtime_ns == stamp


def test_an_export_that_fails_leaves_nothing(recipe, tmp_path, monkeypatch):
    from dataclasses import replace

    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))

    def build():
        raise ValueError("no such weights")

    with pytest.raises(ValueError, match="no such weights"):
        exported(replace(recipe, build=build))
    assert list((tmp_path / "graphs").iterdir()) == []
