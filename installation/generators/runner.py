"""Runners stand between the loop and a generator.

``InlineRunner`` renders when it is asked: every frame gets its own picture, however long it takes (offline, tests, the
unpaced benchmark). ``ThreadedRunner`` renders in a thread, one picture at a time; while one is being made the newest
request waits and older ones are forgotten, so a slow generator is late by one picture and never by a queue.

Both warm the generator up before they take the first request. A generator that raises costs the show no frame: the last
picture is held, the health says so, and it is asked again after 0.5 s, doubling to 30 s. What it raises before its
first picture is raised to the caller: a show that cannot begin should say why.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

import numpy as np

from installation.errors import InstallationError, ModelError
from installation.types import Generator, Health, Image, Now, Params, Signals

log = logging.getLogger(__name__)

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
SLOW = 0.5  # seconds a picture may take before the generator is called slow


def checked(image: Image) -> Image:
    """The contract at the generator's border: (h, w, 4) uint8, C-contiguous. Raises ModelError."""
    pixels: Any = image.pixels
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 4:
        raise ModelError(f"the generator gave {getattr(pixels, 'shape', type(pixels))}, not (h, w, 4) uint8")
    return image if pixels.flags.c_contiguous else Image(np.ascontiguousarray(pixels), image.captured_at, image.seq)


def _at_work(generator: Generator, age: float | None = None) -> Health:
    """A generator that makes pictures, but not the way it was asked to, is slow: a fall-back must be seen."""
    return Health("slow", generator.detail, age) if generator.detail else Health("ok", age=age)


class InlineRunner:
    """Renders in ``ask``; errors are the caller's."""

    def __init__(self, generator: Generator) -> None:
        self.made = 0
        self._generator = generator
        self._image: Image | None = None
        generator.warm_up()

    @property
    def health(self) -> Health:
        return _at_work(self._generator)

    def ask(self, params: Params, signals: Signals) -> None:
        self._image = checked(self._generator.render(params, signals))
        self.made += 1

    def newest(self) -> Image:
        if self._image is None:
            raise ModelError("no picture has been asked for yet")
        return self._image

    def close(self) -> None:
        """Nothing runs."""


class ThreadedRunner:
    """One picture in flight, newest request wins, the last picture is held."""

    def __init__(self, generator: Generator, now: Now) -> None:
        self.made = 0
        self._generator = generator
        self._now = now
        self._request: tuple[Params, Signals] | None = None
        self._image: Image | None = None
        self._made_at = now()
        self._failure = ""
        self._first_error: Exception | None = None
        self._changed = threading.Condition()
        self._halt = False
        generator.warm_up()
        self._thread = threading.Thread(target=self._run, name="generator", daemon=True)
        self._thread.start()

    @property
    def health(self) -> Health:
        age = self._now() - self._made_at
        if self._failure:
            return Health("holding", self._failure, age)
        if age > SLOW:
            return Health("slow", f"no new picture for {age:.1f} s", age)
        return _at_work(self._generator, age)

    def ask(self, params: Params, signals: Signals) -> None:
        with self._changed:
            self._request = (params, signals)
            self._changed.notify_all()

    def newest(self) -> Image:
        """The newest finished picture; before the first one, waits for it."""
        if self._image is None:
            with self._changed:
                self._changed.wait_for(lambda: self._image or self._first_error)
            if self._image is None and self._first_error:
                raise self._first_error
        assert self._image is not None
        return self._image

    def close(self) -> None:
        with self._changed:
            self._halt = True
            self._changed.notify_all()
        self._thread.join(timeout=5.0)

    def _run(self) -> None:
        wait = FIRST_WAIT
        while (request := self._next()) is not None:
            try:
                image = checked(self._generator.render(*request))
            except Exception as error:  # noqa: BLE001  whatever a network raises, the stage keeps its picture
                self._fail(error)
                if self._image is None:
                    return
                with self._changed:
                    self._changed.wait_for(lambda: self._halt, timeout=wait)
                wait = min(2 * wait, LONGEST_WAIT)
                continue
            wait = FIRST_WAIT
            with self._changed:
                self._image, self._made_at, self._failure = image, self._now(), ""
                self.made += 1
                self._changed.notify_all()

    def _next(self) -> tuple[Params, Signals] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._request or self._halt)
            request, self._request = self._request, None
            return None if self._halt else request

    def _fail(self, error: Exception) -> None:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        if text != self._failure:
            log.warning("generator: %s", text, exc_info=not isinstance(error, InstallationError))
        with self._changed:
            self._failure = text
            if self._image is None:
                self._first_error = error
            self._changed.notify_all()
