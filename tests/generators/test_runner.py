"""Runners, with generators that wait for events: nothing here depends on how fast the machine is."""

import threading

import numpy as np
import pytest

from installation.errors import ModelError
from installation.generators.runner import InlineRunner, ThreadedRunner, checked
from installation.types import Image
from tests.fakes import FakeSignals, FakeTime

PATIENCE = 20.0  # seconds a test waits for what must come; never spent when it does


class Gated:
    """Renders when the gate opens; remembers what it was asked."""

    def __init__(self, gated: bool = True) -> None:
        self.begun = threading.Semaphore(0)
        self.gate = threading.Semaphore(0)
        self.gated = gated
        self.asked: list[int] = []
        self.warm = False
        self.fault: Exception | None = None
        self.threads: set[str] = set()

    detail = ""

    def prepare(self) -> None: ...

    def warm_up(self) -> None:
        self.warm = True

    def render(self, params, signals) -> Image:
        self.threads.add(threading.current_thread().name)
        self.asked.append(params["n"])
        self.begun.release()
        if self.gated:
            assert self.gate.acquire(timeout=PATIENCE)
        if self.fault:
            raise self.fault
        return Image(np.full((2, 2, 4), params["n"], np.uint8), signals.now, params["n"])

    def close(self) -> None: ...


@pytest.fixture
def time():
    return FakeTime()


@pytest.fixture
def threaded(time):
    runners = []

    def make(generator: Gated) -> ThreadedRunner:
        runners.append(ThreadedRunner(generator, time.monotonic))
        return runners[-1]

    yield make
    for runner in runners:
        runner._generator.gated = False
        runner._generator.gate.release(50)
        runner.close()
        assert not runner._thread.is_alive()


def ask(runner, n: int) -> None:
    runner.ask({"n": n}, FakeSignals(float(n)))


def until(condition) -> None:
    """Wait for what another thread is about to do."""
    tick = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        if condition():
            return
        tick.wait(0.005)
    pytest.fail("it never came to that")


def test_inline_every_request_is_its_picture():
    generator = Gated(gated=False)
    runner = InlineRunner(generator)
    assert generator.warm
    with pytest.raises(ModelError, match="no picture"):
        runner.newest()
    for n in (1, 2, 3):
        ask(runner, n)
        assert runner.newest().seq == n
    assert runner.made == 3
    assert generator.threads == {threading.current_thread().name}


def test_inline_errors_are_the_callers():
    generator = Gated(gated=False)
    runner = InlineRunner(generator)
    generator.fault = ModelError("no")
    with pytest.raises(ModelError, match="no"):
        ask(runner, 1)


def test_threaded_the_newest_request_wins_and_one_is_in_flight(threaded):
    generator = Gated()
    runner = threaded(generator)
    assert generator.warm
    ask(runner, 1)
    assert generator.begun.acquire(timeout=PATIENCE)
    for n in (2, 3, 4):
        ask(runner, n)
    generator.gate.release()
    assert generator.begun.acquire(timeout=PATIENCE)
    assert runner.newest().seq == 1  # held while the next is made
    generator.gate.release()
    until(lambda: runner.newest().seq == 4)
    assert generator.asked == [1, 4]
    assert runner.made == 2
    assert generator.threads == {"generator"}


def test_the_first_picture_is_waited_for(threaded):
    generator = Gated()
    runner = threaded(generator)
    ask(runner, 5)
    got = []
    waiting = threading.Thread(target=lambda: got.append(runner.newest().seq))
    waiting.start()
    assert generator.begun.acquire(timeout=PATIENCE)
    assert got == []
    generator.gate.release()
    waiting.join(PATIENCE)
    assert got == [5]


def test_a_generator_that_never_began_is_raised_to_the_caller(threaded):
    generator = Gated(gated=False)
    generator.fault = ModelError("no weights")
    runner = threaded(generator)
    ask(runner, 1)
    with pytest.raises(ModelError, match="no weights"):
        runner.newest()


def test_a_generator_that_breaks_costs_no_picture_and_comes_back(threaded, time, monkeypatch):
    monkeypatch.setattr("installation.generators.runner.FIRST_WAIT", 0.0)
    generator = Gated(gated=False)
    runner = threaded(generator)
    ask(runner, 1)
    assert runner.newest().seq == 1
    generator.fault = RuntimeError("device lost")
    ask(runner, 2)
    until(lambda: runner.health.state == "holding")
    time.spend(3.0)
    assert runner.health.detail == "device lost"
    assert runner.health.age == pytest.approx(3.0)
    assert runner.newest().seq == 1
    generator.fault = None
    ask(runner, 3)
    until(lambda: runner.newest().seq == 3)
    assert runner.health.state == "ok"


def test_a_generator_that_takes_long_is_slow_not_broken(threaded, time):
    generator = Gated()
    runner = threaded(generator)
    ask(runner, 1)
    assert generator.begun.acquire(timeout=PATIENCE)
    generator.gate.release()
    assert runner.newest().seq == 1
    assert runner.health.state == "ok"
    ask(runner, 2)
    assert generator.begun.acquire(timeout=PATIENCE)
    time.spend(2.0)
    assert (runner.health.state, runner.health.age) == ("slow", 2.0)


def test_a_fall_back_is_a_health_that_somebody_sees(threaded, time):
    generator = Gated(gated=False)
    inline, runner = InlineRunner(generator), threaded(generator)
    assert (inline.health.state, runner.health.state) == ("ok", "ok")
    generator.detail = "torch runs until the TensorRT engine is built"
    for health in (inline.health, runner.health):
        assert (health.state, health.detail) == ("slow", generator.detail)
    generator.detail = ""
    assert (inline.health.state, runner.health.state) == ("ok", "ok")


def test_closing_ends_the_thread(time):
    runner = ThreadedRunner(Gated(gated=False), time.monotonic)
    runner.close()
    assert not runner._thread.is_alive()


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2, 4), np.float32), np.zeros((2, 2), np.uint8), None],
)
def test_what_is_no_picture_is_refused(pixels):
    with pytest.raises(ModelError, match="the generator gave"):
        checked(Image(pixels, 0.0, 1))


def test_a_picture_in_another_layout_is_made_contiguous():
    pixels = np.zeros((4, 2, 3, 1), np.uint8).transpose(2, 1, 0, 3)[..., 0]
    made = checked(Image(pixels, 1.0, 7))
    assert made.pixels.flags.c_contiguous
    assert (made.captured_at, made.seq) == (1.0, 7)
