"""A file's text, and the values in it with the place where each stands. Indices are characters from 0."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from installation.errors import Mistake

At = Literal["key", "value"]
BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts as the end of a line


class File:
    """A text and its lines. ``name`` is how people see it: relative to the working folder when it lies below it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.name = shown(path)
        self.text = text
        self._starts = [0, *(found.end() for found in BREAK.finditer(text))]

    def place(self, index: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def mistake(self, index: int, message: str, suggestion: str = "", command: str = "") -> Mistake:
        line, column = self.place(index)
        start = self._starts[line - 1]
        end = BREAK.search(self.text, start)
        # A hostile file must not steer the terminal that shows its mistakes.
        text = "".join(c if c.isprintable() or c == "\t" else "?" for c in self.text[start : end and end.start()])
        return Mistake(self.name, line, column, text, message, suggestion, command)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value and where it stands. ``value`` is a dict of nodes by key, a list of nodes, or a scalar."""

    file: File
    value: Any
    at: int  # index of its first character
    key_at: int  # index of its key; of itself where it has none
    end: int
    written: str = ""  # a scalar's text before it was understood
    plain: bool = False  # an unquoted scalar
    shift: tuple[int, ...] = ()  # for a text with tokens put in: the written index of each character
    size: int = 1  # values in it, itself included
    height: int = 1

    @property
    def fields(self) -> dict[str, Node]:
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        return self.value if isinstance(self.value, list) else []

    def plain_value(self) -> Any:
        """The value as plain dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain_value() for key, node in self.value.items()}
        return [node.plain_value() for node in self.value] if isinstance(self.value, list) else self.value

    def index(self, offset: int = 0) -> int:
        """Index in the file of the ``offset``-th character of a text value."""
        if not self.written:
            return self._content()
        if self.shift:
            offset = self.shift[min(offset, len(self.shift) - 1)]
        # Folding and indenting change the blanks of a text and nothing else: count what is not blank.
        left = sum(not c.isspace() for c in self.written[:offset])
        index = self._content()
        while index < self.end:
            if not self.file.text[index].isspace():
                if left == 0:
                    break
                left -= 1
            index += 1
        return index

    def mistake(
        self,
        message: str,
        suggestion: str = "",
        command: str = "",
        at: At = "value",
        offset: int | None = None,
    ) -> Mistake:
        """A mistake at the key, at the value, or at the ``offset``-th character of a text value."""
        index = self.key_at if at == "key" else self.at if offset is None else self.index(offset)
        return self.file.mistake(index, message, suggestion, command)

    def _content(self) -> int:
        """Where a scalar's own text begins: after its quote or its block header."""
        first = self.file.text[self.at : self.at + 1]
        if self.plain or first not in ("'", '"', "|", ">"):
            return self.at
        if first in "'\"":
            return self.at + 1
        found = BREAK.search(self.file.text, self.at)
        return found.end() if found else self.at


def shown(path: Path) -> str:
    """A path as people see it: relative when it lies below the working folder."""
    whole = Path(os.path.normpath(path.absolute()))
    return str(whole.relative_to(Path.cwd())) if whole.is_relative_to(Path.cwd()) else str(whole)
