"""Feeds move a source's values into the bus. A source may be missing, hang or raise: the loop never hears of it
except as stale channels and a health state.

A ``ThreadFeed`` opens, polls and, after an error, closes and opens again, for ever: 0.5 s doubling to 30 s, with
jitter so that two cameras on one hub do not retry in step. A ``StepFeed`` polls once a tick.
"""

from __future__ import annotations

import logging
import math
import random
import threading
from collections.abc import Callable
from typing import Protocol

from installation.errors import InstallationError
from installation.signals.bus import Bus
from installation.sources.base import Source, SteppedSource
from installation.types import Health, Now

log = logging.getLogger(__name__)

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0


def back_off(failures: int) -> float:
    """Seconds before the next try after so many failures in a row, before jitter."""
    return min(FIRST_WAIT * 2.0 ** min(failures - 1, 16), LONGEST_WAIT)


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
        self.health = Health("ok")
        self._source = source
        self._bus = bus

    def start(self) -> None:
        self._source.open()  # a missing file is found before the first frame, and said as it is

    def step(self) -> None:
        try:
            batch = self._source.poll()
        except (InstallationError, OSError) as error:
            self._fail(_reason(error))
        except Exception as error:  # noqa: BLE001  the loop runs on: this source alone is lost
            self._fail(f"{type(error).__name__}: {error}")
        else:
            if batch:
                self.health = Health("ok")
                self._bus.post(self.name, batch.values, batch.at)

    def stop(self) -> None:
        self._source.close()

    def _fail(self, reason: str) -> None:
        if self.health.state != "failed":
            log.warning("source %s: %s", self.name, reason, exc_info=log.isEnabledFor(logging.DEBUG))
        self.health = Health("failed", reason)


class ThreadFeed:
    """Runs a source in a thread of its own until ``stop``. ``wait`` is a parameter so that tests own time."""

    def __init__(self, name: str, source: Source, bus: Bus, now: Now, wait: Callable[[float], object] | None = None):
        self.name = name
        self._source = source
        self._bus = bus
        self._now = now
        self._failure = "not open yet"
        self._good_at: float | None = None
        self._halt = threading.Event()
        self._wait = wait or self._halt.wait
        self._thread = threading.Thread(target=self._run, name=f"source {name}", daemon=True)

    @property
    def health(self) -> Health:
        age = None if self._good_at is None else self._now() - self._good_at
        if self._failure:
            return Health("failed", self._failure, age)
        if age is None or age <= self._source.patience:
            return Health("ok", age=age)
        return Health("slow", "open, but nothing comes", age)

    def start(self) -> None:
        self._thread.start()

    def step(self) -> None:
        """Nothing: its thread does the work."""

    def stop(self) -> None:
        self._halt.set()
        if self._thread.is_alive():
            self._thread.join(timeout=3.0)  # a driver that never returns must not keep the process from ending

    def _run(self) -> None:
        failures = 0
        while not self._halt.is_set():
            delivered_before = self._good_at
            try:
                self._source.open()
                try:
                    self._poll()
                finally:
                    self._source.close()
            except (InstallationError, OSError) as error:
                self._fail(_reason(error))
            except Exception as error:  # a fault in one source must cost the show that source, nothing else
                log.exception("source %s broke", self.name)
                self._fail(f"{type(error).__name__}: {error}")
            # Back-off starts over only after a source has really delivered since it was opened.
            failures = failures + 1 if self._good_at == delivered_before else 1
            if not self._halt.is_set():
                self._wait(back_off(failures) * random.uniform(0.8, 1.2))

    def _poll(self) -> None:
        # Where silence is normal an open port is all there is to ask; a camera must deliver before it counts as well.
        if self._source.patience == math.inf:
            self._mend()
        while not self._halt.is_set():
            if batch := self._source.poll():
                self._bus.post(self.name, batch.values, batch.at)
                self._good_at = self._now()
                self._mend()

    def _mend(self) -> None:
        if self._failure:
            log.info("source %s: delivering", self.name)
            self._failure = ""

    def _fail(self, reason: str) -> None:
        if reason != self._failure:  # one line for each change of state, not one a retry
            log.warning("source %s: %s", self.name, reason)
        self._failure = reason


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
