"""The real loop and the real clocks, with fakes at its edges and time in the test's hand."""

from __future__ import annotations

import gc
import logging
import weakref

import pytest

from installation.clock import OfflineClock, TimerClock
from installation.engine import Performance, healths, perform
from installation.types import Health, Tick
from tests.fakes import FakeControls, FakeOutput, FakeRunner, FakeSense, FakeSignals, FakeStage, FakeTime


def performance(stage: FakeStage, runner: FakeRunner | None = None) -> Performance:
    return Performance(
        sense=FakeSense(lambda tick: FakeSignals(tick.now, hands__x=float(tick.frame))),
        controls=FakeControls({"generator.x": 0.0, "generator.y": 7.0}),
        mapping=lambda signals, base, tick: {**base, "generator.x": signals["hands.x"].value},
        runner=runner or FakeRunner(),
        stage=stage,
        outputs={"film": FakeOutput()},
    )


def test_a_value_travels_from_signal_to_output_in_one_frame() -> None:
    show = performance(FakeStage())
    perform(show, OfflineClock(fps=10, seconds=0.5))
    assert show.outputs["film"].seen == [(n, {"generator.x": float(n), "generator.y": 7.0}) for n in range(5)]
    assert show.runner.asked[3] == {"generator.x": 3.0, "generator.y": 7.0}


def test_the_stage_draws_every_frame_while_a_slow_generator_holds_its_picture() -> None:
    stage = FakeStage()
    perform(performance(stage, FakeRunner(every=3)), OfflineClock(fps=60, seconds=0.15))
    assert [image.seq for _, image in stage.shown] == [0, 0, 1, 1, 1, 2, 2, 2, 3]


def test_a_frame_that_takes_three_slots_drops_two_and_keeps_the_grid() -> None:
    time = FakeTime()

    def cost(tick: Tick) -> None:
        time.spend(0.030 if tick.frame == 2 else 0.004)

    stage = FakeStage(cost)
    clock = TimerClock(100, 0.1, monotonic=time.monotonic, sleep=time.sleep)
    perform(performance(stage), clock)
    assert [round(tick.now, 9) for tick, _ in stage.shown] == [0.0, 0.01, 0.02, 0.05, 0.06, 0.07, 0.08, 0.09]
    assert (clock.timings.late, clock.timings.dropped) == (1, 2)
    assert sum(tick.dt for tick, _ in stage.shown) == pytest.approx(0.09)


def test_latency_is_measured_from_the_input_and_only_where_time_is_real() -> None:
    time = FakeTime()
    clock = TimerClock(100, 0.05, monotonic=time.monotonic, sleep=time.sleep)
    perform(performance(FakeStage(lambda tick: time.spend(0.004))), clock)
    summary = clock.timings.latency.summary()
    assert summary is not None
    assert summary["p50"] == pytest.approx(4.0)

    offline = OfflineClock(100, 0.05)
    perform(performance(FakeStage()), offline)
    assert offline.timings.report()["input_to_frame_ms"] is None


def test_every_section_is_timed_once_a_frame() -> None:
    clock = OfflineClock(fps=10, seconds=0.7)
    perform(performance(FakeStage()), clock)
    counts = {name: series.count for name, series in clock.timings.sections.items()}
    assert counts == dict.fromkeys(["sense", "map", "generate", "present", "output"], 7)


def test_a_closed_window_ends_the_show_after_the_frame() -> None:
    stage = FakeStage(close_at=4)
    perform(performance(stage), OfflineClock(fps=10, seconds=100))
    assert len(stage.shown) == 4


def test_the_collector_is_quiet_during_frames_and_back_afterwards() -> None:
    seen: list[bool] = []
    perform(performance(FakeStage(lambda tick: seen.append(gc.isenabled()))), OfflineClock(fps=10, seconds=0.3))
    assert seen == [False, False, False]
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_what_gathers_during_a_long_show_is_collected_once_a_minute() -> None:
    class Knot:
        """Refers to itself: only the collector can free it."""

        def __init__(self) -> None:
            self.itself = self

    knots: list[weakref.ref[Knot]] = []
    alive: list[int] = []

    def tie(tick: Tick) -> None:
        knots.append(weakref.ref(Knot()))
        alive.append(sum(knot() is not None for knot in knots))

    perform(performance(FakeStage(tie)), OfflineClock(fps=1, seconds=150))
    assert alive[55] == 56  # left alone between
    assert max(alive) <= 62


def test_health_is_logged_once_a_change(caplog: pytest.LogCaptureFixture) -> None:
    show = performance(FakeStage())

    def fail_then_recover(tick: Tick) -> FakeSignals:
        show.sense.state = Health("failed", "no camera") if 20 <= tick.frame < 40 else Health("ok")
        return FakeSignals(tick.now, hands__x=0.0)

    show.sense = FakeSense(fail_then_recover)
    with caplog.at_level(logging.INFO, logger="installation.engine"):
        perform(show, OfflineClock(fps=10, seconds=6))
    assert [record.getMessage() for record in caplog.records] == ["camera: failed (no camera)", "camera: ok"]
    assert set(healths(show)) == {"camera", "generator", "film"}
