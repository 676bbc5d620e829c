"""Reads a table of values against the parameters declared for it.

A parameter ``style.starry_night`` is written nested: ``style: {starry_night: 0.5}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from installation.document import Node
from installation.document.scalars import resolve
from installation.errors import did_you_mean
from installation.params import Param, ParamError
from installation.show.reading import Reading


def fields(node: Node | None, what: str, reading: Reading) -> dict[str, Node]:
    """The entries of a table; an empty value is an empty table."""
    if node is None or node.value is None:
        return {}
    if not isinstance(node.value, dict):
        reading.note(node.mistake(f"{what} must be a table of 'key: value' lines, not {kind_of(node)}"))
    return node.fields


def kind_of(node: Node) -> str:
    """A value as a message names it."""
    if isinstance(node.value, (dict, list)):
        return "a table" if isinstance(node.value, dict) else "a list"
    return "nothing" if node.value is None else f"'{node.written}'"


def flat(given: Mapping[str, Node], names: Iterable[str], prefix: str = "") -> Iterator[tuple[str, Node]]:
    """Written values by full name: tables are opened where a declared name goes on below them."""
    names = tuple(names)
    for key, node in given.items():
        name = prefix + key
        opens = isinstance(node.value, dict) or node.value is None
        if opens and name not in names and any(other.startswith(f"{name}.") for other in names):
            yield from flat(node.fields, names, f"{name}.")
        else:
            yield name, node


def read_values(given: Iterable[tuple[str, Node]], params: Iterable[Param], reading: Reading) -> dict[str, Any]:
    """Checked values of those parameters that were written."""
    declared = {param.name: param for param in params}
    return {name: read_value(node, declared[name], reading) for name, node in given if name in declared}


def read_value(node: Node, param: Param, reading: Reading) -> Any:
    """The value of one parameter; its default after a mistake."""
    try:
        return param.read(node.plain_value())
    except ParamError as error:
        reading.note(node.mistake(str(error), _trap(node, param) or error.suggestion))
        return None if param.required else param.default


def note_unknown(
    given: Iterable[tuple[str, Node]], names: Iterable[str], owner: str, reading: Reading, whole: bool = True
) -> None:
    """Refuse what nobody declared, or what is there twice (nested and dotted).

    ``whole`` is False when a unit could not be asked for all its parameters: then only near misses are mistakes.
    """
    names = set(names)
    seen = set()
    for name, node in given:
        suggestion = "" if name in names else did_you_mean(name, names)
        if name in seen:
            reading.note(node.mistake(f"'{name}' is given twice", "remove one of the two", at="key"))
        elif name not in names and (whole or suggestion.startswith("did")):
            reading.note(node.mistake(f"{owner} has no option '{name}'", suggestion, at="key"))
        seen.add(name)


def _trap(node: Node, param: Param) -> str:
    """What YAML did to the value that its writer may not have expected."""
    if isinstance(node.value, bool) and param.type not in ("bool", "float", "int", "seconds"):
        return f"'{node.written}' means {str(node.value).lower()} in YAML: quote it"
    after = node.file.text[node.at :].partition("\n")[0].lstrip()
    if node.value is None and after.startswith("#"):
        return "'#' begins a comment in YAML: quote it"
    if isinstance(node.value, str) and not node.plain and param.type in ("bool", "float", "int"):
        inner = resolve(node.value)
        if isinstance(inner, bool if param.type == "bool" else (int, float)):
            return "remove the quotes"
    return ""
