"""Feeds move a source's values into the bus. A source may be missing, hang or raise: the loop never hears of it
except as stale channels and a health state.

A ``ThreadFeed`` opens, polls and, after an error, closes and opens again, for ever: 0.5 s doubling to 30 s, with
jitter so that two cameras on one hub do not retry in step. A ``StepFeed`` polls once a tick.
"""

from __future__ import annotations

import logging
import random
import threading
from typing import Protocol

from installation.errors import InstallationError
from installation.signals.bus import Bus
from installation.sources.base import Source, SteppedSource
from installation.types import Health, Now

log = logging.getLogger(__name__)

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
SLOW_AFTER = 2.0  # seconds without a sample before an open source is called slow


class Feed(Protocol):
    """One source on its way into the bus."""

    name: str

    @property
    def health(self) -> Health: ...

    def start(self) -> None: ...

    def step(self) -> None: ...  # once a tick, on the loop's thread

    def stop(self) -> None: ...


class StepFeed:
    """Polls a stepped source on the loop's thread, at the tick's own time."""

    def __init__(self, name: str, source: SteppedSource, bus: Bus) -> None:
        self.name = name
        self._source = source
        self._bus = bus
        self.health = Health("ok")

    def start(self) -> None:
        self._source.open()  # a missing file is found before the first frame, and said as it is

    def step(self) -> None:
        if batch := self._source.poll():
            self._bus.post(self.name, batch.values, batch.at)

    def stop(self) -> None:
        self._source.close()


class ThreadFeed:
    """Runs a source in a thread of its own until ``stop``."""

    def __init__(self, name: str, source: Source, bus: Bus, now: Now) -> None:
        self.name = name
        self._source = source
        self._bus = bus
        self._now = now
        self._failure = "not open yet"
        self._good_at: float | None = None
        self._halt = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"source {name}", daemon=True)

    @property
    def health(self) -> Health:
        age = None if self._good_at is None else self._now() - self._good_at
        if self._failure:
            return Health("failed", self._failure, age)
        if age is None or age > SLOW_AFTER:
            return Health("slow", "open, but nothing has come", age)
        return Health("ok", age=age)

    def start(self) -> None:
        self._thread.start()

    def step(self) -> None:
        """Nothing: its thread does the work."""

    def stop(self) -> None:
        self._halt.set()
        if self._thread.is_alive():
            self._thread.join(timeout=3.0)  # a driver that never returns must not keep the process from ending

    def _run(self) -> None:
        wait = FIRST_WAIT
        while not self._halt.is_set():
            opened_at = self._now()
            try:
                self._source.open()
                try:
                    self._poll()
                finally:
                    self._source.close()
            except (InstallationError, OSError) as error:
                self._fail(str(error).splitlines()[0] if str(error) else type(error).__name__)
            except Exception as error:  # a fault in one source must cost the show that source, nothing else
                log.exception("source %s broke", self.name)
                self._fail(f"{type(error).__name__}: {error}")
            # Back-off starts over only after a source has really delivered since it was opened.
            delivered = self._good_at is not None and self._good_at >= opened_at
            wait = FIRST_WAIT if delivered else min(2 * wait, LONGEST_WAIT)
            self._halt.wait(wait * random.uniform(0.8, 1.2))

    def _poll(self) -> None:
        while not self._halt.is_set():
            if batch := self._source.poll():
                self._bus.post(self.name, batch.values, batch.at)
                self._good_at = self._now()
                if self._failure:
                    log.info("source %s: delivering", self.name)
                    self._failure = ""

    def _fail(self, reason: str) -> None:
        if reason != self._failure:  # one line for each change of state, not one a retry
            log.warning("source %s: %s", self.name, reason)
        self._failure = reason
