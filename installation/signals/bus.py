"""The bus: every channel's mailbox by address, and a read-only snapshot of them all once a tick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from installation.signals.mailbox import EMPTY, Mailbox
from installation.types import Channel, Sample

MOST_OPEN = 1024  # addresses an open channel (osc.*) may add: a flood of new names must not eat the memory


class Snapshot:
    """What the loop sees: fulfils ``types.Signals``."""

    __slots__ = ("_before", "_samples", "now")

    def __init__(self, now: float, samples: Mapping[str, Sample], before: Mapping[str, Sample]) -> None:
        self.now = now
        self._samples = samples
        self._before = before

    def __getitem__(self, address: str) -> Sample:
        return self._samples.get(address, EMPTY)

    def __iter__(self) -> Iterator[str]:
        return iter(self._samples)

    def fired(self, address: str) -> bool:
        """Whether a sample came since the last snapshot: tells a trigger from a level that stays."""
        return self[address].seq != self._before.get(address, EMPTY).seq


class Bus:
    """``declare`` before the show, ``post`` from sources, ``sample`` once a tick."""

    def __init__(self) -> None:
        self._boxes: dict[str, Mailbox] = {}
        self._open: dict[str, Channel] = {}
        self._last: Mapping[str, Sample] = {}
        self.refused = 0  # posts to addresses nobody declared, or past the cap of an open channel

    def declare(self, source: str, channel: Channel) -> None:
        address = f"{source}.{channel.name}"
        if address.endswith("*"):
            self._open[address[:-1]] = channel
        else:
            self._boxes[address] = Mailbox(channel)

    def mailbox(self, address: str) -> Mailbox | None:
        """The mailbox of an address; an open channel gets one on first use. None if nobody declared it."""
        if box := self._boxes.get(address):
            return box
        for prefix, channel in self._open.items():
            if address.startswith(prefix) and len(self._boxes) < MOST_OPEN:
                return self._boxes.setdefault(address, Mailbox(channel))
        return None

    def post(self, source: str, values: Mapping[str, Any], at: float) -> None:
        """Leave a source's new values, by channel name. Called from that source's thread."""
        for name, value in values.items():
            if box := self.mailbox(f"{source}.{name}"):
                box.post(value, at)
            else:
                self.refused += 1

    def sample(self, now: float) -> Snapshot:
        # list(): a source's thread may add an open channel's mailbox while we look.
        samples = {address: box.read(now) for address, box in list(self._boxes.items()) if box.newest.seq}
        before, self._last = self._last, samples
        return Snapshot(now, samples, before)
