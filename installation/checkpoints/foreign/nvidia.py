"""NVIDIA's network pickles (StyleGAN2-ADA, StyleGAN3): modules as Persistent records, to tensors and facts.

A record's table has class_name and state, a module's ``__dict__``: ``_parameters``, ``_buffers``, ``_modules`` fold
away into dotted names, constructor arguments and plain values become facts. G_ema is what is wanted: it paints better
than G and is the only one that samples are made with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from installation.checkpoints.foreign import allowed
from installation.checkpoints.foreign.arrays import Array
from installation.checkpoints.foreign.budget import Budget
from installation.checkpoints.foreign.machine import load
from installation.checkpoints.foreign.plain import NOTHING, Facts
from installation.checkpoints.foreign.records import MOST_TENSORS, Contents, Persistent, Tensor, broken, named
from installation.checkpoints.foreign.state_dicts import contents
from installation.errors import ModelError

MOST_MODULES = 5000
DEEPEST = 32


def read(data: memoryview, budget: Budget) -> Contents:
    """A pickle that torch.save did not write: NVIDIA's networks, or tensors and arrays by name."""
    value, _ = load(data, 0, allowed.PICKLE, budget)
    network = value
    if isinstance(value, dict):
        network = value.get("G_ema")
        others = [name for name, item in value.items() if type(item) is Persistent]
        if others and type(network) is not Persistent:
            raise ModelError("it holds networks, but no G_ema among them", "G_ema is the one that paints")
    if type(network) is not Persistent:
        return contents("pickle", value)
    walk = _Walk()
    facts = walk.module(network, "", ())
    if not walk.tensors:
        raise ModelError("its network holds no tensors")
    return Contents("nvidia pickle", walk.tensors, {"network": facts})


class _Walk:
    def __init__(self) -> None:
        self.tensors: dict[str, Tensor] = {}
        self._facts = Facts()
        self._modules = 0

    def module(self, module: Persistent, prefix: str, above: tuple[int, ...]) -> dict[str, Any]:
        """The facts of a module and those below; its tensors are added under ``prefix``. A module that lies in itself
        is left out there: the tensors are the same. One that lies in two places is in both, as it is used in both."""
        self._modules += 1
        if self._modules > MOST_MODULES or len(above) > DEEPEST:
            raise ModelError("its modules are nested deeper than any network's")
        state = module.table.get("state")
        if module.table.get("type") != "class" or type(module.table.get("class_name")) is not str:
            raise ModelError("a module in it is of a kind we do not know", "it may be newer than StyleGAN3's")
        if not isinstance(state, dict):
            raise broken("a module in it has no state")
        self._own(state, prefix)
        above = (*above, id(module.table))
        children: dict[str, Any] = {}
        for name, child in _part(state, "_modules").items():
            if child is None or (type(child) is Persistent and id(child.table) in above):
                continue
            if type(child) is not Persistent:
                raise broken("a module in it is none")
            children[named(name)] = self.module(child, f"{prefix}{named(name)}.", above)
        return children | self._about(module, state)  # ours last: a child's name does not hide them

    def _own(self, state: Mapping[Any, Any], prefix: str) -> None:
        lost = state.get("_non_persistent_buffers_set", set())
        if type(lost) is not set:
            raise broken("a module in it lists its buffers in no set")
        for part, left_out in (("_parameters", frozenset()), ("_buffers", lost)):
            for name, item in _part(state, part).items():
                if item is None or name in left_out:
                    continue
                tensor = item.tensor if type(item) is Array else item
                if type(tensor) is not Tensor:
                    raise broken("a parameter in it is no tensor")
                whole = named(f"{prefix}{named(name)}")
                if whole in self.tensors or len(self.tensors) >= MOST_TENSORS:
                    raise broken("its tensors have one name twice, or they are too many")
                self.tensors[whole] = tensor

    def _about(self, module: Persistent, state: Mapping[Any, Any]) -> dict[str, Any]:
        plain = {name: item for name, item in state.items() if type(name) is str and not name.startswith("_")}
        arguments = self._facts.value(state.get("_init_args", ()))
        if arguments is NOTHING or type(arguments) is not list:
            raise broken("a module in it was made from something that is no number or word")
        keywords = state.get("_init_kwargs", {})
        if not isinstance(keywords, dict):
            raise broken("a module in it was made from something that is no number or word")
        return {
            "class_name": self._facts.value(module.table["class_name"]),
            "init_args": arguments,
            "init_kwargs": self._facts.table(keywords),
            "state": self._facts.table(plain),
        }


def _part(state: Mapping[Any, Any], name: str) -> Mapping[Any, Any]:
    part = state.get(name, {})
    if not isinstance(part, dict):
        raise broken("a module in it has parts in no table")
    return part
