"""The parent's end of one worker process: starts it, asks it, knows why it died, ends it.

It talks in lines of JSON, one asked, one answered; both pipes are read by threads, so that nobody is kept waiting
longer than he said. What the child writes to stderr (MediaPipe is talkative) goes to the debug log; its last line is
kept, for it may be the reason of its end.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from installation.errors import SourceError

log = logging.getLogger(__name__)

START = 30.0  # seconds a child may take to import and load its model on a busy machine
AGAIN = "it is started again by itself"


@dataclass(frozen=True, slots=True)
class Ready:
    """What the child said when it was ready."""

    network_cut: bool


class Child:
    """Started when made. ``target`` is ``module:Class``, made in the child with ``settings``."""

    def __init__(self, target: str, settings: Mapping[str, Any]) -> None:
        self._last_words = ""
        self._lines: queue.Queue[str] = queue.Queue()
        self._deadline = time.monotonic() + START
        # -P: a file of the artist's that is called like a library must not be imported in its place.
        command = [sys.executable, "-P", "-m", "installation.sources.worker_process", target, json.dumps(settings)]
        self._process = subprocess.Popen(
            [*command, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self._stdin = self._process.stdin
        self._readers = [
            threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._overhear, args=(self._process.stderr,), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self, seconds: float = START) -> Ready | None:
        """What it says once it is ready, None if that is not within ``seconds``. Raises SourceError when it never
        will be."""
        try:
            return Ready(bool(self._reply(seconds)["network_cut"]))
        except queue.Empty:
            if time.monotonic() > self._deadline:
                raise SourceError(f"its process was not ready after {START:g} s", AGAIN) from None
            return None

    def ask(self, request: Mapping[str, Any], seconds: float) -> Any:
        """Its answer. Raises SourceError when it fails, has died, or says nothing for ``seconds``."""
        try:
            self._stdin.write(json.dumps(request) + "\n")
            self._stdin.flush()
            return self._reply(seconds)["answer"]
        except queue.Empty:
            raise SourceError(f"its process gave no answer for {seconds:g} s", AGAIN) from None
        except OSError:
            raise self._died() from None

    def resident(self) -> int:
        """Bytes of memory it holds; 0 where the system does not say (elsewhere than Linux)."""
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        except (OSError, IndexError):
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE")

    def stop(self) -> None:
        """Kill it. Safe at any time, also twice."""
        self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join()
        with suppress(OSError):  # killed before it read the last request: there is nobody to flush it to
            self._stdin.close()

    def _reply(self, seconds: float) -> dict[str, Any]:
        line = self._lines.get(timeout=seconds) if seconds > 0 else self._lines.get_nowait()
        if not line:
            raise self._died()
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise SourceError(str(reply["error"]))
        return reply

    def _died(self) -> SourceError:
        code = self._process.wait()
        for reader in self._readers:
            reader.join()  # both pipes have ended with it
        how = signal.Signals(-code).name if code < 0 else f"exit {code}"
        # Who is killed from outside had no reason to give, only the chatter before it.
        reason = f": {self._last_words}" if self._last_words and code != -signal.SIGKILL else ""
        return SourceError(f"its process has died ({how}){reason}", AGAIN)

    def _listen(self, answers: IO[str]) -> None:
        with answers:
            for line in answers:
                self._lines.put(line)
        self._lines.put("")  # the end: an empty line is no JSON

    def _overhear(self, stderr: IO[str]) -> None:
        with stderr:
            for line in stderr:
                if words := line.strip():
                    self._last_words = words[:300]
                    log.debug("worker %d: %s", self.pid, words)
