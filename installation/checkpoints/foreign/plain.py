"""Plain values of a stranger's file, as facts: words, numbers, lists and tables of them; the rest is left out.

Facts are small. A long list (a log of losses) is left out, a long word too; a file in which they add up to more than
any checkpoint's is refused, since values that share parts can be written down in far less than they take.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from installation.checkpoints.foreign.arrays import Array, numbers
from installation.checkpoints.foreign.records import LONGEST_NAME, Namespace
from installation.errors import ModelError

MOST_VALUES = 100_000
LONGEST_LIST = 1024
LONGEST_WORD = 2000
LARGEST_ARRAY = 64  # numbers of an array that counts as plain
DEEPEST = 8
NOTHING = object()  # what is not plain


class Facts:
    """Counts what it keeps, over all facts of one file."""

    def __init__(self) -> None:
        self._left = MOST_VALUES

    def value(self, found: Any, depth: int = 0) -> Any:
        """The plain value, or NOTHING. Numbers that JSON does not know become words: inf, -inf, nan."""
        self._left -= 1
        if self._left < 0:
            raise ModelError("it holds more options than any checkpoint")
        if found is None or type(found) is bool:
            return found
        if type(found) is int:
            return found if abs(found) < 1 << 63 else NOTHING
        if type(found) is float:
            return found if math.isfinite(found) else str(found)
        if type(found) is str:
            return self._word(found)
        if depth >= DEEPEST:
            return NOTHING
        return self._many(found, depth)

    def _word(self, found: str) -> Any:
        if len(found) > LONGEST_WORD:
            return NOTHING
        self._left -= len(found) // 20
        return "".join(c if c.isprintable() else "?" for c in found)

    def _many(self, found: Any, depth: int) -> Any:
        if type(found) is Array and found.tensor is not None:
            array = found.tensor
            if len(array.shape) != 1 or array.storage.numel > LARGEST_ARRAY or array.dtype == "BF16":
                return NOTHING
            return [self.value(number, depth + 1) for number in numbers(array)]
        if type(found) in (list, tuple):
            if len(found) > LONGEST_LIST:
                return NOTHING
            values = [self.value(item, depth + 1) for item in found]
            return NOTHING if any(item is NOTHING for item in values) else values
        if type(found) is Namespace:
            return self.table(found.values, depth + 1)
        if isinstance(found, dict):
            return self.table(found, depth + 1)
        return NOTHING

    def table(self, found: Mapping[Any, Any], depth: int = 0) -> dict[str, Any]:
        """What is plain in it, under names that are words or whole numbers."""
        kept: dict[str, Any] = {}
        for name, item in found.items():
            if type(name) not in (str, int) or (
                type(name) is str and not (len(name) <= LONGEST_NAME and name.isprintable())
            ):
                continue
            value = self.value(item, depth)
            if value is not NOTHING:
                kept[str(name)] = value
        return kept


def _is_key(name: Any) -> bool:
    return type(name) is int or (type(name) is str and len(name) <= LONGEST_NAME and name.isprintable())
