"""What is known so far while a show is read, and the mistakes found on the way. Nothing is raised until the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from installation.document import Node
from installation.errors import Mistake, Mistakes, did_you_mean
from installation.library import Library
from installation.params import Param
from installation.types import Channel

KINDS = "installation check --kinds"
MOST = 100  # mistakes told at once


@dataclass(slots=True)
class Reading:
    """The state of one reading. ``shown`` is the show's file as a command names it.

    ``unsure`` holds prefixes of addresses whose owner is itself wrong (an unknown kind, a missing model): what
    cannot be judged is not reported, so that one slip gives one mistake.
    """

    library: Library
    shown: str
    mistakes: list[Mistake] = field(default_factory=list)
    channels: dict[str, Channel] = field(default_factory=dict)
    live: dict[str, Param] = field(default_factory=dict)
    fixed: set[str] = field(default_factory=set)
    unsure: list[str] = field(default_factory=list)

    @property
    def list_signals(self) -> str:
        return f"installation signals {self.shown}"

    @property
    def list_params(self) -> str:
        return f"installation params {self.shown}"

    def note(self, mistake: Mistake) -> None:
        """Keep a mistake. Raises Mistakes at more than anybody reads: each costs a search for near misses."""
        if mistake not in self.mistakes:  # a value used by two aliases is wrong once
            self.mistakes.append(mistake)
        if len(self.mistakes) >= MOST:
            raise Mistakes(self.mistakes)

    def can_judge(self, address: str) -> bool:
        """Whether an unknown address is a mistake of its own, or comes of one already told (passes: [gloww])."""
        for prefix in self.unsure:
            *above, owner = prefix[:-1].split(".")
            there = address.split(".")[: len(above) + 1]
            if there[:-1] == above and get_close_matches(there[-1], [owner]):
                return False
        return True

    def channel(self, address: str) -> Channel | None:
        """The declared channel of an address; an open one (``osc.*``) answers for every name below it."""
        if found := self.channels.get(address):
            return found
        for name, channel in self.channels.items():
            if name.endswith("*") and address.startswith(name[:-1]) and address != name[:-1]:
                return channel
        return None

    def check_signal(self, node: Node, address: str, offset: int | None = None) -> Channel | None:
        """The channel of an address used at ``node``; unknown is a mistake."""
        channel = self.channel(address)
        if channel is None and self.can_judge(address):
            message = f"there is no signal '{address}'"
            if self.channels:
                self.note(node.mistake(message, self._near_signal(address), self.list_signals, offset=offset))
            else:
                self.note(node.mistake(f"{message}: this show has no sources", offset=offset))
        return channel

    def _near_signal(self, address: str) -> str:
        """A near miss; for an open channel, whose names are endless, the same name at a source spelt right."""
        source, _, name = address.partition(".")
        near = get_close_matches(source, {known.partition(".")[0] for known in self.channels}, 1)
        if near and near[0] != source and self.channel(f"{near[0]}.{name}"):
            return f"did you mean '{near[0]}.{name}'?"
        return did_you_mean(address, self.channels)

    def check_kind(self, node: Node, address: str, wanted: str) -> None:
        """The channel of an address used where a picture, a vector or a number is wanted."""
        channel = self.check_signal(node, address)
        if channel and wanted and channel.kind != wanted:
            names = [name for name, other in self.channels.items() if other.kind == wanted and not name.endswith("*")]
            message = f"'{address}' is {_a(channel.kind)}, and {_a(wanted)} is wanted here"
            self.note(node.mistake(message, did_you_mean(address, names), self.list_signals))

    def check_live(self, node: Node, address: str, verb: str) -> Param | None:
        """The live parameter that a key names; ``verb`` says what was to be done to it: 'mapped', 'set by a cue'."""
        param = self.live.get(address)
        if param is None and address in self.fixed:
            self.note(node.mistake(f"'{address}' is read once, at start: it cannot be {verb}", at="key"))
        elif param is None and self.can_judge(address):
            suggestion = did_you_mean(address, self.live)
            self.note(node.mistake(f"there is no live parameter '{address}'", suggestion, self.list_params, at="key"))
        return param


def _a(kind: Any) -> str:
    return f"an {kind}" if str(kind)[0] in "aeiou" else f"a {kind}"
