"""Network pickles as NVIDIA's code makes them, by Python's and torch's own picklers in every protocol."""

import io
import pickle
import sys
from collections import OrderedDict
from types import ModuleType

import numpy as np
import pytest
import torch
from safetensors.torch import load

from installation.checkpoints.foreign import neutral, reading

SOURCE = "raise SystemExit('the source text was run')"


class EasyDict(dict):
    """A dict class of theirs, by their name."""


def _reconstruct_persistent_obj(meta: EasyDict) -> None:
    raise AssertionError("this is only ever a name")


class Module:
    """Pickles as a persistent module does: one call on a table with the source text and the module's __dict__."""

    def __init__(self, class_name: str, *arguments: object, **keywords: object) -> None:
        self.class_name = class_name
        self.state = {
            "training": False, "_parameters": OrderedDict(), "_buffers": OrderedDict(), "_modules": OrderedDict(),
            "_non_persistent_buffers_set": set(), "_forward_hooks": OrderedDict(), "_init_args": arguments,
            "_init_kwargs": keywords,
        }  # fmt: skip

    def __reduce__(self):
        meta = {"type": "class", "version": 6, "module_src": SOURCE, "class_name": self.class_name, "state": self.state}
        return _reconstruct_persistent_obj, (EasyDict(meta),)


@pytest.fixture
def theirs(monkeypatch) -> None:
    """Modules of their names, for as long as a file is being made."""
    for module, held in (("torch_utils.persistence", _reconstruct_persistent_obj), ("dnnlib.util", EasyDict)):
        made = ModuleType(module)
        setattr(made, held.__name__, held)
        monkeypatch.setattr(held, "__module__", module)
        monkeypatch.setitem(sys.modules, module.split(".")[0], ModuleType(module.split(".")[0]))
        monkeypatch.setitem(sys.modules, module, made)


def generator() -> tuple[Module, dict[str, torch.Tensor]]:
    draw = torch.Generator().manual_seed(1)
    last = torch.randn(4, 3, 3, 3, generator=draw).to(memory_format=torch.channels_last)
    wanted = {
        "fc0.weight": last,
        "fc0.bias": torch.randn(4, generator=draw).half(),
        "w_avg": torch.arange(6.0).reshape(2, 3).T,
    }
    whole, layer = Module("Generator", 512, c_dim=0, more=EasyDict(num_fp16_res=4)), Module("Layer", 3, [1, 3, 3, 1])
    layer.state["_parameters"] |= {"weight": torch.nn.Parameter(last), "bias": wanted["fc0.bias"], "none": None}
    layer.state |= {"size": np.array([36, 36]), "rate": np.float64(16), "flag": np.bool_(True), "clamp": None}
    whole.state["_buffers"] |= {"w_avg": wanted["w_avg"], "lost": torch.ones(3)}
    whole.state["_non_persistent_buffers_set"].add("lost")
    whole.state["_modules"]["fc0"] = layer
    return whole, wanted


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("form", ["whole", "G_ema", "bare"])
def test_every_form_in_every_protocol(protocol, form, theirs):
    whole, wanted = generator()
    others = {"G": Module("Generator"), "D": Module("Discriminator"), "augment_pipe": None}
    value = {
        "whole": {**others, "G_ema": whole, "training_set_kwargs": EasyDict(path="x")},
        "G_ema": {"G_ema": whole},
        "bare": whole,
    }
    found = reading.contents(memoryview(pickle.dumps(value[form], protocol)))
    out = io.BytesIO()
    neutral.write(found.tensors, out)
    got = load(out.getvalue())
    assert got.keys() == wanted.keys()
    for name, tensor in wanted.items():
        assert got[name].dtype == tensor.dtype
        assert torch.equal(got[name], tensor)
    network = found.facts["network"]
    assert network["init_args"] == [512]
    assert network["init_kwargs"] == {"c_dim": 0, "more": {"num_fp16_res": 4}}
    assert network["fc0"]["init_args"] == [3, [1, 3, 3, 1]]
    assert network["fc0"]["state"] == {"training": False, "size": [36, 36], "rate": 16.0, "flag": True, "clamp": None}
    assert SOURCE not in str(found.facts)
