"""A show does not wait for an engine: one program runs while a better one is made ready, then the better one runs.

The better one is built and tried in a thread. Between two frames, never inside one, ``run`` goes over to it and lets go
of the first. When it cannot be had the first runs on, and ``detail`` says why for as long as the show lasts.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from installation.backends.recipe import Recipe
from installation.errors import InstallationError
from installation.types import Program

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

Prepare = Callable[[threading.Event], Program]  # gives up, with any exception, soon after the event is set
LAST_WAIT = 10.0  # seconds that closing waits for the thread


class Changeover:
    """Fulfils ``types.Program``. ``what`` names the better one: ``the TensorRT engine``."""

    def __init__(self, recipe: Recipe, running: Program, prepare: Prepare, what: str) -> None:
        self._recipe = recipe
        self._running = running
        self._prepare = prepare
        self._what = what
        self._ready: Program | None = None
        self._failure = ""
        self._started = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._make, name="changeover", daemon=True)
        self._thread.start()

    @property
    def backend(self) -> str:
        return self._running.backend

    @property
    def precision(self) -> str:
        return self._running.precision

    @property
    def detail(self) -> str:
        """What a person should know; empty once the better one runs."""
        if self._failure:
            return f"{self._what} cannot be had, {self.backend} runs on: {self._failure}"
        if self._thread.is_alive():
            return f"{self._what} is being made ready for {time.monotonic() - self._started:.0f} s, {self.backend} runs"
        return self._running.detail

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
        if self._ready is not None:
            before, self._running, self._ready = self._running, self._ready, None
            before.close()
            log.info("%s runs on %s in %s now", self._recipe.name, self.backend, self.precision)
        return self._running.run(inputs)

    def close(self) -> None:
        self._stop.set()
        self._thread.join(LAST_WAIT)
        if self._ready is not None:
            self._ready.close()
        self._running.close()

    def _make(self) -> None:
        try:
            self._ready = self._tried(self._prepare(self._stop))
        except Exception as error:
            if not self._stop.is_set():
                self._failure = str(error).splitlines()[0] if str(error) else type(error).__name__
                known = isinstance(error, InstallationError)
                log.warning("%s of %s: %s", self._what, self._recipe.name, self._failure, exc_info=not known)

    def _tried(self, made: Program) -> Program:
        """Before a frame depends on it: what fails, and what is only slow the first time, does so here."""
        try:
            made.run({name: np.zeros(given.shape, given.dtype) for name, given in self._recipe.inputs.items()})
        except Exception:
            made.close()
            raise
        return made
