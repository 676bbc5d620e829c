"""Typed access to a parsed header: every wrong field ends in a ShaderError that says file:line:col."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from installation.errors import ShaderError
from installation.stage import size_expression
from installation.stage.header_json import Value
from installation.stage.size_expression import Expression, SizeError

_NAME = re.compile(r"(?!gl_|isf)[A-Za-z]\w*", re.ASCII)
# What every shader is given already (glsl.py); an input of that name would be declared twice.
GIVEN = ("RENDERSIZE", "TIME", "TIMEDELTA", "FRAMEINDEX", "DATE", "PASSINDEX", "main", "texture", "texture2D")
Default = TypeVar("Default", float, None)


class Fields:
    """Fields of a header's tables, of the right type or refused."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text

    def fail(self, message: str, offset: int, hint: str = "") -> NoReturn:
        line = self._text.count("\n", 0, offset) + 1
        column = offset - self._text.rfind("\n", 0, offset)
        raise ShaderError(f"{self._path}:{line}:{column}: {message}", hint)

    def at(self, table: Value, key: str) -> int:
        """Where to point: the key's value, or the table that lacks it."""
        found: Value = table.data.get(key, table)
        return found.offset

    def _get(self, table: Value, key: str, kind: type | tuple[type, ...], noun: str) -> Any:
        if (value := table.data.get(key)) is None:
            return None
        # To Python a bool is a number; to a shader it is not.
        if not isinstance(value.data, kind) or isinstance(value.data, bool):
            self.fail(f"{key} wants {noun}", value.offset)
        return value.data

    def text(self, table: Value, key: str) -> str:
        """On one line; empty when it is not given."""
        return " ".join((self._get(table, key, str, "text in double quotes") or "").split())

    def name(self, table: Value, key: str) -> str:
        name = self.text(table, key)
        if name and (not _NAME.fullmatch(name) or "__" in name or name in GIVEN):
            self.fail(f"'{name}' cannot name a uniform", self.at(table, key))
        return name

    def number(self, table: Value, key: str, default: Default) -> float | Default:
        number: float | None = self._get(table, key, (int, float), "a number")
        return default if number is None else number

    def numbers(self, table: Value, key: str, count: int) -> tuple[float, ...] | None:
        numbers = [item.data for item in self.items(table, key)]
        if not numbers and key not in table.data:
            return None
        if len(numbers) != count or not all(isinstance(n, (int, float)) and not isinstance(n, bool) for n in numbers):
            self.fail(f"{key} wants a list of {count} numbers", self.at(table, key))
        return tuple(float(number) for number in numbers)

    def items(self, table: Value, key: str) -> list[Value]:
        return self._get(table, key, list, "a list in brackets") or []

    def tables(self, table: Value, key: str) -> list[Value]:
        items = self.items(table, key)
        for item in items:
            if not isinstance(item.data, dict):
                self.fail(f"{key} wants tables in braces", item.offset)
        return items

    def switch(self, table: Value, key: str) -> bool:
        """ISF's own files write 0 and 1 as well as false and true."""
        raw = table.data[key].data if key in table.data else False
        if raw not in (0, 1):
            self.fail(f"{key} wants true or false", self.at(table, key))
        return bool(raw)

    def size(self, table: Value, key: str) -> Expression | None:
        written = self._get(table, key, (str, int, float), "a number, or an expression in double quotes")
        if written is None:
            return None
        try:
            return size_expression.parse(str(written))
        except SizeError as error:
            self.fail(f"{key}: {error}", self.at(table, key))
