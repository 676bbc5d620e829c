"""Work that can hang, leak or look up hosts, in a process of its own, fed one picture at a time through shared memory.

The parent writes a frame into the shared memory and a line of JSON to the child's stdin; the child answers with a line
on its stdout. One frame is in flight, so nobody writes where another reads, and nothing queues. A child that does not
answer in time is killed by ``stop``; one that has grown too large works on until a fresh one is ready to take its
place; all die with their parent. The shared memory is the parent's and ends with it.

The child (worker_process.py) gives up its network before it imports anything, where the system allows it.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING, Any

import numpy as np

from installation.errors import SourceError
from installation.sources.worker_child import START, Child, Ready

if TYPE_CHECKING:
    from installation.types import Pixels

log = logging.getLogger(__name__)

ANSWER = 2.0  # seconds a child may take over one frame before it is held to hang
LARGEST = 600 << 20  # bytes resident; beyond, it is replaced by a fresh one. MediaPipe's hands take 210 MB


class Worker:
    """``target`` is ``module:Class``: made with ``settings`` in the child, then called with each frame."""

    def __init__(
        self, target: str, settings: Mapping[str, Any], *, answer: float = ANSWER, most: int = LARGEST
    ) -> None:
        self._target = target
        self._settings = dict(settings)
        self._answer = answer
        self._most = most
        self._child: Child | None = None
        self._next: Child | None = None
        self._memory: SharedMemory | None = None
        self.recycled = 0

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def start(self) -> Ready:
        """Raises SourceError when the child does not come up; its own last words are the reason."""
        self.stop()
        self._child = Child(self._target, self._settings)
        try:
            ready = self._child.wait()
        except SourceError:
            self.stop()  # nobody closes what did not open
            raise
        assert ready  # the wait is as long as a child has to become ready: it is, or it raised
        return ready

    def __call__(self, frame: Pixels) -> Any:
        """What the child makes of a frame (h, w, 3) uint8. Raises SourceError when it fails, hangs or died."""
        if self._child is None:
            raise SourceError("the worker is not running")
        memory = self._room(frame.nbytes)
        np.ndarray(frame.shape, np.uint8, memory.buf)[:] = frame
        answer = self._child.ask({"memory": memory.name, "shape": frame.shape}, self._answer)
        self._renew(self._child)
        return answer

    def stop(self) -> None:
        """Kill the child and give the memory back. Safe at any time, also twice."""
        for child in (self._child, self._next):
            if child:
                child.stop()
        self._child = self._next = None
        self._give_back()

    def _renew(self, child: Child) -> None:
        """Swap a child past the cap for a fresh one. Twice the cap is too much to wait in the background."""
        size = child.resident()
        if size > self._most and self._next is None:
            log.info("worker %s has grown to %d MB, to be replaced", self._target, size >> 20)
            self._next = Child(self._target, self._settings)
        if self._next and self._next.wait(START if size > 2 * self._most else 0):
            child.stop()
            self._child, self._next = self._next, None
            self.recycled += 1

    def _room(self, size: int) -> SharedMemory:
        if self._memory and self._memory.size >= size:
            return self._memory
        self._give_back()
        self._memory = SharedMemory(create=True, size=size)
        return self._memory

    def _give_back(self) -> None:
        if self._memory:
            self._memory.close()
            self._memory.unlink()
            self._memory = None


def network_can_be_cut() -> bool:
    """Whether this system lets a process give up its network; tried in a child, nothing here changes."""
    script = "from installation.confine import cut_network; print(cut_network())"
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, timeout=20, check=False)
    return done.stdout.strip() == "True"
