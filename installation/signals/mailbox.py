"""A mailbox holds the newest sample of one channel. Newest wins; nothing queues; nobody waits.

Writers are sources' threads, the reader is the loop. A Sample is immutable and rebinding one attribute is atomic, so
no lock is held: the loop can never be kept waiting by a writer.
"""

from __future__ import annotations

from typing import Any

from installation.types import Channel, Sample

EMPTY = Sample(None, float("-inf"), 0, stale=True)


class Mailbox:
    """One channel's newest sample. One writer."""

    __slots__ = ("channel", "newest")

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.newest = EMPTY

    def post(self, value: Any, at: float) -> None:
        self.newest = Sample(value, at, self.newest.seq + 1)

    def read(self, now: float) -> Sample:
        """The newest sample, marked stale when it is older than the channel allows."""
        sample = self.newest
        if sample.seq and now - sample.at > self.channel.stale_after:
            return Sample(sample.value, sample.at, sample.seq, stale=True)
        return sample
