from __future__ import annotations

import itertools
import math

import pytest

from installation.clock import DisplayClock, OfflineClock, SteadyClock, TimerClock
from installation.types import Tick
from tests.fakes import FakeTime


def timer(time: FakeTime, fps: float = 60.0, seconds: float | None = None) -> TimerClock:
    return TimerClock(fps, seconds, monotonic=time.monotonic, sleep=time.sleep)


def test_offline_ticks_are_the_exact_grid_and_never_sleep() -> None:
    clock = OfflineClock(30, 2)
    ticks = list(clock)
    assert [tick.frame for tick in ticks] == list(range(60))
    assert [tick.now for tick in ticks] == [frame / 30 for frame in range(60)]
    assert ticks[0].dt == 0
    assert all(tick.dt == 1 / 30 for tick in ticks[1:])


def test_offline_now_is_the_ticks_own_time() -> None:
    clock = OfflineClock(10, 1)
    assert all(clock.now() == tick.now for tick in clock)


@pytest.mark.parametrize("kind", [OfflineClock, SteadyClock, TimerClock, DisplayClock])
def test_stop_ends_after_the_frame_that_is_being_made(kind: type[OfflineClock | TimerClock]) -> None:
    clock = kind(1000)
    frames = 0
    for _ in clock:
        frames += 1
        if frames == 3:
            clock.stop()
    assert frames == 3


def test_steady_shows_the_offline_ticks_at_real_time() -> None:
    time = FakeTime()
    steady = SteadyClock(50, 1, monotonic=time.monotonic, sleep=time.sleep)
    assert list(steady) == list(OfflineClock(50, 1))
    assert time.t - 1000 == pytest.approx(1.0)


def test_steady_skips_nothing_and_hurries_nothing_after_a_slow_frame() -> None:
    time = FakeTime()
    steady = SteadyClock(10, 1, monotonic=time.monotonic, sleep=time.sleep)
    for tick in steady:
        time.spend(0.55 if tick.frame == 2 else 0.01)
    assert steady.timings.late == 1
    assert steady.timings.intervals.count == 10
    assert time.t - 1000 == pytest.approx(9 * 0.1 + 0.55)


def test_timer_does_not_drift_over_ten_thousand_frames() -> None:
    time = FakeTime()
    clock = timer(time)
    for tick in clock:
        # A wake-up that is late by a varying hair, and work of a varying length, are no reason to shift the grid.
        time.spend(0.004 + 0.0007 * math.sin(tick.frame))
        assert tick.now == pytest.approx(tick.frame / 60, abs=1e-9)
        if tick.frame == 10_000:
            break
    assert clock.timings.late == clock.timings.dropped == 0


def test_timer_gives_the_slots_time_not_the_wake_up() -> None:
    time = FakeTime()

    def oversleep(seconds: float) -> None:
        time.sleep(seconds + 0.003)

    clock = TimerClock(100, 1, monotonic=time.monotonic, sleep=oversleep)
    assert [tick.now for tick in clock] == pytest.approx([n / 100 for n in range(100)])


def test_timer_drops_what_was_missed_and_never_catches_up() -> None:
    time = FakeTime()
    clock = timer(time, fps=10)
    slots: list[float] = []
    for tick in itertools.islice(clock, 8):
        slots.append(round(tick.now * 10, 6))
        time.spend(0.35 if tick.frame == 2 else 0.01)  # ends in the middle of the third slot after its own
    assert slots == [0, 1, 2, 5, 6, 7, 8, 9]
    assert (clock.timings.late, clock.timings.dropped) == (1, 2)


def test_timer_dt_covers_the_slots_that_were_dropped() -> None:
    time = FakeTime()
    clock = timer(time, fps=10)
    ticks: list[Tick] = []
    for tick in itertools.islice(clock, 6):
        ticks.append(tick)
        time.spend(0.25 if tick.frame == 1 else 0.0)
    assert [tick.dt for tick in ticks] == pytest.approx([0, 0.1, 0.2, 0.1, 0.1, 0.1])
    assert sum(tick.dt for tick in ticks) == pytest.approx(ticks[-1].now)


def test_a_frame_that_ends_on_the_edge_is_not_a_dropped_one() -> None:
    time = FakeTime()
    clock = timer(time, fps=10)
    for _ in itertools.islice(clock, 20):
        time.spend(0.1)
    assert clock.timings.dropped == 0


def test_timer_ends_after_its_seconds_however_slow_the_frames() -> None:
    time = FakeTime()
    clock = timer(time, fps=10, seconds=2)
    frames = 0
    for _ in clock:
        frames += 1
        time.spend(0.17)
    assert frames == 12  # each takes the slot that is under way when the last one ends
    assert time.t - 1000 == pytest.approx(2.0, abs=0.2)


def test_display_follows_the_true_rate_of_the_screen() -> None:
    time = FakeTime()
    clock = DisplayClock(60, monotonic=time.monotonic, sleep=time.sleep)
    at = []
    for tick in itertools.islice(clock, 601):
        at.append(tick.now)
        time.spend(1 / 59.94)  # the swap that waits for the screen
    assert at[-1] - at[0] == pytest.approx(600 / 59.94)
    assert clock.timings.dropped == 0
    assert time.slept == []


@pytest.mark.parametrize("rate", [50.0, 59.94, 75.0, 100.0])
def test_display_learns_the_rate_of_the_screen_and_time_runs_as_it_does_outside(rate: float) -> None:
    time = FakeTime()
    clock = DisplayClock(60, monotonic=time.monotonic, sleep=time.sleep)
    ticks = []
    for tick in itertools.islice(clock, 300):
        ticks.append(tick)
        time.spend(1 / rate)
    assert [tick.dt for tick in ticks[40:]] == pytest.approx([1 / rate] * 260)
    assert sum(tick.dt for tick in ticks[41:]) == pytest.approx(ticks[-1].now - ticks[40].now)


def test_display_hides_the_jitter_of_the_swap_from_the_motion() -> None:
    time = FakeTime()
    clock = DisplayClock(60, monotonic=time.monotonic, sleep=time.sleep)
    steps = []
    for tick in itertools.islice(clock, 50):
        steps.append(tick.dt)
        time.spend((0.8 + 0.4 * (tick.frame % 2)) / 60)
    assert steps == pytest.approx([0.0] + [1 / 60] * 49)


def test_display_counts_the_screens_it_missed() -> None:
    time = FakeTime()
    clock = DisplayClock(60, monotonic=time.monotonic, sleep=time.sleep)
    steps = []
    for tick in itertools.islice(clock, 5):
        steps.append(tick.dt)
        time.spend(3.02 / 60 if tick.frame == 2 else 1 / 60)
    assert steps == pytest.approx([0, 1 / 60, 1 / 60, 3 / 60, 1 / 60])
    assert (clock.timings.late, clock.timings.dropped) == (1, 2)


def test_display_waits_itself_where_the_swap_does_not() -> None:
    time = FakeTime()
    clock = DisplayClock(60, seconds=1, monotonic=time.monotonic, sleep=time.sleep)
    frames = 0
    for _ in clock:
        frames += 1
        time.spend(0.001)
    assert frames == pytest.approx(60, abs=1)
    assert sum(time.slept) == pytest.approx(1 - frames * 0.001, abs=0.02)
