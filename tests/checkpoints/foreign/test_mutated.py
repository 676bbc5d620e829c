"""Good files with bytes flipped, cut out, doubled and spliced: read or refused in one line, never anything else."""

import io
import random

import numpy as np
import pytest
import torch
from onnx import helper, numpy_helper
from safetensors.torch import save

from installation.checkpoints.foreign import neutral, reading
from installation.errors import ModelError
from tests.checkpoints.foreign.canary import nothing_runs
from tests.checkpoints.foreign.writing import (
    module,
    nested,
    network,
    saved,
    table,
    tensor,
    torch_legacy,
    torch_zip,
    word,
)

EACH = 120  # mutants of a file


def _onnx() -> bytes:
    held = numpy_helper.from_array(np.ones((4, 4), np.float32), "w")
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    shape = [helper.make_tensor_value_info(name, 1, [1, 4]) for name in "xy"]
    return helper.make_model(helper.make_graph([node], "g", shape[:1], shape[1:], [held])).SerializeToString()


def _torch(**how: object) -> bytes:
    return saved({"g_ema": {"a.w": torch.ones(2, 3).T, "a.b": torch.ones(2).half()}, "step": 3}, **how)


SEEDS = {
    "zip": torch_zip(table({"w": tensor(), "x": word("y")})),
    "packed zip": torch_zip(table({"w": tensor()}), packed=True),
    "legacy": torch_legacy(table({"w": tensor(), "x": word("y")})),
    "nvidia": network(module({"w": tensor(nested())}, {"m": module({"v": tensor(nested())})})),
    "torch": _torch(),
    "torch, protocol 5": _torch(pickle_protocol=5),
    "torch of old": _torch(_use_new_zipfile_serialization=False),
    "safetensors": save({"a": torch.ones(2, 3), "b": torch.ones(2).bfloat16()}),
    "onnx": _onnx(),
}


def mutant(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 8))):
        at = draw.randrange(len(changed))
        match draw.randrange(6):
            case 0:
                changed[at] ^= 1 << draw.randrange(8)
            case 1:
                changed[at] = draw.choice(b"\x00\x7f\x80\xff.(R\x81bQc\x93ioP")
            case 2:
                del changed[at : at + draw.choice((1, 4, 64))]
            case 3:
                changed[at:at] = changed[at : at + draw.choice((1, 8, 200))]
            case 4:
                other = draw.choice(list(SEEDS.values()))
                start = draw.randrange(len(other))
                changed[at : at + 16] = other[start : start + draw.choice((4, 16, 100))]
            case _:
                changed[at : at + 4] = draw.choice(
                    (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\0\0\0\0")
                )
        if not changed:
            return b""
    return bytes(changed)


@pytest.mark.parametrize("name", SEEDS)
def test_the_seed_is_good(name):
    assert reading.contents(memoryview(SEEDS[name])).tensors


@pytest.mark.parametrize("name", SEEDS)
def test_mutants_are_read_or_refused(name, bare):
    draw = random.Random(name)
    refusals = []
    for _ in range(EACH):
        data = mutant(SEEDS[name], draw)
        with nothing_runs(bare):
            refusals += refusal(data)
    assert all(words.isprintable() and len(words) < 300 for words in refusals)
    assert len(refusals) > EACH // 4  # else the mutants are too tame to prove anything


def refusal(data: bytes) -> list[str]:
    try:
        found = reading.contents(memoryview(data))
        neutral.write(found.tensors, io.BytesIO())
    except ModelError as error:
        return [error.message]
    assert all(name.isprintable() for name in found.tensors)
    return []
