"""A show without its hardware: which sources cannot be here, and the same show with their stand-ins.

A show's ``rehearsal:`` names a replacement for a source (a take, a painted camera). A take can stand in for all of
them at once. Mappings were checked against the sources as written, so what a stand-in does not send is merely stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from installation.show.show import Show
from installation.sources import SOURCES
from installation.sources.base import SteppedSource
from installation.takes import Take, tape_sources
from installation.types import Unit


def missing(show: Show) -> dict[str, str]:
    """Sources that cannot deliver on this machine, and why: their hardware is not here, or what they look at is not."""
    away: dict[str, str] = {}
    for name, unit in show.sources.items():
        if reason := SOURCES.load(unit.kind).missing(unit.options):
            away[name] = reason
    # Hands that look at a camera that is not here are away for the camera's reason; chains are as long as the show.
    for _ in show.sources:
        for name, unit in show.sources.items():
            for address in _inputs(unit):
                if (seen := address.partition(".")[0]) in away:
                    away.setdefault(name, away[seen])
    return away


def rehearsed(show: Show, away: Mapping[str, str]) -> Show:
    """The show with each absent source replaced by its rehearsal; one that has none is left out."""
    present = {name: unit for name, unit in show.sources.items() if name not in away}
    stand_ins = {name: show.rehearsal[name] for name in away if name in show.rehearsal}
    return replace(show, sources={**present, **stand_ins})


def from_take(show: Show, take: Take, loop: bool = False) -> Show:
    """The show on recorded signals alone: the same parameters every time it is performed.

    A source that the take does not hold stays if it, or its rehearsal, is a function of time; hardware is left out.
    """
    others = {**show.sources, **show.rehearsal}
    steady = {name: unit for name, unit in others.items() if issubclass(SOURCES.load(unit.kind), SteppedSource)}
    tapes = {name: Unit(name, "tape", options) for name, options in tape_sources(take, loop).items()}
    return replace(show, sources={**steady, **tapes})


def _inputs(unit: Unit) -> list[str]:
    params = SOURCES.load(unit.kind).params
    return [str(unit.options[p.name]) for p in params if p.type == "signal" and unit.options.get(p.name)]
