"""A YAML file read safely, with the place of every key and value kept for messages.

Built from YAML's events, not its objects: no constructor runs, nothing recurses (``[[[[`` is a mistake, never a
RecursionError). Keys are always text, numbers always finite; tags, merge keys and second documents are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from installation.document.build import Builder
from installation.document.node import BREAK, At, File, Node, shown
from installation.document.words import friendly
from installation.errors import InstallationError, Mistake, Mistakes

__all__ = ["At", "Document", "File", "Node", "read", "read_list", "shown", "text_of"]

MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Document:
    """A read file. A path is a tuple of keys and list indices: ``("stage", "passes", 0)``."""

    file: File
    root: Node

    @property
    def value(self) -> dict[str, Any]:
        value: dict[str, Any] = self.root.plain_value()
        return value

    @property
    def lines(self) -> list[str]:
        return BREAK.split(self.file.text)

    def node(self, path: Sequence[str | int]) -> Node:
        """The node at a path, or the nearest one above it: a missing key is blamed on its table."""
        node = self.root
        for step in path:
            if isinstance(step, str) and step in node.fields:
                node = node.fields[step]
            elif isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                break
        return node

    def where(self, path: Sequence[str | int], at: At = "value") -> tuple[int, int]:
        """Line and column, from 1, of the key or the value at a path."""
        node = self.node(path)
        return self.file.place(node.key_at if at == "key" else node.at)

    def mistake(
        self,
        path: Sequence[str | int],
        message: str,
        suggestion: str = "",
        command: str = "",
        at: At = "value",
        offset: int | None = None,
    ) -> Mistake:
        return self.node(path).mistake(message, suggestion, command, at, offset)


def read(path: Path, found: list[Mistake] | None = None) -> Document:
    """Read a file whose top is a table. Raises Mistakes, or InstallationError when it cannot be read at all.

    Mistakes that still leave a tree (a key given twice, a number that is not finite) are added to ``found`` when it
    is there, so that its owner can go on and report everything at once.
    """
    return _parsed(File(path, text_of(path)), found, dict)


def read_list(file: File, found: list[Mistake] | None = None) -> Document:
    """The same for a text whose top is a list. One of nothing but comments is an empty list."""
    return _parsed(file, found, list)


def _parsed(file: File, found: list[Mistake] | None, top: type[dict[str, Any]] | type[list[Any]]) -> Document:
    builder = Builder(file)
    try:
        for event in yaml.parse(file.text, Loader=yaml.SafeLoader):
            builder.take(event)
    except yaml.reader.ReaderError as error:
        builder.refuse(error.position, f"a control character (0x{error.character:02x}) cannot stand in the file")
    except yaml.MarkedYAMLError as error:
        builder.refuse(*friendly(error, file.text))
    root = builder.root
    if top is list and (root is None or root.value is None):
        root = Node(file, [], 0, 0, 0)
    if root is None or root.value is None:
        builder.refuse(0, "the file is empty")
    elif not isinstance(root.value, top):
        wanted = "a table of 'key: value' lines" if top is dict else "a list of '- ' lines"
        builder.refuse(root.at, f"the top of the file must be {wanted}")
    if builder.mistakes and found is None:
        raise Mistakes(builder.mistakes)
    if found is not None:
        found += builder.mistakes
    return Document(file, root)


def text_of(path: Path) -> str:
    """A file's text, if it is one. Raises InstallationError, Mistakes."""
    if not path.is_file():
        raise InstallationError(f"there is no file {shown(path)}")
    try:
        with path.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise InstallationError(f"{shown(path)} cannot be read: {error.strerror}") from error
    if len(raw) > MOST_BYTES:
        raise Mistakes([Mistake(shown(path), 1, 1, "", f"the file is larger than {MOST_BYTES >> 20} MiB")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", "replace")
        text = before + raw[error.start :].decode("latin-1")
        message = f"this is not UTF-8 text (byte 0x{raw[error.start]:02x})"
        raise Mistakes([File(path, text).mistake(len(before), message, "save the file as UTF-8")]) from error
