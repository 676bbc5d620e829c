"""What runs in half and what does not, and what that costs: by ONNX's own reference, which rounds as it says."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper, parser
from onnx.reference import ReferenceEvaluator

from installation.backends.export import exported
from installation.backends.retype import retyped

FLOAT, HALF, BF16 = TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16


def graph(text: str, **weights: np.ndarray) -> bytes:
    """A graph in ONNX's text form, with these initialisers."""
    made = parser.parse_model(f'<ir_version: 10, opset_import: ["" : 20]> {text}')
    made.graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in weights.items())
    onnx.checker.check_model(made)
    return made.SerializeToString()


def types(made: bytes) -> dict[str, int]:
    """The element type that every named tensor comes out in."""
    model = onnx.shape_inference.infer_shapes(onnx.load_from_string(made), strict_mode=True)
    onnx.checker.check_model(model)
    values = (*model.graph.input, *model.graph.value_info, *model.graph.output)
    return {value.name: value.type.tensor_type.elem_type for value in values}


def run(made: bytes, **given: np.ndarray) -> np.ndarray:
    return ReferenceEvaluator(onnx.load_from_string(made)).run(None, given)[0]


def normal(seed: int, *shape: int) -> np.ndarray:
    return np.random.RandomState(seed).randn(*shape).astype(np.float32)


CHAIN = """chain (float[1,4,6,6] x) => (float[1,5,6,6] y) {
    a = Conv <pads = [1,1,1,1]> (x, w)
    b = Relu(a)
    m = ReduceMean <keepdims = 1> (b)
    c = Sub(b, m)
    y = Tanh(c)
}"""


def test_convolutions_are_narrow_sums_are_not_and_the_ends_stay():
    made = retyped(graph(CHAIN, w=normal(1, 5, 4, 3, 3)), "fp16")
    found = types(made)
    assert (found["x"], found["y"]) == (FLOAT, FLOAT)
    assert (found["a.narrow"], found["b.narrow"], found["m"], found["c.narrow"]) == (HALF, HALF, FLOAT, HALF)
    assert "w" not in {tensor.name for tensor in onnx.load_from_string(made).graph.initializer}  # only the narrow one


def test_it_computes_nearly_the_same():
    source, x = graph(CHAIN, w=normal(1, 5, 4, 3, 3) * 0.2), normal(2, 1, 4, 6, 6)
    exact, made = run(source, x=x), run(retyped(source, "fp16"), x=x)
    error = np.sqrt(np.mean((made - exact) ** 2)) / exact.std()
    assert 1e-5 < error < 2e-3  # rounded, and no more than that
    np.testing.assert_array_equal(run(retyped(source, "fp32"), x=x), exact)


def test_bf16_in_place_of_fp16():
    found = types(retyped(graph(CHAIN.replace("ReduceMean", "ReduceSum"), w=normal(1, 5, 4, 3, 3)), "bf16"))
    assert (found["a.narrow"], found["m"], found["y"]) == (BF16, FLOAT, FLOAT)


def test_a_transposed_convolution_is_narrow_in_fp16_only():
    source = graph("up (float[1,4,6,6] x) => (float[1,3,7,7] y) { y = ConvTranspose(x, w) }", w=normal(1, 4, 3, 2, 2))
    assert types(retyped(source, "fp16"))["y.narrow"] == HALF
    assert "y.narrow" not in types(retyped(source, "bf16"))


def test_a_product_of_one_row_stays_exact():
    source = graph(
        "rows (float[1,8] z, float[9,8] zs) => (float[1,4] one, float[9,4] many) "
        "{ one = MatMul(z, w)  many = MatMul(zs, w) }",
        w=normal(3, 8, 4),
    )
    model = onnx.load_from_string(retyped(source, "fp16"))
    products = {node.output[0]: list(node.input) for node in model.graph.node if node.op_type == "MatMul"}
    assert products == {"one": ["z", "w"], "many.narrow": ["zs.narrow", "w.narrow"]}


def test_what_leads_to_a_sine_stays_exact():
    source = graph(
        "waves (float[64,2] p) => (float[64,3] y) { a = MatMul(p, w)  b = Add(a, a)  s = Sin(b)  y = MatMul(s, v) }",
        w=normal(3, 2, 6) * 300,
        v=normal(4, 6, 3),
    )
    found = types(retyped(source, "fp16"))
    assert (found["a"], found["b"], found["s"]) == (FLOAT, FLOAT, FLOAT)
    assert found["y.narrow"] == HALF
    p = normal(5, 64, 2)
    exact, made = run(source, p=p), run(retyped(source, "fp16"), p=p)
    assert np.abs(made - exact).max() < 5e-3 * np.abs(exact).max()


