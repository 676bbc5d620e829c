"""What a worker process leaves behind, says, and why it died; and how one that grows is relieved."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from installation.errors import SourceError
from installation.sources.worker import Worker, network_can_be_cut
from installation.sources.worker_child import Child

HERE = Path(__file__).parent
GREY = np.full((48, 64, 3), 40, np.uint8)
CUT = "import ctypes, sys; sys.exit(not any(ctypes.CDLL(None).unshare(f) == 0 for f in (0x40000000, 0x50000000)))"


@pytest.fixture
def stubs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Worker]]:
    """Workers put in here are stopped; their children find the stubs beside this file."""
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    made: list[Worker] = []
    yield made
    for worker in made:
        worker.stop()


def worker(stubs: list[Worker], stub: str, **limits: float) -> Worker:
    stubs.append(Worker(f"worker_stubs:{stub}", {}, **limits))
    stubs[-1].start()
    return stubs[-1]


def test_one_that_grows_works_on_until_its_successor_is_ready(stubs: list[Worker]) -> None:
    one = worker(stubs, "Grows", most=150 << 20)
    first = one.pid
    frames_of: dict[int, int] = {}
    for number in range(2000):
        pid, shown = one(np.full((48, 64, 3), number % 256, np.uint8))
        assert shown == number % 256  # not a frame is lost or seen twice, whoever works
        frames_of[pid] = frames_of.get(pid, 0) + 1
        if len(frames_of) == 2:
            break
        time.sleep(0.01)
    assert frames_of[first] > 8  # it was past the cap with the eighth, and still served while the next one started
    assert one.recycled == 1
    assert not Path(f"/proc/{first}").exists()


def test_one_within_its_cap_is_left_alone(stubs: list[Worker]) -> None:
    one = worker(stubs, "Mean")
    assert {one(GREY)["pid"] for _ in range(40)} == {one.pid}
    assert one.recycled == 0


def test_a_frame_need_not_be_contiguous(stubs: list[Worker]) -> None:
    one = worker(stubs, "Mean")
    mirrored = np.random.default_rng(1).integers(0, 255, (48, 128, 3), np.uint8)[:, ::-2]
    assert one(mirrored)["mean"] == pytest.approx(mirrored.mean())


def test_its_last_words_are_the_reason_of_its_death(stubs: list[Worker]) -> None:
    with pytest.raises(SourceError, match=r"died \(SIGABRT\): F0000 check failed: no hand on this arm"):
        worker(stubs, "Aborts")(GREY)


def test_what_it_says_goes_to_the_debug_log_and_holds_nobody_up(
    stubs: list[Worker], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "installation.sources.worker_child"):
        one = worker(stubs, "Talks")
        assert [one(GREY) for _ in range(3)] == [1, 1, 1]
        one.stop()
    assert capfd.readouterr() == ("", "")
    assert sum("on stderr" in record.getMessage() for record in caplog.records) == 3


def test_one_that_is_not_ready_yet_is_not_waited_for(stubs: list[Worker]) -> None:
    child = Child("worker_stubs:Mean", {})
    try:
        assert child.wait(0) is None
        assert child.wait() is not None
    finally:
        child.stop()
        child.stop()


def test_a_worker_may_be_stopped_at_any_time_and_started_again(stubs: list[Worker]) -> None:
    one = Worker("worker_stubs:Mean", {})
    stubs.append(one)
    one.stop()
    with pytest.raises(SourceError, match="not running"):
        one(GREY)
    for _ in range(3):
        one.start()
        assert one(GREY)["mean"] == 40.0
    one.stop()
    one.stop()
    assert one.pid is None


def test_an_orderly_end_leaves_neither_memory_nor_a_word(stubs: list[Worker]) -> None:
    script = (
        "import numpy as np\n"
        "from installation.sources.worker import Worker\n"
        "one = Worker('worker_stubs:Mean', {}); one.start()\n"
        "[one(np.zeros((side, side, 3), np.uint8)) for side in (8, 300, 20)]\n"
        "print(one._memory.name); one.stop()\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() not in os.listdir("/dev/shm")


def test_the_network_is_cut_exactly_where_a_bare_process_could_cut_it(stubs: list[Worker]) -> None:
    allowed = subprocess.run([sys.executable, "-c", CUT], check=False).returncode == 0
    stubs.append(Worker("worker_stubs:Mean", {}))
    assert stubs[0].start().network_cut == network_can_be_cut() == allowed
