"""What a graph takes and makes, from its inputs' and outputs' names, shapes and types alone; and what is refused."""

import onnx
import pytest
from onnx import TensorProto, helper

from installation.checkpoints import foreign
from installation.checkpoints.families.onnx import recognise
from installation.checkpoints.found import Found
from installation.errors import ModelError


def found(inputs, outputs, operators=("Conv",), domains=("ai.onnx",), opset=17) -> Found:
    """Values as ``name dtype 1x3xhxw``."""

    def value(words):
        name, dtype, *shape = words.split()
        sides = [int(s) if s.isdigit() else s for s in shape[0].split("x")] if shape else []
        return {"name": name, "shape": sides, "dtype": dtype}

    facts = {
        "inputs": [value(words) for words in inputs], "outputs": [value(words) for words in outputs],
        "domains": list(domains), "opset": opset, "operators": dict.fromkeys(operators, 1),
    }  # fmt: skip
    return Found("onnx", {}, facts)


@pytest.mark.parametrize(
    ("inputs", "outputs", "layouts", "resolution"),
    [
        (["x F32 1x3x256x384"], ["y F32 1x3x256x384"], ("nchw", "nchw"), (384, 256)),
        (["x F32 nx3xhxw"], ["y F32 nx3xhxw"], ("nchw", "nchw"), None),
        (["x U8 1x256x256x3"], ["y U8 1x256x256x3"], ("nhwc", "nhwc"), (256, 256)),
        (["x F32 1x224x224x1"], ["y F32 1x3x448x448"], ("nhwc", "nchw"), (224, 224)),
        (["x F32 1x64x64x3"], ["y F32"], ("nhwc", "nhwc"), (64, 64)),
        (["x F16 1x3xhxw"], ["y F16 axbxcxd"], ("nchw", "nchw"), None),
        (
            ["x F32 1x3x320x320"],
            ["score F32 1x10", "y F32 1x1x320x320", "z F32 1x1x320x320"],
            ("nchw",) * 2,
            (320, 320),
        ),
    ],
)
def test_a_picture_in_and_out(inputs, outputs, layouts, resolution):
    recognised = recognise(found(inputs, outputs))
    network = recognised.network
    assert (network["inputs"]["image"]["layout"], network["output"]["layout"]) == layouts
    assert (network["inputs"]["image"]["name"], network["output"]["name"]) == ("x", "y")
    assert (recognised.resolution, recognised.latent, recognised.classes) == (resolution, 0, 0)
    assert network["in_channels"] == network["inputs"]["image"]["channels"]


def test_numbers_in_a_picture_out():
    recognised = recognise(found(["psi F32 1", "z F32 nx512", "label F32 nx10"], ["y F32 nx3x128x256"], ["Tanh"]))
    assert (recognised.latent, recognised.classes, recognised.class_noun) == (512, 10, "class")
    assert recognised.resolution == (256, 128)
    assert recognised.network["inputs"] == {
        "z": {"name": "z", "dtype": "F32", "shape": ["n", 512]},
        "classes": {"name": "label", "dtype": "F32", "shape": ["n", 10]},
        "psi": {"name": "psi", "dtype": "F32", "shape": [1], "value": 1},
    }
    assert recognised.network["range"] == "-1..1"
    assert recognised.preprocessing == {}


def test_classes_are_not_taken_for_the_latent_even_where_they_are_more():
    recognised = recognise(found(["one_hot F32 1x1000", "input F32 1x128x1x1"], ["y F32 1x3x64x64"]))
    assert (recognised.latent, recognised.classes) == (128, 1000)


def test_further_inputs_are_held_under_a_name_a_card_can_have():
    inputs = ["content F32 1x384x384x3", "net/Conv/BiasAdd:0 F32 1x1x1x100", "steps I64 1", "strength F32"]
    network = recognise(found(inputs, ["y F32 1x384x384x3"])).network
    assert {name: row["value"] for name, row in network["inputs"].items() if name != "image"} == {
        "net_conv_biasadd_0": 0, "steps": 0, "strength_3": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("operators", "dtype", "span"),
    [
        (["Conv", "Tanh"], "F32", "-1..1"),
        (["Conv", "Sigmoid", "InstanceNormalization"], "F32", "0..1"),
        (["Conv", "InstanceNormalization"], "F32", "0..255"),
        (["Conv", "Relu"], "F32", "0..1"),
        (["Conv", "Tanh"], "U8", "0..255"),
    ],
)
def test_the_range_is_guessed_and_said_to_be_a_guess(operators, dtype, span):
    recognised = recognise(found([f"x {dtype} 1x3xhxw"], ["y F32 1x3xhxw"], operators))
    assert recognised.network["range"] == recognised.preprocessing["range"] == span
    assert "guess" in recognised.notes


def test_what_is_odd_is_noted():
    notes = recognise(found(["x F32 1x3xhxw"], ["y F32 1x3xhxw", "z F32 1x9"], ["RandomNormal"])).notes
    assert "random numbers of its own" in notes
    assert "of its 2 outputs" in notes


PICTURE = ["x F32 1x3x8x8"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (found(PICTURE, PICTURE, domains=["ai.onnx", "com.microsoft"]), r"uses operators of 'com\.microsoft'"),
        (found(PICTURE, PICTURE, opset=7), r"is of opset 7; the oldest that works here is 8"),
        (found([], PICTURE), "takes nothing"),
        (found(["a F32 1x3x8x8", "b F32 1x3x8x8"], PICTURE), "takes 2 pictures: 'a' .*, 'b'"),
        (found(["words other"], PICTURE), "its input 'words' .any other. is no picture"),
        (found(["mask BOOL 1x8", *PICTURE], PICTURE), "its input 'mask'"),
        (found(["z F32 1xn"], PICTURE), "its input 'z' .1xn F32. is no picture and no short list"),
        (found(["z F32 1x16385"], PICTURE), "no short list"),
        (found(["x F32 1x12x64x64"], PICTURE), "no short list"),
        (found(PICTURE, ["y F32 1x1000"]), "makes no picture: 'y' .1x1000 F32."),
        (found(PICTURE, ["y other"]), "makes no picture"),
        (found(PICTURE, []), "makes no picture: nothing"),
    ],
)
def test_what_cannot_be_played_is_refused_in_one_line(wrong, message):
    with pytest.raises(ModelError, match=message) as caught:
        recognise(wrong)
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_other_files_are_not_its_own():
    assert recognise(Found("safetensors", {}, {})) is None


def test_through_the_reader(tmp_path):
    sides = {"x": [1, 3, "h", "w"], "y": [1, 3, "h", "w"]}
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in sides.items())
    graph = helper.make_graph([helper.make_node("Tanh", ["x"], ["y"])], "tiny", [x], [y])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), tmp_path / "tiny.onnx")
    recognised = recognise(foreign.look(tmp_path / "tiny.onnx"))
    assert recognised.words == "ONNX graph, opset 17, paints from a picture, any size"
    assert recognised.network["range"] == "-1..1"
