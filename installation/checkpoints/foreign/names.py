"""What a pickle may name, and what a name may be asked to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from installation.checkpoints.foreign.budget import Budget
from installation.checkpoints.foreign.records import Name, broken
from installation.checkpoints.foreign.refusals import not_allowed

Call = Callable[[tuple[Any, ...], Budget], Any]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the globals of one kind of file stand for. A name in ``words`` may be mentioned, and nothing else."""

    calls: Mapping[tuple[str, str], Call]
    news: Mapping[tuple[str, str], Callable[[], Any]]
    words: frozenset[tuple[str, str]]
    persistent: Callable[[Any], Any] | None = None  # what a persistent id stands for; None: there are none

    def name(self, module: object, name: object) -> Name:
        if not isinstance(module, str) or not isinstance(name, str):
            raise broken("a global in it has no name")
        if not any((module, name) in table for table in (self.calls, self.news, self.words)):
            raise not_allowed(module, name)
        return Name(module, name)


class Buildable:
    """A record of one reading that BUILD may fill: ``build`` gets the state. See arrays.py."""

    __slots__ = ()

    def build(self, state: Any, budget: Budget) -> None:
        raise NotImplementedError