SQUARES = """squares (float[1,4,6,6] x) => (float[1,4,6,6] y) {
    a = Conv(x, w)
    q = Mul(a, a)
    m = ReduceMean <keepdims = 1> (q)
    e = Add(m, eps)
    s = Sqrt(e)
    y = Div(a, s)
}"""


def test_a_norm_survives_silence_and_noise():
    """In half 300 squared is infinite, and 1e-8 is nothing: silence would be divided by zero."""
    source = graph(SQUARES, w=np.eye(4, dtype=np.float32).reshape(4, 4, 1, 1), eps=np.float32(1e-8).reshape(1))
    made = retyped(source, "fp16")
    assert types(made)["q"] == FLOAT
    loud = normal(1, 1, 4, 6, 6) * 1000
    np.testing.assert_allclose(run(made, x=loud), run(source, x=loud), atol=5e-3)
    assert (run(made, x=loud * 0) == 0).all()


@pytest.mark.parametrize("number", [1e-8, 7e4])
def test_a_number_that_half_does_not_hold_keeps_its_layer_exact(number):
    source = graph(
        "held (float[1,4,6,6] x) => (float[1,4,6,6] y) { a = Conv(x, w)  b = Mul(a, k)  y = Relu(b) }",
        w=normal(1, 4, 4, 1, 1),
        k=np.float32(number).reshape(1),
    )
    assert types(retyped(source, "fp16"))["b"] == FLOAT
    assert types(retyped(source, "bf16"))["b.narrow"] == BF16  # which has float32's range


def test_the_scales_of_a_resize_are_no_picture():
    source = graph(
        'grow (float[1,4,6,6] x) => (float[1,4,12,12] y) { a = Conv(x, w)  y = Resize <mode = "nearest"> (a, , s) }',
        w=normal(1, 4, 4, 1, 1),
        s=np.array([1, 1, 2, 2], np.float32),
    )
    made = retyped(source, "fp16")
    node = next(node for node in onnx.load_from_string(made).graph.node if node.op_type == "Resize")
    assert list(node.input) == ["a.narrow", "", "s"]
    assert run(made, x=normal(1, 1, 4, 6, 6)).shape == (1, 4, 12, 12)


def test_bytes_become_numbers_before_anything_moves_them():
    source = graph(
        "bytes (uint8[1,6,6,3] image) => (uint8[1,3,6,6] y) { a = Transpose <perm = [0,3,1,2]> (image) "
        "b = Cast <to = 1> (a)  y = Cast <to = 2> (b) }"
    )
    made = retyped(source, "fp32")
    assert types(made)["a"] == FLOAT
    image = np.random.RandomState(1).randint(0, 256, (1, 6, 6, 3)).astype(np.uint8)
    np.testing.assert_array_equal(run(made, image=image), image.transpose(0, 3, 1, 2))


def test_a_graph_with_branches_is_refused():
    source = graph(
        "branch (bool c, float[2] x) => (float[2] y) { y = If (c) <then_branch = a () => (float[2] p) { p = Relu(x) }, "
        "else_branch = b () => (float[2] q) { q = Neg(x) }> }"
    )
    with pytest.raises(ValueError, match="branches or loops"):
        retyped(source, "fp16")


def test_an_exported_network_in_fp16_is_within_a_hundredth_of_its_contrast(cache, recipe):
    source = exported(recipe).read_bytes()
    made = retyped(source, "fp16")
    given = {"z": normal(7, 1, 8), "gain": np.full(1, 1.2, np.float32)}
    exact = run(source, **given)
    assert np.sqrt(np.mean((run(made, **given) - exact) ** 2)) < 1e-2 * exact.std()
    assert HALF in types(made).values()


def test_kinds_of_weights_are_what_they_say():
    model = onnx.load_from_string(retyped(graph(CHAIN, w=normal(1, 5, 4, 3, 3)), "fp16"))
    kinds = {tensor.name: helper.tensor_dtype_to_np_dtype(tensor.data_type) for tensor in model.graph.initializer}
    assert kinds == {"w.narrow": np.dtype(np.float16)}
