"""An artist's favourites among a model's pictures: ``favourites/MODEL.yaml``, a list in her own order, edited by hand.

    - {seed: 12, psi: 0.7, stars: 5, note: the long coast}
    - {latent: my_face, stars: 3}                             kept by 'installation models project'

``seed`` 0..2^32-1, or the name of a kept ``latent``; ``psi`` 0..2, the truncation it was chosen at, 0.7 for a seed and
1 for a kept latent, which is what it is; ``stars`` 1..5, 3; ``note``. A seed may stand there at several psi.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, overload

from installation.document import File, Node, read_list, text_of
from installation.errors import Mistake, Mistakes, did_you_mean
from installation.latent.seeds import MOST
from installation.params import Param, ParamError

PSI, PSI_KEPT, STARS, MOST_STARS = 0.7, 1.0, 3, 5
PARAMS = (
    Param("seed", "int", None, 0, MOST, help="whose picture it is"),
    Param("latent", "text", "", help="or the name of a kept latent"),
    Param("psi", "float", PSI, 0.0, 2.0, help="the truncation it was chosen at"),
    Param("stars", "int", STARS, 1, MOST_STARS, help="how much it is liked"),
    Param("note", "text", "", help="anything"),
)
WRITE = "write - {seed: 12, psi: 0.7, stars: 5, note: the long coast}"


@dataclass(frozen=True, slots=True)
class Favourite:
    """``seed``, or ``latent`` where seed is None."""

    seed: int | None = None
    latent: str = ""
    psi: float = PSI
    stars: int = STARS
    note: str = ""

    @property
    def name(self) -> str:
        """As a person writes it: ``12``, ``my_face``."""
        return self.latent if self.seed is None else str(self.seed)

    @property
    def key(self) -> tuple[str, float]:
        """No two in a list have the same."""
        return self.name, self.psi


class Favourites(Sequence[Favourite]):
    """A model's favourites, read when they are first asked for: a file with a mistake stops only who needs it."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    @cached_property
    def _all(self) -> list[Favourite]:
        return [favourite for favourite, _ in listed(File(self.path, text_of(self.path)))] if self.path else []

    @overload
    def __getitem__(self, index: int) -> Favourite: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Favourite]: ...
    def __getitem__(self, index: int | slice) -> Favourite | Sequence[Favourite]:
        return self._all[index]

    def __iter__(self) -> Iterator[Favourite]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


def listed(file: File) -> list[tuple[Favourite, Node]]:
    """With the place where each stands. Raises Mistakes, all of the file at once, or InstallationError."""
    mistakes: list[Mistake] = []
    found = [(_favourite(node, mistakes), node) for node in read_list(file, mistakes).root.items]
    first: dict[tuple[str, float], Node] = {}
    for favourite, node in found:
        if favourite.key in first and not mistakes:
            line, _ = node.file.place(first[favourite.key].at)
            what = f"{favourite.name} at psi {favourite.psi:g} is there already, in line {line}"
            mistakes.append(node.mistake(what, "remove one of the two, or give it another psi"))
        first.setdefault(favourite.key, node)
    if mistakes:
        raise Mistakes(mistakes)
    return found


def _favourite(node: Node, mistakes: list[Mistake]) -> Favourite:
    if not isinstance(node.value, dict):
        mistakes.append(node.mistake(f"a favourite is a table, not {_kind(node)}", WRITE))
        return Favourite(0)
    known = {param.name: param for param in PARAMS}
    values: dict[str, Any] = {}
    before = len(mistakes)
    for name, written in node.fields.items():
        if name not in known:
            mistakes.append(written.mistake(f"a favourite has no '{name}'", did_you_mean(name, known), at="key"))
            continue
        try:
            values[name] = known[name].read(written.plain_value())
        except ParamError as error:
            mistakes.append(written.mistake(str(error), error.suggestion))
    if len(mistakes) == before and ("seed" in values) == bool(values.get("latent")):
        wrong = "either a seed or a latent, not both" if "seed" in values else "a seed, or the name of a kept latent"
        mistakes.append(node.mistake(f"a favourite wants {wrong}", WRITE))
    values.setdefault("psi", PSI_KEPT if values.get("latent") else PSI)
    return Favourite(**values)


def _kind(node: Node) -> str:
    if isinstance(node.value, list):
        return "a list"
    return "nothing" if node.value is None else f"'{node.written}'"
