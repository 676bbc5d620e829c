"""``data.yaml`` beside a folder's pictures: what they are, whose, how they are to be drawn. Any of it may be left out.

title, source, licence, author, notes    words
fit: cover                               of what is not square: cover (its middle), contain (black around it), stretch
flip: true                               mirror images are as good
swap: false                              of pairs: B is what is given and A what is wanted
crops: {projection: equirectangular, across: [12, 24], weight: contrast, ...}    spec.py has them all
credits: ["m8.png: ..."]                 of single pictures
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from installation.document import Node, read
from installation.errors import Mistake, Mistakes, did_you_mean
from installation.files import write_atomically
from installation.training.data.spec import ACROSS, CropSpec, Projection, Weight

NAME = "data.yaml"
WORDS = ("title", "source", "licence", "author", "notes")
Fit = Literal["cover", "contain", "stretch"]
RANGES: Mapping[str, tuple[float, float]] = {
    "turn": (0, 180),
    "latitudes": (1, 90),
    "least_contrast": (0, 0.5),
    "least_land": (0, 1),
    "white": (1, 255),
    "gamma": (0.1, 10),
    "saturation": (0, 10),
}
WORDED: Mapping[str, tuple[str, ...]] = {"projection": get_args(Projection), "weight": get_args(Weight)}
WIDEST: Mapping[Projection, tuple[float, float]] = {"flat": (0.01, 1.0), "equirectangular": (0.1, 120.0)}


@dataclass(frozen=True, slots=True)
class About:
    title: str = ""
    source: str = ""
    licence: str = ""
    author: str = ""
    notes: str = ""
    fit: Fit = "cover"
    flip: bool = True
    swap: bool = False
    crops: CropSpec | None = None
    credits: tuple[str, ...] = ()


def read_about(folder: Path) -> About:
    """What ``data.yaml`` says; what is usual where there is none. Raises Mistakes with every place that is wrong."""
    path = folder / NAME
    return _Reader(read(path).root).about() if path.is_file() else About()


def write_about(folder: Path, about: About) -> None:
    """``data.yaml``: what differs from what is usual. Whole or not at all."""
    table = _told(about)
    if about.crops:
        table["crops"] = {**_told(about.crops), "across": list(about.crops.across)}
    table["credits"] = list(about.credits)
    table = {key: value for key, value in table.items() if value != []}
    text = yaml.safe_dump(table, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    write_atomically(folder / NAME, text.encode())


def _told(given: About | CropSpec) -> dict[str, Any]:
    return {f.name: getattr(given, f.name) for f in fields(given) if getattr(given, f.name) != f.default}


class _Reader:
    """One file's mistakes, gathered."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._mistakes: list[Mistake] = []

    def about(self) -> About:
        self._known(self._root, tuple(field.name for field in fields(About)), "a data.yaml")
        got: dict[str, Any] = {}
        for key, node in self._root.fields.items():
            if key in WORDS:
                got[key] = " ".join(str(self._of(node, str, key, "text")).split())
            elif key in ("flip", "swap"):
                got[key] = self._of(node, bool, key, "true or false")
            elif key == "fit":
                got[key] = self._choice(node, key, get_args(Fit))
            elif key == "credits":
                got[key] = tuple(str(item.value) for item in node.items)
            elif key == "crops":
                got[key] = self._crops(node)
        if self._mistakes:
            raise Mistakes(self._mistakes)
        return About(**got)

    def _crops(self, node: Node) -> CropSpec:
        if not isinstance(node.value, dict):
            self._note(node, "crops must be a table", "write {across: [0.3, 0.8]}")
            return CropSpec()
        self._known(node, tuple(field.name for field in fields(CropSpec)), "crops")
        got: dict[str, Any] = {}
        for key, entry in node.fields.items():
            if key in RANGES:
                got[key] = self._number(entry, key, *RANGES[key])
            elif key in WORDED:
                got[key] = self._choice(entry, key, WORDED[key])
            elif key == "flip":
                got[key] = self._of(entry, bool, key, "true or false")
            elif key == "mask":
                got[key] = self._of(entry, str, key, "a picture's name")
                if Path(got[key]).name != got[key]:
                    self._note(entry, "mask must be a name beside data.yaml, without a path")
        globe = got.get("projection") == "equirectangular"
        kind: Projection = "equirectangular" if globe else "flat"
        across = node.fields.get("across")
        got["across"] = self._range(across, *WIDEST[kind]) if across else ACROSS[kind]
        return CropSpec(**got)

    def _range(self, node: Node, low: float, high: float) -> tuple[float, float]:
        known = len(self._mistakes)
        both = tuple(self._number(item, "across", low, high) for item in node.items)
        if len(self._mistakes) > known:
            return low, high
        if len(both) != 2 or both[0] > both[1]:
            self._note(node, "across must be two numbers, the smaller first", f"between {low:g} and {high:g}")
            return low, high
        return both[0], both[1]

    def _number(self, node: Node, key: str, low: float, high: float) -> float:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            self._note(node, f"{key} must be a number from {low:g} to {high:g}")
            return low
        return float(value)

    def _choice(self, node: Node, key: str, choices: tuple[str, ...]) -> str:
        if node.value not in choices:
            self._note(node, f"{key} must be one of {', '.join(choices)}", did_you_mean(str(node.value), choices))
            return choices[0]
        return str(node.value)

    def _of(self, node: Node, kind: type, key: str, words: str) -> Any:
        if not isinstance(node.value, kind):
            self._note(node, f"{key} must be {words}")
            return kind()
        return node.value

    def _known(self, node: Node, keys: tuple[str, ...], what: str) -> None:
        for key, value in node.fields.items():
            if key not in keys:
                self._mistakes.append(value.mistake(f"{what} has no '{key}'", did_you_mean(key, keys), at="key"))

    def _note(self, node: Node, message: str, suggestion: str = "") -> None:
        self._mistakes.append(node.mistake(message, suggestion))
