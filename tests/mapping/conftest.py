"""Expressions are played through a real bus: a signal that is a function of time, one tick after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from installation.mapping.expression import parse
from installation.signals.bus import Bus
from installation.types import Channel

Play = Callable[..., list[Any]]


def played(
    text: str,
    *,
    fps: float = 60,
    seconds: float = 1.0,
    channels: Mapping[str, Channel] | None = None,
    **signals: Callable[[float], Any],
) -> list[Any]:
    """What comes out, a value a tick. ``x=f`` posts ``f(t)`` to ``s.x``; where f gives None nothing comes.

    Channels go stale at once, so that a tick without a post is a tick without a signal.
    """
    known = {name: Channel(name, stale_after=0.0) for name in signals} | dict(channels or {})
    bus = Bus()
    for channel in known.values():
        bus.declare("s", channel)
    pipeline = parse(text).build({f"s.{name}": channel for name, channel in known.items()})
    out = []
    for frame in range(round(seconds * fps) + 1):
        now = frame / fps
        values = {name: value for name, f in signals.items() if (value := f(now)) is not None}
        bus.post("s", values, now)
        out.append(pipeline(bus.sample(now), 1 / fps if frame else 0.0))
    return out


@pytest.fixture
def play() -> Play:
    return played


@pytest.fixture
def once() -> Callable[..., Any]:
    """One value in, one out."""

    def run(text: str, value: Any, channel: Channel | None = None, **more: Any) -> Any:
        channels = {"x": channel} if channel else None
        signals = {name: (lambda t, v=v: v) for name, v in {"x": value, **more}.items()}
        return played(text, seconds=0, channels=channels, **signals)[0]

    return run
