"""Weights out of ONNX files."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from installation.checkpoints.onnx_files import read
from installation.errors import ModelError


def model(*tensors: TensorProto) -> onnx.ModelProto:
    return helper.make_model(helper.make_graph([], "g", [], [], initializer=list(tensors)))


def test_initialisers_by_name(tmp_path):
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    onnx.save(model(numpy_helper.from_array(array, "a.w")), tmp_path / "m.onnx")
    got = read(tmp_path / "m.onnx")
    assert list(got) == ["a.w"]
    np.testing.assert_array_equal(got["a.w"].numpy(), array)


def test_a_tensor_in_another_file_is_not_followed(tmp_path):
    tensor = numpy_helper.from_array(np.ones(4, np.float32), "w")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")
    onnx.save(model(tensor), tmp_path / "m.onnx")
    with pytest.raises(ModelError, match="keeps 'w' in another file"):
        read(tmp_path / "m.onnx")


@pytest.mark.parametrize("data", [b"", b"<html>404</html>", b"\xff" * 64])
def test_what_is_no_onnx_file_is_refused(tmp_path, data):
    (tmp_path / "m.onnx").write_bytes(data)
    with pytest.raises(ModelError, match=r"m.onnx"):
        read(tmp_path / "m.onnx")
