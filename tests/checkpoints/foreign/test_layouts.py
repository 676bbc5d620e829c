"""Every layout that good files come in: element types, strides, byte orders, protocols, wrappers, nesting."""

import argparse
import io
import pickle
import struct
from collections import OrderedDict

import numpy as np
import pytest
import torch
from onnx import helper, numpy_helper
from safetensors.torch import load, save

from installation.checkpoints.foreign import neutral, reading
from installation.checkpoints.foreign.records import Contents
from tests.checkpoints.foreign.writing import (
    FOUR,
    many,
    module,
    name,
    nested,
    network,
    number,
    pickled,
    saved,
    storage,
    table,
    tensor,
    torch_legacy,
    torch_zip,
    word,
)

TYPES = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")


def read(data: bytes) -> tuple[Contents, dict[str, torch.Tensor]]:
    out = io.BytesIO()
    found = reading.contents(memoryview(data))
    neutral.write(found.tensors, out)
    return found, load(out.getvalue())


def same(got: dict[str, torch.Tensor], wanted: dict[str, torch.Tensor]) -> bool:
    return got.keys() == wanted.keys() and all(
        got[key].dtype == value.dtype and torch.equal(got[key], value) for key, value in wanted.items()
    )


STATE = {
    **{kind: torch.arange(6).reshape(2, 3).to(getattr(torch, kind)) for kind in TYPES},
    "turned": torch.arange(24.0).reshape(2, 3, 4).permute(2, 0, 1),
    "channels last": torch.arange(48.0).reshape(1, 3, 4, 4).contiguous(memory_format=torch.channels_last),
    "every second": torch.arange(10.0)[1::2],
    "expanded": torch.arange(3.0).reshape(3, 1).expand(3, 5),
    "half, turned": torch.arange(6).reshape(2, 3).half().T,
    "one": torch.tensor(7.5),
    "one, inside": torch.arange(4.0)[2],
    "none": torch.empty(0, 4),
    "parameter": torch.nn.Parameter(torch.ones(2)),
}


@pytest.mark.parametrize("how", [{}, {"pickle_protocol": 5}, {"_use_new_zipfile_serialization": False}])
def test_every_type_and_stride_comes_out_as_torch_has_it(how):
    _, got = read(saved(STATE, **how))
    assert same(got, {key: value.detach() for key, value in STATE.items()})


def test_tied_tensors_are_written_out_whole():
    base = torch.arange(4.0)
    _, got = read(saved({"a": base, "b": base[:2]}))
    assert same(got, {"a": base, "b": base[:2]})


def test_a_big_endian_zip():
    data = torch_zip(table({"w": tensor()}), {"0": struct.pack(">4f", 1, 2, 3, 4)}, {"a/byteorder": b"big"})
    assert read(data)[1]["w"].tolist() == [[1, 2], [3, 4]]


def test_a_packed_zip():
    body = table({"w": tensor(storage(numel=9000), 0, (9000,), (1,))})
    assert read(torch_zip(body, {"0": bytes(36_000)}, packed=True))[1]["w"].shape == (9000,)


def test_views_of_a_storage_before_torch_1():
    view = many(word("1"), number(1), number(2))
    data = torch_legacy(table({"w": tensor(storage(view=view), 0, (2,), (1,))}))
    assert read(data)[1]["w"].tolist() == [2, 3]


@pytest.mark.parametrize("key", ["g_ema", "params_ema", "state_dict", "model", "generator", "netG", "params"])
def test_the_usual_keys_are_looked_into(key):
    found, got = read(
        saved({key: {"a": torch.ones(2)}, "optim": {"b": torch.ones(1)}, "mean": torch.ones(3), "step": 7})
    )
    assert same(got, {"a": torch.ones(2), "mean": torch.ones(3)})
    assert found.facts["step"] == 7


def test_g_ema_goes_before_the_others():
    assert list(
        read(saved({"g": {"a": torch.ones(1)}, "state_dict": {"b": torch.ones(1)}, "g_ema": {"c": torch.ones(1)}}))[1]
    ) == ["c"]


def test_a_usual_key_without_tensors_is_not_meant():
    found, got = read(saved({"model": {"width": 3}, "layer": {"w": torch.ones(1)}}))
    assert list(got) == ["layer.w"]
    assert found.facts["model"] == {"width": 3}


@pytest.mark.parametrize("wrapper", ["module.", "_orig_mod.", "module._orig_mod."])
def test_wrappers_are_taken_off(wrapper):
    state = OrderedDict({f"{wrapper}a.w": torch.ones(1), f"{wrapper}b": torch.ones(2)})
    assert set(read(saved(state))[1]) == {"a.w", "b"}
    assert set(read(saved({"state_dict": state, "mean": torch.ones(1)}))[1]) == {"a.w", "b", "mean"}


