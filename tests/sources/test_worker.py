"""A worker process with the faults of real work. Each stub is real code in a real process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.errors import SourceError
from installation.sources.worker import Worker, network_can_be_cut

STUBS = "worker_stubs"
GREY = np.full((48, 64, 3), 40, np.uint8)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Worker]]:
    """Makes started workers on the stubs beside this file, and stops them."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    made: list[Worker] = []

    def make(stub: str, settings: dict[str, Any] | None = None, **limits: Any) -> Worker:
        made.append(Worker(f"{STUBS}:{stub}", settings or {}, **limits))
        made[-1].start()
        return made[-1]

    yield make
    for one in made:
        one.stop()


def memory_of(worker: Worker) -> str:
    assert worker._memory is not None
    return f"/dev/shm/{worker._memory.name}"


def test_a_frame_goes_over_and_an_answer_comes_back(worker: Callable[..., Worker]) -> None:
    one = worker("Mean", {"offset": 0.5})
    answers = [one(np.full((20, 30, 3), level, np.uint8))["mean"] for level in (10, 20, 200)]
    assert answers == [10.5, 20.5, 200.5]
    assert one(GREY)["pid"] == one.pid != os.getpid()


def test_frames_may_grow_and_shrink(worker: Callable[..., Worker]) -> None:
    one = worker("Mean")
    for side in (8, 200, 16, 400):
        assert one(np.full((side, side, 3), 7, np.uint8))["mean"] == 7.0


def test_a_hang_is_ended_and_a_new_start_works(worker: Callable[..., Worker]) -> None:
    one = worker("Hangs", answer=0.3)
    pid = one.pid
    with pytest.raises(SourceError, match=r"no answer for 0\.3 s"):
        one(GREY)
    one.stop()
    assert pid is not None
    assert not Path(f"/proc/{pid}").exists()
    assert one.start().network_cut == network_can_be_cut()


def test_what_the_work_raises_is_told_in_one_line_and_the_next_frame_is_asked_again(
    worker: Callable[..., Worker],
) -> None:
    one = worker("Raises")
    for _ in range(2):
        with pytest.raises(SourceError, match=r"^ValueError: not this frame$"):
            one(GREY)


def test_a_target_that_cannot_be_made_says_why(worker: Callable[..., Worker]) -> None:
    with pytest.raises(SourceError, match="unexpected keyword argument"):
        worker("Mean", {"nonsense": 1})


def test_a_start_that_fails_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    one = Worker(f"{STUBS}:Mean", {"nonsense": 1})
    with pytest.raises(SourceError):
        one.start()
    assert one.pid is None  # and reaped: a warning about a process left over would fail this test


def test_a_killed_child_is_noticed_and_leaves_nothing_behind(worker: Callable[..., Worker]) -> None:
    one = worker("Mean")
    one(GREY)
    memory, pid = memory_of(one), one.pid
    assert pid is not None
    assert os.path.exists(memory)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(SourceError, match="died"):
        one(GREY)
    one.stop()
    assert not os.path.exists(memory)
    one.start()
    assert one(GREY)["mean"] == 40.0


def test_a_leak_is_met_with_a_fresh_process_and_no_lost_frame(worker: Callable[..., Worker]) -> None:
    one = worker("Leaks", most=250 << 20)
    pids = [one(GREY) for _ in range(14)]
    assert one.recycled >= 1
    assert len(set(pids)) == one.recycled + 1


def test_what_a_library_prints_is_no_answer(worker: Callable[..., Worker]) -> None:
    one = worker("Chatters")
    assert [one(GREY) for _ in range(3)] == [1, 1, 1]


def test_the_network_is_cut_where_the_system_allows_it(worker: Callable[..., Worker]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = worker("Dials", {"port": listener.getsockname()[1]})
        assert one(GREY) == ("cut" if network_can_be_cut() else "reached")


def test_the_child_and_its_memory_go_with_a_killed_parent(tmp_path: Path) -> None:
    script = (
        "import numpy as np, time\n"
        "from installation.sources.worker import Worker\n"
        f"one = Worker('{STUBS}:Mean', {{}})\n"
        "one.start(); one(np.zeros((9, 9, 3), np.uint8))\n"
        "print(one.pid, one._memory.name, flush=True)\n"
        "time.sleep(60)\n"
    )
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    # Its own stderr: the resource tracker says there what it cleared up, which is what it is for.
    with (tmp_path / "err").open("w") as err:
        parent = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=err, env=env, text=True
        )
    assert parent.stdout is not None
    with parent.stdout:
        pid, memory = parent.stdout.readline().split()
    parent.kill()
    parent.wait()
    gone = lambda: not Path(f"/proc/{pid}").exists() and not Path(f"/dev/shm/{memory}").exists()  # noqa: E731
    for _ in range(100):
        if gone():
            break
        time.sleep(0.1)
    assert gone()
