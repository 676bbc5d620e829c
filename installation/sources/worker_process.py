"""The child's side of worker.py: ``python -m installation.sources.worker_process module:Class '{settings}' PARENT``.

It first gives up the network and ties its life to its parent's, before it imports anything that could use either.
Only then is the class imported and made. Its stdout is the line to the parent, so whatever a library prints is sent
to stderr instead.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from typing import Any, TextIO

from installation.confine import cut_network, die_with_parent


def attach(name: str) -> SharedMemory:
    """The parent's memory, which stays the parent's: before Python 3.13 attaching also claims it, and it would be
    unlinked when this process ends."""
    if sys.version_info >= (3, 13):
        return SharedMemory(name, track=False)
    memory = SharedMemory(name)
    resource_tracker.unregister(f"/{name.lstrip('/')}", "shared_memory")
    return memory


def serve(work: Any, ready: dict[str, Any], requests: TextIO, answers: TextIO) -> None:
    """One line in, one line out, until the parent closes the pipe. ``ready`` is the first line."""
    import numpy as np  # not above: its threads would forbid the cut; not later: the first frame has a deadline

    say(answers, ready)
    memory: SharedMemory | None = None
    for line in requests:
        request = json.loads(line)
        if memory is None or memory.name != request["memory"]:
            if memory:
                memory.close()
            memory = attach(request["memory"])
        frame: Any = np.ndarray(request["shape"], np.uint8, memory.buf)
        try:
            reply = {"answer": work(frame)}
        except Exception as error:  # noqa: BLE001  told to the parent, which decides
            reply = {"error": f"{type(error).__name__}: {error}"}
        del frame  # a view keeps the memory from being closed
        say(answers, reply)


def say(answers: TextIO, reply: dict[str, Any]) -> None:
    print(json.dumps(reply), file=answers, flush=True)


def main() -> None:
    target, settings, parent = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the show, and the show ends this
    cut = cut_network()
    die_with_parent(parent)  # after the cut: a process that changes its credentials loses this wish
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    module, _, name = target.partition(":")
    try:
        work = getattr(importlib.import_module(module), name)(**settings)
    except Exception as error:  # noqa: BLE001  told to the parent, which decides
        say(answers, {"error": f"{type(error).__name__}: {error}"})
        return
    serve(work, {"network_cut": cut}, sys.stdin, answers)


if __name__ == "__main__":
    main()
