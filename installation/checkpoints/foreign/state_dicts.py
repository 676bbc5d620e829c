"""A table of tensors in a table of training things: which tensors are meant, and under which names.

Nested tables are flattened with dots. Where one of the usual keys holds a table of tensors, only that is kept, with
the tensors that lie beside it (``latent_avg``). Prefixes that wrapping added to every name are taken off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from installation.checkpoints.foreign.arrays import Array
from installation.checkpoints.foreign.plain import Facts
from installation.checkpoints.foreign.records import LONGEST_NAME, Contents, Tensor, named, said
from installation.errors import ModelError

USUAL = ("g_ema", "G_ema", "params_ema", "state_dict", "model", "generator", "netG", "params")
WRAPPERS = ("module.", "_orig_mod.")
DEEPEST = 16
MOST_ENTRIES = 200_000


def contents(container: str, value: Any) -> Contents:
    """Raises ModelError when there are no tensors in it."""
    hint = "is it the file that the training wrote, and not its log or optimizer?"
    if not isinstance(value, dict):
        raise ModelError(f"it holds {said(value)}, not names and tensors", hint)
    facts = Facts()
    flat = _Flat()
    plain: dict[str, Any] = {}
    tensors: dict[str, Tensor] = {}
    for _ in range(DEEPEST):  # {"state_dict": {"g_ema": ...}}
        plain |= {name: found for name, found in facts.table(value).items() if found != {}}
        key = next((key for key in USUAL if isinstance(value.get(key), dict) and flat(value[key])), None)
        if key is None:
            break
        tensors |= {named(name): held for name, item in value.items() if (held := _tensor(item)) is not None}
        value = value[key]
    tensors |= _unwrapped(flat(value))
    if not tensors:
        raise ModelError("it holds no tensors", hint)
    return Contents(container, tensors, plain)


def _tensor(item: Any) -> Tensor | None:
    if type(item) is Array:
        return item.tensor
    return item if type(item) is Tensor else None


class _Flat:
    """``flat(table)``: every tensor below it. Counts over all calls: tables may share parts, or hold themselves."""

    def __init__(self) -> None:
        self._left = MOST_ENTRIES

    def __call__(self, table: Mapping[Any, Any]) -> dict[str, Tensor]:
        tensors: dict[str, Tensor] = {}
        self._add(table, "", tensors, 0)
        return tensors

    def _add(self, table: Mapping[Any, Any], prefix: str, tensors: dict[str, Tensor], depth: int) -> None:
        if depth > DEEPEST or len(prefix) > LONGEST_NAME:
            raise ModelError("its tables are nested deeper than any checkpoint's")
        for name, item in table.items():
            self._left -= 1
            if self._left < 0:
                raise ModelError("it holds more tensors than any checkpoint")
            held = _tensor(item)
            if held is not None:
                whole = named(f"{prefix}{name}")
                if whole in tensors:
                    raise ModelError(f"it holds two tensors named {said(whole)}")
                tensors[whole] = held
            elif isinstance(item, dict):
                self._add(item, f"{prefix}{name}.", tensors, depth + 1)


def _unwrapped(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    while tensors:
        wrapper = next((word for word in WRAPPERS if all(name.startswith(word) for name in tensors)), None)
        if wrapper is None or wrapper in tensors:
            break
        tensors = {name.removeprefix(wrapper): held for name, held in tensors.items()}
    return tensors
