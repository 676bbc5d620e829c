"""``include:`` lays another show under this one. Tables merge key by key, this show's entry first; anything else is
replaced whole, and so is a unit of another kind. Every value keeps the place in the file it came from.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from installation.document import Node, read, shown
from installation.errors import InstallationError, Mistakes, did_you_mean
from installation.show.reading import Reading

MOST_FILES = 32  # two includes of two includes of two ... double with every level


def read_whole(path: Path, reading: Reading) -> Node:
    """The top table of a show with everything it includes. Raises Mistakes when the show itself cannot be parsed."""
    root = read(path, reading.mistakes).root
    return _with_includes(root, [path.resolve()], [path], reading)


def _with_includes(root: Node, trail: list[Path], files: list[Path], reading: Reading) -> Node:
    asked = root.fields.get("include")
    if asked is None:
        return root
    for node in asked.items if isinstance(asked.value, list) else [asked]:
        if under := _included(node, trail, files, reading):
            root = _over(root, under)
    return root


def _included(node: Node, trail: list[Path], files: list[Path], reading: Reading) -> Node | None:
    if not isinstance(node.value, str) or Path(node.value).suffix not in (".yaml", ".yml"):
        reading.note(node.mistake("an include is the path of a .yaml file, from this show's folder"))
        return None
    folder = node.file.path.parent
    path = Path(os.path.normpath(folder / node.value))
    if path.resolve() in trail:
        ring = [*(shown(file) for file in trail[trail.index(path.resolve()) :]), shown(path)]
        reading.note(node.mistake(f"this include comes back to its own file: {' -> '.join(ring)}"))
        return None
    if not path.is_file():
        near = did_you_mean(node.value, (os.path.relpath(file, folder) for file in path.parent.glob("*.y*ml")))
        hint = near if near.startswith("did") else ""
        reading.note(node.mistake(f"there is no file '{node.value}' to include", hint))
        return None
    files.append(path)
    if len(files) > MOST_FILES:
        reading.note(node.mistake(f"a show may include {MOST_FILES} files at most"))
        return None
    try:
        return _with_includes(read(path, reading.mistakes).root, [*trail, path.resolve()], files, reading)
    except Mistakes as error:
        reading.mistakes += error.mistakes
    except InstallationError as error:
        reading.note(node.mistake(error.message, error.hint))
    return None


def _over(top: Node, under: Node) -> Node:
    """``top`` laid over ``under``."""
    mine, theirs = top.value, under.value
    if not isinstance(mine, dict) or not isinstance(theirs, dict):
        return top
    kinds = [table["kind"].value for table in (mine, theirs) if "kind" in table]
    if len(kinds) == 2 and kinds[0] != kinds[1]:
        return top
    return replace(top, value={**theirs, **{key: _both(node, theirs.get(key)) for key, node in mine.items()}})


def _both(node: Node, other: Node | None) -> Node:
    return _over(node, other) if other else node
