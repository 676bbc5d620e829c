"""Edits a file of favourites the way a hand would: line by line. Comments, order and spelling of all else stay.

Every edit is read again before anybody gets it: a file that is written too cleverly for this is refused, not broken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from installation.document import File, Node, shown
from installation.document.scalars import resolve
from installation.errors import InstallationError, Mistakes
from installation.latent.favourites import PSI, PSI_KEPT, Favourite, listed

Key = tuple[str, float]

HEAD = "# Favourites of {model}, in your own order. Yours to edit: seed or latent, psi, stars 1..5, note.\n"
_PLAIN = re.compile(r"[^\W\d](?:[\w .()'/-]*[\w.)'])?")


def added(path: Path, text: str, new: Sequence[Favourite]) -> str:
    """The text with favourites at its end. Raises InstallationError."""

    def change(file: File, found: list[tuple[Favourite, Node]]) -> str:
        end = "\r\n" if "\r\n" in file.text else "\n"
        before = file.text if not file.text or file.text.endswith("\n") else file.text + end
        indent = _indent(file, found[-1][1]) if found else ""
        return before + "".join(f"{indent}- {line(favourite)}{end}" for favourite in new)

    return _edited(path, text, change, lambda before: [*before, *new])


def changed(path: Path, text: str, key: Key, **values: Any) -> str:
    """The text with other ``stars`` or another ``note`` for one favourite."""

    def change(file: File, found: list[tuple[Favourite, Node]]) -> str:
        made = file.text
        # From the back, so that the places in front stay true; what is not there yet is put in last.
        (node,) = (node for favourite, node in found if favourite.key == key)
        there = sorted((name for name in values if name in node.fields), key=lambda name: -node.fields[name].at)
        closing = made[: node.end].rstrip() if made[node.at] == "{" else ""
        for name in [name for name in values if name not in node.fields] if closing else []:
            made = f"{closing}, {name}: {_scalar(values[name])}{made[len(closing) :]}"
            closing = f"{closing}, {name}: {_scalar(values[name])}"
        for name in there:
            at, end = node.fields[name].at, node.fields[name].end
            made = made[:at] + _scalar(values[name]) + made[end:]
        if not closing:
            indent = " " * (file.place(node.at)[1] - 1)
            new = [f"{name}: {_scalar(values[name])}\n{indent}" for name in values if name not in node.fields]
            made = made[: node.at] + "".join(new) + made[node.at :]
        return made

    return _edited(path, text, change, lambda before: [replace(f, **values) if f.key == key else f for f in before])


def removed(path: Path, text: str, key: Key) -> str:
    """The text without one favourite. A comment above it stays: nobody knows whose it is."""

    def change(file: File, found: list[tuple[Favourite, Node]]) -> str:
        lines = file.text.splitlines(keepends=True)
        starts = [file.place(node.at)[0] - 1 for _, node in found]
        place = [favourite.key for favourite, _ in found].index(key)
        first, last = starts[place], [*starts, len(lines)][place + 1]
        while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
            last -= 1
        return "".join(lines[:first] + lines[last:])

    return _edited(path, text, change, lambda before: [favourite for favourite in before if favourite.key != key])


def line(favourite: Favourite) -> str:
    """``{seed: 12, psi: 0.7, stars: 5, note: the long coast}``"""
    who = f"seed: {favourite.seed}" if favourite.seed is not None else f"latent: {_scalar(favourite.latent)}"
    usual = PSI if favourite.seed is not None else PSI_KEPT
    psi = f", psi: {favourite.psi:g}" if favourite.seed is not None or favourite.psi != usual else ""
    note = f", note: {_scalar(favourite.note)}" if favourite.note else ""
    return f"{{{who}{psi}, stars: {favourite.stars}{note}}}"


def _edited(
    path: Path,
    text: str,
    change: Callable[[File, list[tuple[Favourite, Node]]], str],
    wanted: Callable[[list[Favourite]], list[Favourite]],
) -> str:
    found = listed(File(path, text))
    before = [favourite for favourite, _ in found]
    made = change(File(path, text), found)
    try:
        after = [favourite for favourite, _ in listed(File(path, made))]
    except Mistakes:
        after = []
    if after != wanted(before):
        raise InstallationError(
            f"{shown(path)} is written in a way that this cannot edit",
            "edit it by hand, or write each favourite on a line of its own: - {seed: 12, stars: 5}",
        )
    return made


def _indent(file: File, node: Node) -> str:
    row = file.text.splitlines()[file.place(node.at)[0] - 1]
    return row[: len(row) - len(row.lstrip())]


def _scalar(value: Any) -> str:
    """As YAML reads it back: words stay bare where they can."""
    if not isinstance(value, str):
        return f"{value:g}" if isinstance(value, float) else str(value)
    bare = _PLAIN.fullmatch(value) and resolve(value) == value and isinstance(resolve(value), str)
    return value if bare else json.dumps(value, ensure_ascii=False)
