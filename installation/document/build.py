"""Nodes out of YAML's events, with a stack of its own: nothing recurses, and every cap holds while reading.

The caps count expanded aliases in full, so that nine aliases of nine aliases of nine cost what they would unfold to.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import yaml

from installation.document.node import File, Node
from installation.document.scalars import resolve
from installation.errors import Mistake, Mistakes

DEEPEST = 32
MOST_ALIASES = 100
MOST_NODES = 20_000

_ANCHOR = re.compile(r"&\S+\s*")


@dataclass(slots=True)
class _Open:
    """A table or list whose end has not come yet."""

    value: Any
    at: int
    key_at: int
    anchor: str | None
    key: str | None = None
    next_key_at: int = 0
    size: int = 1
    height: int = 1


@dataclass(slots=True)
class Builder:
    """Makes nodes of events with a stack of its own."""

    file: File
    root: Node | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    _stack: list[_Open] = field(default_factory=list)
    _anchors: dict[str, Node] = field(default_factory=dict)
    _aliases: int = 0
    _count: int = 0

    def note(self, index: int, message: str, suggestion: str = "") -> None:
        self.mistakes.append(self.file.mistake(index, message, suggestion))

    def refuse(self, index: int, message: str, suggestion: str = "") -> NoReturn:
        """A mistake after which reading on makes no sense."""
        self.note(index, message, suggestion)
        raise Mistakes(self.mistakes)

    def take(self, event: yaml.Event) -> None:
        at = event.start_mark.index if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self.refuse(at, "a second document begins here: one file holds one", "remove the '---'")
        if isinstance(event, yaml.AliasEvent):
            self._alias(event, at)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, self._after_anchor(event, at))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event, self._after_anchor(event, at))
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self._stack.pop()
            value = done.value
            node = Node(self.file, value, done.at, done.key_at, at, size=done.size, height=done.height)
            self._place(node, done.anchor)

    def _after_anchor(self, event: yaml.NodeEvent, at: int) -> int:
        tag = getattr(event, "tag", None)
        if tag is not None:
            name = tag.replace("tag:yaml.org,2002:", "!!")
            self.refuse(at, f"the tag '{name}' is not read here", "write the plain value")
        if event.anchor is None:
            return at
        found = _ANCHOR.match(self.file.text, at)
        return found.end() if found else at

    def _alias(self, event: yaml.AliasEvent, at: int) -> None:
        name = event.anchor or ""
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            self.refuse(at, f"the file has more than {MOST_ALIASES} aliases")
        if any(opened.anchor == name for opened in self._stack):
            self.refuse(at, f"the alias '*{name}' stands inside what it names")
        if name not in self._anchors:
            self.refuse(at, f"nothing is named '&{name}' above this alias", "quote a text that begins with '*'")
        node = self._anchors[name]
        if self._wants_key() and isinstance(node.value, (dict, list)):
            self.refuse(at, "a key must be plain text")
        self._enter(at, node.size, node.height)
        self._place(replace(node, key_at=at), None)

    def _scalar(self, event: yaml.ScalarEvent, at: int) -> None:
        self._enter(at, 1, 1)
        text, plain = event.value, event.style is None
        if self._wants_key():
            self._key(text, plain, at)
            return
        value = resolve(text) if plain else text
        if isinstance(value, float) and not math.isfinite(value):
            self.note(at, f"{text} is not a finite number")
            value = 0.0
        node = Node(self.file, value, at, at, event.end_mark.index if event.end_mark else at, text, plain)
        self._place(node, event.anchor)

    def _begin(self, event: yaml.CollectionStartEvent, at: int) -> None:
        self._enter(at, 1, 1)
        if self._wants_key():
            self.refuse(at, "a key must be plain text", "quote a text that begins with '{' or '['")
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._stack.append(_Open(value, at, at, event.anchor))

    def _enter(self, at: int, size: int, height: int) -> None:
        self._count += size
        if self._count > MOST_NODES:
            self.refuse(at, f"the file holds more than {MOST_NODES} values")
        if len(self._stack) + height > DEEPEST:
            self.refuse(at, f"this is nested deeper than {DEEPEST} levels")

    def _wants_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and self._stack[-1].key is None

    def _key(self, text: str, plain: bool, at: int) -> None:
        top = self._stack[-1]
        if plain and text == "<<":
            self.refuse(at, "merge keys ('<<') are not read here", "use include: or tokens:")
        if not text:
            self.note(at, "this key has no name")
        elif text in top.value:
            line, _ = self.file.place(top.value[text].key_at)
            self.note(at, f"'{text}' is given twice, first in line {line}", "remove one of the two")
        top.key, top.next_key_at = text, at

    def _place(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._stack:
            self.root = node
            return
        top = self._stack[-1]
        top.size += node.size
        top.height = max(top.height, node.height + 1)
        if isinstance(top.value, list):
            top.value.append(node)
        elif top.key is None:
            self._key(node.written, node.plain, node.key_at)
        else:
            top.value[top.key] = replace(node, key_at=top.next_key_at)
            top.key = None
