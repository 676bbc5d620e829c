"""``tokens: {amount: 0.3}``: a value with a name. ``$amount`` stands for it as a whole unquoted value anywhere, and
inside the text of a mapping. A show that includes another changes its tokens by giving its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from installation.document import Node
from installation.errors import did_you_mean
from installation.show.reader import fields
from installation.show.reading import Reading

_TOKEN = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


def put_in(root: Node, reading: Reading) -> Node:
    """The show with every token's value in its place."""
    tokens = fields(root.fields.get("tokens"), "tokens", reading)
    for node in tokens.values():
        if any(_whole(part) or isinstance(part.value, (dict, list)) for part in node.items or [node]):
            reading.note(node.mistake("a token's value is a number, a text, a switch or a list of those"))
    sections = {
        key: node if key == "tokens" else _filled(node, tokens, key == "mapping", reading)
        for key, node in root.fields.items()
    }
    return replace(root, value={key: node for key, node in sections.items() if node})


def _filled(node: Node, tokens: Mapping[str, Node], inside: bool, reading: Reading) -> Node | None:
    """None for what an unknown token leaves without a meaning: it is left out, so that one slip is one mistake."""
    if isinstance(node.value, dict):
        fields = {key: _filled(child, tokens, inside, reading) for key, child in node.fields.items()}
        return replace(node, value={key: child for key, child in fields.items() if child})
    if isinstance(node.value, list):
        items = [_filled(child, tokens, inside, reading) for child in node.items]
        return replace(node, value=[child for child in items if child])
    if found := _whole(node):
        token = _find(found, node, tokens, reading)
        # The value is the token's; messages about it point to where it was used.
        return replace(node, value=token.value, written=token.written, plain=token.plain) if token else None
    return _inside(node, tokens, reading) if inside and isinstance(node.value, str) else node


def _whole(node: Node) -> re.Match[str] | None:
    return _TOKEN.fullmatch(node.value) if isinstance(node.value, str) and node.plain else None


def _find(found: re.Match[str], node: Node, tokens: Mapping[str, Node], reading: Reading) -> Node | None:
    name = found[1]
    if token := tokens.get(name):
        return token
    near = did_you_mean(f"${name}", (f"${other}" for other in tokens))
    hint = near or "give it a value under tokens:"
    reading.note(node.mistake(f"there is no token '${name}'", hint, offset=found.start()))
    return None


def _inside(node: Node, tokens: Mapping[str, Node], reading: Reading) -> Node | None:
    """A text with tokens put in, each new character knowing which written one it came from."""
    text, shift, last, before = "", [], 0, len(reading.mistakes)
    for found in _TOKEN.finditer(node.value):
        token = _find(found, node, tokens, reading)
        if token and isinstance(token.value, (dict, list)):
            message = f"'${found[1]}' is no single value: it cannot stand inside a mapping"
            reading.note(node.mistake(message, offset=found.start()))
        word = token.written if token else ""
        text += node.value[last : found.start()] + word
        shift += [*range(last, found.start()), *[found.start()] * len(word)]
        last = found.end()
    if not last:
        return node
    if len(reading.mistakes) > before:
        return None
    shift += range(last, len(node.value) + 1)
    return replace(node, value=text + node.value[last:], shift=tuple(shift))
