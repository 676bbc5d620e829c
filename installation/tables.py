"""Tables of kinds: ``kind -> "module:Class"``, imported only when a show asks for that kind.

Other people's packages add rows through entry points (``installation.sources``, ``.generators``, ``.ops``,
``.outputs``), so a depth camera can come as somebody's own package. The house's own rows win over a foreign row of
the same name: installing a package must not change what an existing show does.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any

from installation.errors import InstallationError, did_you_mean


class UnknownKind(InstallationError):
    """A kind that no row has. ``suggestion`` is a near miss."""

    def __init__(self, noun: str, kind: str, choices: list[str]) -> None:
        self.suggestion = did_you_mean(kind, choices)
        super().__init__(f"there is no {noun} '{kind}'", self.suggestion)


class Table:
    """``Table("source", "installation.sources", {"webcam": "installation.sources.webcam:Webcam"})``"""

    def __init__(self, noun: str, group: str, rows: Mapping[str, str]) -> None:
        self.noun = noun
        self.group = group
        self._rows = dict(rows)

    def kinds(self) -> list[str]:
        return sorted({*self._rows, *(entry.name for entry in entry_points(group=self.group))})

    def load(self, kind: str) -> Any:
        """The class of a kind. Raises UnknownKind, or InstallationError when a row cannot be imported."""
        if target := self._rows.get(kind):
            module, _, name = target.partition(":")
            return getattr(importlib.import_module(module), name)
        for entry in entry_points(group=self.group):
            if entry.name == kind:
                try:
                    return entry.load()
                except (ImportError, AttributeError) as error:
                    raise InstallationError(
                        f"the {self.noun} '{kind}' comes from '{entry.value}', which cannot be imported: {error}",
                        "reinstall or remove the package that brings it",
                    ) from error
        raise UnknownKind(self.noun, kind, self.kinds())
