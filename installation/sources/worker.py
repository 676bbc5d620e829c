"""Work that can hang, leak or look up hosts, in a process of its own, fed one picture at a time through shared memory.

The parent writes a frame into the shared memory and a line of JSON to the child's stdin; the child answers with a line
on its stdout. One frame is in flight, so nobody writes where another reads, and nothing queues. A child that does not
answer in time is killed; it dies with its parent; the shared memory goes with whoever of the two ends last.

The child (worker_process.py) gives up its network before it imports anything, where the system allows it.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from installation.errors import SourceError

if TYPE_CHECKING:
    from installation.types import Pixels

START = 30.0  # seconds a child may take to import and load its model on a busy machine
ANSWER = 2.0  # seconds it may take over one frame before it is held to hang
LARGEST = 600 << 20  # bytes resident; beyond, it is replaced by a fresh one


@dataclass(frozen=True, slots=True)
class Ready:
    """What the child said when it was ready."""

    network_cut: bool


class Worker:
    """``target`` is ``module:Class``: made with ``settings`` in the child, then called with each frame."""

    def __init__(
        self, target: str, settings: Mapping[str, Any], *, answer: float = ANSWER, most: int = LARGEST
    ) -> None:
        self._target = target
        self._settings = dict(settings)
        self._answer = answer
        self._most = most
        self._process: subprocess.Popen[str] | None = None
        self._memory: SharedMemory | None = None
        self._lines: queue.Queue[str] = queue.Queue()
        self.recycled = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> Ready:
        """Raises SourceError when the child does not come up; its own last words are the reason."""
        self._lines = queue.Queue()
        settings, parent = json.dumps(self._settings), str(os.getpid())
        self._process = subprocess.Popen(
            [sys.executable, "-m", "installation.sources.worker_process", self._target, settings, parent],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        threading.Thread(target=self._listen, args=(self._process, self._lines), daemon=True).start()
        return Ready(bool(self._reply(START)["network_cut"]))

    def __call__(self, frame: Pixels) -> Any:
        """What the child makes of a frame (h, w, 3) uint8. Raises SourceError when it fails, hangs or died."""
        if self._process is None:
            raise SourceError("the worker is not running")
        memory = self._room(frame.nbytes)
        np.ndarray(frame.shape, np.uint8, memory.buf)[:] = frame
        self._say({"memory": memory.name, "shape": frame.shape})
        answer = self._reply(self._answer)["answer"]
        if self._resident() > self._most:
            self.recycled += 1
            self.stop()
            self.start()
        return answer

    def stop(self) -> None:
        """Kill the child and give the memory back. Safe at any time, also twice."""
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    # A child killed in mid-answer leaves a broken pipe to flush; there is nobody to flush it to.
                    try:
                        pipe.close()
                    except BrokenPipeError:
                        continue
            self._process = None
        if self._memory:
            self._memory.close()
            self._memory.unlink()
            self._memory = None

    def _room(self, size: int) -> SharedMemory:
        if self._memory is None or self._memory.size < size:
            if self._memory:
                self._memory.close()
                self._memory.unlink()
            self._memory = SharedMemory(create=True, size=size)
        return self._memory

    def _say(self, message: Mapping[str, Any]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise SourceError("its process has died", "it is started again by itself") from error

    def _reply(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise SourceError(
                f"its process gave no answer for {seconds:g} s", "it is started again by itself"
            ) from None
        if not line:
            raise SourceError("its process has died", "it is started again by itself")
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise SourceError(str(reply["error"]))
        return reply

    def _resident(self) -> int:
        """Bytes of memory the child holds; 0 where the system does not say."""
        statm = Path(f"/proc/{self.pid}/statm")
        try:
            return int(statm.read_text().split()[1]) * 4096
        except (OSError, IndexError):
            return 0

    @staticmethod
    def _listen(process: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                lines.put(line)
        except ValueError:
            pass  # closed under us by stop()
        lines.put("")  # the end: an empty line is no JSON


def network_can_be_cut() -> bool:
    """Whether this system lets a process give up its network; tried in a child, nothing here changes."""
    script = "from installation.sources.worker_process import cut_network; print(cut_network())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=False)
    return done.stdout.strip() == "True"