def test_a_wrapper_that_not_all_wear_stays():
    assert set(read(saved({"module.a": torch.ones(1), "b": torch.ones(1)}))[1]) == {"module.a", "b"}


def test_training_options_are_facts():
    args = argparse.Namespace(size=256, name="x", rate=2e-3, flags=[True, None], where={"a": 1}, bad=float("nan"))
    found, _ = read(saved({"g_ema": {"w": torch.ones(1)}, "args": args}))
    wanted = {"size": 256, "name": "x", "rate": 2e-3, "flags": [True, None], "where": {"a": 1}, "bad": "nan"}
    assert found.facts["args"] == wanted


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_numpy_arrays_by_name(protocol):
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "f": np.asfortranarray(np.arange(6.0).reshape(2, 3))}
    found, got = read(pickle.dumps(arrays | {"n": np.float64(2.5), "i": np.int64(3)}, protocol))
    assert same(got, {key: torch.from_numpy(value) for key, value in arrays.items()})
    assert found.facts == {"n": 2.5, "i": 3}


def test_numpy_arrays_of_the_other_byte_order():
    _, got = read(pickle.dumps({"a": np.arange(3, dtype=">f4")}))
    assert got["a"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("bare", [True, False])
def test_nvidias_modules_are_folded(bare):
    buffers = table({"kept": tensor(nested()), "lost": tensor(nested())})
    lost = b"\x8f(" + word("lost") + b"\x90"
    weights = {"weight": tensor(nested()), "bias": b"N"}
    inner = module(weights, _buffers=buffers, _non_persistent_buffers_set=lost, gain=number(3))
    whole = module(
        {}, {"fc": inner, "gone": b"N"}, _init_args=many(number(4)), _init_kwargs=table({"c_dim": number(0)})
    )
    found, got = read(
        pickled(whole, 4) if bare else pickled(table({"G_ema": whole, "D": module({}), "G": module({})}), 4)
    )
    assert found.container == "nvidia pickle"
    assert same(got, {"fc.weight": torch.tensor([[1.0, 2], [3, 4]]), "fc.kept": torch.tensor([[1.0, 2], [3, 4]])})
    facts = found.facts["network"]
    assert facts["init_args"] == [4]
    assert facts["init_kwargs"] == {"c_dim": 0}
    assert facts["fc"]["state"] == {"training": False, "gain": 3}


def test_a_module_that_lies_in_itself_is_read_once():
    itself = b"}" + b"q\x07" + b"("  # the table of the modules, kept, and put into itself by way of a module
    meta = table({"type": word("class"), "class_name": word("G")}) + b"q\x08"
    state = table({"_parameters": table({"w": tensor(nested())})}) + b"(" + word("_modules") + itself
    me = name("torch_utils.persistence", "_reconstruct_persistent_obj") + b"h\x08\x85R"
    _, got = read(network(meta + b"(" + word("state") + state + word("me") + me + b"uuu0" + me))
    assert list(got) == ["w"]


def test_safetensors_with_metadata():
    found, got = read(save({"a": torch.ones(2, 3).bfloat16(), "b": torch.tensor(1)}, {"family": "x\ny"}))
    assert same(got, {"a": torch.ones(2, 3).bfloat16(), "b": torch.tensor(1)})
    assert found.facts == {"metadata": {"family": "x?y"}}


def test_onnx_says_what_it_takes_and_gives():
    half = np.ones((4, 4), np.float16)
    held = [
        numpy_helper.from_array(half, "w"),
        helper.make_tensor("b", 1, [2], [1.0, 2.0]),
        helper.make_tensor("h", 10, [1], [1.5]),
    ]
    node = helper.make_node("Odd", ["x", "w"], ["y"], domain="com.example")
    shapes = [helper.make_tensor_value_info("x", 1, ["n", 3, 8, 8]), helper.make_tensor_value_info("w", 10, [4, 4])]
    graph = helper.make_graph([node], "g", shapes, [helper.make_tensor_value_info("y", 1, [1, 3, 8, 8])], held)
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.example", 1)]
    found, got = read(helper.make_model(graph, opset_imports=opsets).SerializeToString())
    assert same(got, {"w": torch.ones(4, 4).half(), "b": torch.tensor([1.0, 2]), "h": torch.tensor([1.5]).half()})
    assert found.facts == {
        "inputs": [{"name": "x", "shape": ["n", 3, 8, 8], "dtype": "F32"}],
        "outputs": [{"name": "y", "shape": [1, 3, 8, 8], "dtype": "F32"}],
        "domains": ["com.example"],
        "opset": 20,
        "operators": {"Odd": 1},
    }


def test_torchscript_is_said_to_be_a_program():
    data = torch_zip(table({"w": tensor()}), {"0": FOUR}, {"a/constants.pkl": b"", "a/code/__torch__.py": b""})
    found, got = read(data)
    assert (found.container, found.facts, got) == ("torchscript", {"torchscript": True}, {})
