"""JSON that remembers where it was written, so that a mistake in a shader's header is told as file:line:col.

RFC 8259, strict: no comments, no trailing commas, no doubled keys. Objects become ``Table``, arrays lists, both with
the offset of every value kept.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

_TOKEN = re.compile(
    r'\s*(?:(?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")'
    r"|(?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<word>[A-Za-z]\w*)|(?P<mark>[{}\[\],:]))"
)
_WORDS = {"true": True, "false": False, "null": None}
DEEPEST = 16


class HeaderError(ValueError):
    """What is wrong, and the offset in the text where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Value:
    """A value and where it begins. ``data`` is a str, float, int, bool, None, list[Value] or dict[str, Value]."""

    data: Any
    offset: int


class _Reader:
    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.at = start
        self.end = end

    def fail(self, message: str) -> NoReturn:
        blank = re.compile(r"\s*").match(self.text, self.at, self.end)
        raise HeaderError(message, blank.end() if blank else self.at)

    def token(self, wanted: str) -> re.Match[str]:
        found = _TOKEN.match(self.text, self.at, self.end)
        if not found:
            self.fail(f"expected {wanted}")
        self.at = found.end()
        return found

    def mark(self, wanted: str) -> str:
        before = self.at
        found = self.token(wanted)
        if found["mark"] and found["mark"] in wanted.split(" or "):
            return found["mark"]
        self.at = before
        self.fail(f"expected {wanted}")

    def peek(self, mark: str) -> bool:
        found = _TOKEN.match(self.text, self.at, self.end)
        if found and found["mark"] == mark:
            self.at = found.end()
            return True
        return False

    def value(self, depth: int = 0) -> Value:
        before = self.at
        found = self.token("a value")
        kind = found.lastgroup or ""
        offset = found.start(kind)
        if depth > DEEPEST:
            raise HeaderError("nested too deeply", offset)
        if kind == "string":
            return Value(self.unquote(found["string"], offset), offset)
        if kind == "number":
            return Value(json.loads(found["number"]), offset)
        if kind == "word" and found["word"] in _WORDS:
            return Value(_WORDS[found["word"]], offset)
        if found["mark"] == "{":
            return Value(self.table(depth), offset)
        if found["mark"] == "[":
            return Value(self.items(depth), offset)
        self.at = before
        self.fail("expected a value")

    def unquote(self, quoted: str, offset: int) -> str:
        try:
            return str(json.loads(quoted))
        except json.JSONDecodeError as error:
            raise HeaderError("a string with a bad escape", offset) from error

    def table(self, depth: int) -> dict[str, Value]:
        table: dict[str, Value] = {}
        if self.peek("}"):
            return table
        while True:
            key = self.value(depth + 1)
            if not isinstance(key.data, str):
                raise HeaderError("expected a key in double quotes", key.offset)
            if key.data in table:
                raise HeaderError(f'"{key.data}" is written twice', key.offset)
            self.mark(":")
            table[key.data] = self.value(depth + 1)
            if self.mark(", or }") == "}":
                return table

    def items(self, depth: int) -> list[Value]:
        items: list[Value] = []
        if self.peek("]"):
            return items
        while True:
            items.append(self.value(depth + 1))
            if self.mark(", or ]") == "]":
                return items


def parse(text: str, start: int = 0, end: int | None = None) -> Value:
    """The JSON value in ``text[start:end]``. Raises HeaderError with an offset into ``text``."""
    reader = _Reader(text, start, len(text) if end is None else end)
    value = reader.value()
    if text[reader.at : reader.end].strip():
        reader.fail("expected the end of the header")
    return value
