"""Units as a show writes them: in a table by name with a ``kind``, or in a list by kind.

A list's unit is ``walk`` or ``walk: {speed: 0.1}``; the second of one kind is called ``walk_2``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from installation.document import File, Node
from installation.errors import InstallationError
from installation.params import Param
from installation.show.reader import fields, flat, kind_of, note_unknown, read_values
from installation.show.reading import KINDS, Reading
from installation.tables import Table
from installation.types import Unit

MODELS = "installation models list"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit asked for in a file: its name and kind, the options written for it, and where both stand."""

    name: str
    kind: str
    options: dict[str, Node]
    file: File
    name_at: int
    kind_at: int


@dataclass(slots=True)
class Checked:
    """A unit's values after reading: fixed options with defaults filled in, live parameters at the show's values."""

    options: dict[str, Any] = field(default_factory=dict)
    live: list[Param] = field(default_factory=list)
    inputs: dict[str, tuple[Param, Node]] = field(default_factory=dict)  # written options that name a signal
    sound: bool = True  # nothing is wrong with its fixed options

    def unit(self, mention: Mention) -> Unit:
        return Unit(mention.name, mention.kind, self.options)


def in_table(node: Node | None, what: str, reading: Reading) -> list[Mention]:
    """Units of ``name: {kind: ..., ...}``."""
    mentions = []
    for name, entry in fields(node, what, reading).items():
        if not _NAME.fullmatch(name):
            reading.note(entry.mistake(f"'{name}' is no name: write letters, digits and _", at="key"))
        elif name == "base":
            reading.note(entry.mistake("'base' is a word of the mapping: choose another name", at="key"))
        if mention := with_kind(name, entry, reading):
            mentions.append(mention)
    return mentions


def with_kind(name: str, node: Node, reading: Reading) -> Mention | None:
    """The unit of one table that has a ``kind``."""
    if isinstance(node.value, str):
        reading.note(node.mistake(f"'{name}' must be a table, not {kind_of(node)}", f"write {{kind: {node.value}}}"))
        return None
    options = dict(fields(node, f"'{name}'", reading))
    kind = options.pop("kind", None)
    if kind is None:
        if isinstance(node.value, dict) or node.value is None:
            reading.note(node.mistake(f"'{name}' needs a kind", "write kind: and its name", KINDS, at="key"))
        return None
    if not kind.written or not isinstance(kind.value, str):
        reading.note(kind.mistake(f"a kind is a name, not {kind_of(kind)}", command=KINDS))
        return None
    return Mention(name, kind.value, options, node.file, node.key_at, kind.at)


def in_list(node: Node | None, what: str, reading: Reading) -> list[Mention]:
    """Units of ``[name, {name: {options}}]``."""
    if node is None or node.value is None:
        return []
    if not isinstance(node.value, list):
        hint = f"write [{node.value}]" if isinstance(node.value, str) else "begin each with '- '"
        reading.note(node.mistake(f"{what} must be a list, not {kind_of(node)}", hint))
        return []
    mentions: list[Mention] = []
    seen: dict[str, int] = {}
    for item in node.items:
        if isinstance(item.value, str) and item.value:
            kind, at, options = item.value, item.at, {}
        elif isinstance(item.value, dict) and len(item.value) == 1:
            kind, inner = next(iter(item.fields.items()))
            at, options = inner.key_at, fields(inner, f"'{kind}'", reading)
        else:
            odd = "more than one name in it" if item.fields else kind_of(item)
            hint = "write name or {name: {option: value}}; in a list of lines, indent the options below the name"
            reading.note(item.mistake(f"{what} wants the name of a unit, not {odd}", hint))
            continue
        seen[kind] = seen.get(kind, 0) + 1
        name = kind if seen[kind] == 1 else f"{kind}_{seen[kind]}"
        mentions.append(Mention(name, kind, options, item.file, at, at))
    return mentions


def load(table: Table, mention: Mention, reading: Reading) -> Any | None:
    """The class of a unit's kind; None after a mistake."""
    try:
        return table.load(mention.kind)
    except InstallationError as error:
        refuse_kind(mention, error, reading)
        return None


def refuse_kind(mention: Mention, error: InstallationError, reading: Reading) -> None:
    reading.note(mention.file.mistake(mention.kind_at, error.message, error.hint, KINDS))


def blame(mention: Mention, error: InstallationError, reading: Reading) -> None:
    """What only the unit itself could know, put at the option that its message quotes or begins with."""
    index, command = mention.name_at, ""
    for name, node in mention.options.items():
        if (node.written and f"'{node.written}'" in error.message) or error.message.startswith(f"{name}: "):
            index = node.at
            command = MODELS if name == "model" else ""
    reading.note(mention.file.mistake(index, error.message, error.hint, command))


def check(
    mention: Mention,
    params: Iterable[Param],
    reading: Reading,
    prefix: str = "",
    declare: Callable[[dict[str, Any]], Iterable[Param]] | None = None,
    others: Iterable[str] = (),
) -> Checked:
    """Read a unit's options.

    Its live parameters stand at ``prefix``. ``declare`` asks the unit for those that only it can know, once its fixed
    options are sound. ``others`` are keys of its table that somebody else reads.
    """
    params = tuple(params)
    fixed = [param for param in params if not param.live]
    live = [param for param in params if param.live]
    options = {key: node for key, node in mention.options.items() if key not in others}
    owner = mention.name if mention.name == mention.kind else f"{mention.name} ({mention.kind})"
    before = len(reading.mistakes)

    written = dict(flat(options, (param.name for param in params)))
    values = read_values(written.items(), fixed, reading)
    for param in fixed:
        if param.required and param.name not in values:
            wanted = f"{owner} needs '{param.name}'" + (f": {param.help}" if param.help else "")
            reading.note(mention.file.mistake(mention.name_at, wanted))
    checked = Checked(
        options={param.name: values.get(param.name, param.default) for param in fixed},
        inputs={p.name: (p, written[p.name]) for p in fixed if p.type == "signal" and values.get(p.name)},
        sound=len(reading.mistakes) == before,
    )

    if declare and checked.sound:
        try:
            live += declare(checked.options)
        except InstallationError as error:
            blame(mention, error, reading)
            checked.sound = False
    names = [param.name for param in (*fixed, *live)]
    given = list(flat(options, names))
    note_unknown(given, names, owner, reading, whole=checked.sound or declare is None)
    values = read_values(given, live, reading)
    if prefix:
        checked.live = [replace(p.at(prefix), default=values.get(p.name, p.default)) for p in live]
        reading.live.update((param.name, param) for param in checked.live)
        reading.fixed.update(f"{prefix}.{param.name}" for param in fixed)
    return checked


def check_inputs(checked: Checked, reading: Reading) -> None:
    """The signals a unit reads must be there; a Param's unit says which kind it wants: image, vector or number."""
    for param, node in checked.inputs.values():
        wanted = param.unit if param.unit in ("image", "vector", "number") else ""
        reading.check_kind(node, checked.options[param.name], wanted)
