"""NVIDIA's network pickles that hold no network, or names and modules that lie."""

from __future__ import annotations

from collections.abc import Iterator

from tests.checkpoints.foreign.writing import (
    call,
    many,
    module,
    nested,
    network,
    number,
    pickled,
    table,
    tensor,
    torch_zip,
    word,
)  # fmt: skip


def cases() -> Iterator[tuple[str, bytes]]:
    good = {"w": tensor(nested())}
    meta = "torch_utils.persistence", "_reconstruct_persistent_obj"
    yield "network of nothing", network(call(*meta))
    yield "network of a word", network(call(*meta, word("x")))
    yield "network of no type", network(call(*meta, table({"class_name": word("G"), "state": b"}"})))
    yield (
        "network of a function",
        network(call(*meta, table({"type": word("function"), "class_name": word("G"), "state": b"}"}))),
    )
    yield "network of no class", network(call(*meta, table({"type": word("class"), "state": b"}"})))
    yield "network of no state", network(call(*meta, table({"type": word("class"), "class_name": word("G")})))
    yield (
        "network of a list",
        network(call(*meta, table({"type": word("class"), "class_name": word("G"), "state": b"]"}))),
    )
    yield "network without tensors", network(module({}))
    yield "network without G_ema", pickled(table({"G": module(good)}))
    yield "G_ema that is no network", pickled(table({"G": module(good), "G_ema": number(1)}))
    yield "parameter of a word", network(module({"w": word("x")}))
    yield "parameter of a module", network(module({"w": module({})}))
    yield "module that is a tensor", network(module({}, {"m": tensor(nested())}))
    yield "parameters in a list", network(module(good, _parameters=b"]"))
    yield "modules in a list", network(module(good, _modules=b"]"))
    yield "kept out in a list", network(module(good, _non_persistent_buffers_set=b"]"))
    yield "arguments in a table", network(module(good, _init_args=b"}"))
    yield "keywords in a list", network(module(good, _init_kwargs=b"]"))
    yield "arguments of tensors", network(module(good, _init_args=many(tensor(nested()))))
    yield "a name with a line end", network(module({"w\nx": tensor(nested())}))
    yield "a name without letters", network(module({"": tensor(nested())}))
    yield "a name of a screen's escape", network(module({"\x1b[2J": tensor(nested())}))
    yield "a name that is reserved", torch_zip(table({"__metadata__": tensor()}))
    yield "a name of 10 000 letters", torch_zip(table({"w" * 10_000: tensor()}))
    yield "two of one name", torch_zip(table({"a.b": tensor(), "a": table({"b": tensor()})}))
    deep = module(good)
    for _ in range(60):
        deep = module({}, {"m": deep})
    yield "modules 60 deep", network(deep)
    double = module(good) + b"r\x00\x00\x01\x00"
    for _ in range(30):
        double = module({}, {"a": double, "b": b"j\x00\x00\x01\x00"}) + b"r\x00\x00\x01\x00"
    yield "modules that double", network(double)
