"""A tape: one source of a recorded take, played again in show time. Bit for bit the same every time.

It starts at the first tick it is asked and plays at the recorded speed, whatever the frame rate: each poll gives the
newest value of every channel that had news since the poll before. ``loop`` begins again at the end; times and
sequence numbers go on counting, so nothing downstream notices the seam but a jump of the hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from installation import takes
from installation.errors import TakeError, did_you_mean
from installation.library import Library
from installation.params import REQUIRED, Param
from installation.sources.base import Batch, Place, SteppedSource
from installation.types import Channel

# Ticks are a grid of 1/fps and a take's times have four decimals: a line must not miss its own tick by a rounding.
SLACK = 0.0005


class Tape(SteppedSource):
    """One source of a recorded take, played again."""

    params = (
        Param("take", "path", REQUIRED, help="a take: its folder, or its name in takes/"),
        Param("source", "text", "", help="which of the take's sources to play; needed when it has several"),
        Param("loop", "bool", True, help="begin again at the end"),
    )

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        super().__init__(options, place)
        self._take: takes.Take
        self._lines: list[tuple[takes.Line, dict[str, Any]]] = []
        self._zero: float | None = None
        self._turn = 0  # how often it has begun again
        self._next = 0  # the first line not yet played

    @classmethod
    def channels(cls, options: Mapping[str, Any], library: Library) -> tuple[Channel, ...]:
        header = takes.read_header(library.take(options["take"]))
        return header.of(_source(header, options))

    def open(self) -> None:
        self._take = takes.read(self.place.library.take(self.options["take"]))
        prefix = _source(self._take.header, self.options) + "."
        self._lines = []
        for line in self._take.lines:
            everything = {**line.values, **line.frames}
            news = {a.removeprefix(prefix): value for a, value in everything.items() if a.startswith(prefix)}
            if news:
                self._lines.append((line, news))
        self._prefix = prefix
        self._zero, self._turn, self._next = None, 0, 0

    def poll(self) -> Batch | None:
        now = self.place.now()
        if self._zero is None:
            self._zero = now
        played = now - self._zero + SLACK
        length = self._take.seconds
        if self.options["loop"] and played > (self._turn + 2) * length:
            # After a long hang only the newest of every channel counts: one whole turn tells it.
            self._turn, self._next = int(played // length) - 1, 0
        news: dict[str, Any] = {}
        at = float("-inf")
        while (line := self._due(played, length)) is not None:
            news.update(line[1])
            at = max(at, self._zero + self._turn * length + line[0].at)
            self._next += 1
        return Batch({name: self._value(name, value) for name, value in news.items()}, at) if news else None

    def _due(self, played: float, length: float) -> tuple[takes.Line, dict[str, Any]] | None:
        """The next line if its time has come, turning back to the first at the end of a turn."""
        if self._next == len(self._lines) and self._lines and self.options["loop"]:
            if played < (self._turn + 1) * length:
                return None
            self._turn, self._next = self._turn + 1, 0
        if self._next == len(self._lines) or self._turn * length + self._lines[self._next][0].t > played:
            return None
        return self._lines[self._next]

    def _value(self, name: str, value: Any) -> Any:
        # Pictures are kept as numbers until they are shown: of ten that one slow frame skipped, one is decoded.
        return self._take.frame(self._prefix + name, value) if type(value) is int else value


def _source(header: takes.Header, options: Mapping[str, Any]) -> str:
    names = header.sources()
    asked = options["source"]
    if asked in names:
        return str(asked)
    if asked:
        raise TakeError(f"the take '{options['take']}' has no source '{asked}'", did_you_mean(asked, names))
    if len(names) != 1:
        raise TakeError(
            f"the take '{options['take']}' has {len(names)} sources; say which", f"source: one of {', '.join(names)}"
        )
    return names[0]
