"""A checked show: everything the app needs to build it, nothing that touches hardware."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation.mapping.expression import Expression
from installation.params import ParamTree
from installation.types import Channel, Unit


@dataclass(frozen=True, slots=True)
class Cue:
    """Values to go to, by address, and the seconds it takes."""

    name: str
    fade: float
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Idle:
    """Go to a cue when ``signal`` has been at rest or stale for ``after`` seconds."""

    signal: str
    after: float
    cue: str


@dataclass(frozen=True, slots=True)
class Show:
    path: Path
    title: str
    sources: Mapping[str, Unit]  # by name
    rehearsal: Mapping[str, Unit]  # stand-ins for sources of the same name
    generator: Unit
    steps: Mapping[str, tuple[Unit, ...]]  # by the generator's key for them: latent
    passes: tuple[Unit, ...]
    stage: Mapping[str, Any]  # fixed options by name
    outputs: tuple[Unit, ...]
    mapping: Mapping[str, Expression]  # by the address of the parameter it steers
    idle: Idle | None
    cues: Mapping[str, Cue]
    params: ParamTree  # every live parameter; its default is the value this show gives it
    channels: Mapping[str, Channel]  # by address (hands.left.pinch); an open one ends in '*'
