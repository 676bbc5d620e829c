"""Controls in fake time: hands on faders, cues that fade, and the rule for when nobody is there."""

import math

import pytest

from installation.errors import InstallationError
from installation.params import Param, ParamError, ParamTree
from installation.show.cues import Controls
from installation.show.show import Cue, Idle
from installation.signals.bus import Bus
from installation.types import Channel, Tick

PARAMS = ParamTree(
    [
        Param("speed", "float", 0.0, 0.0, 1.0),
        Param("count", "int", 0, 0, 10),
        Param("hold", "seconds", 1.0, 0.0, 9.0),
        Param("ink", "color", (0.0, 0.0, 0.0, 1.0)),
        Param("at", "point", (0.0, 0.0), -1.0, 1.0),
        Param("weights", "numbers", (1.0, 2.0)),
        Param("on", "bool", False),
        Param("wave", "choice", "sine", choices=("sine", "saw")),
    ]
)
CUES = {
    "bright": Cue("bright", 2.0, {"speed": 1.0, "ink": (1.0, 0.5, 0.0, 1.0), "at": (1.0, -1.0), "count": 10}),
    "odd": Cue("odd", 2.0, {"on": True, "wave": "saw", "weights": (5.0,), "hold": 3.0}),
    "cut": Cue("cut", 0.0, {"speed": 0.5}),
    "attract": Cue("attract", 4.0, {"speed": 0.8}),
}


class House:
    """Controls, and a room somebody may be in, at a frame rate of one's choosing."""

    def __init__(self, idle: Idle | None = None, fps: float = 50.0) -> None:
        self.controls = Controls(PARAMS, CUES, idle)
        self.fps, self.frame = fps, 0
        self.presence: float | None = None  # None: the sensor sends nothing
        self.bus = Bus()
        self.bus.declare("hands", Channel("presence", stale_after=0.5))

    def wait(self, seconds: float) -> "House":
        for _ in range(round(seconds * self.fps)):
            now = self.frame / self.fps
            if self.presence is not None:
                self.bus.post("hands", {"presence": self.presence}, now)
            self.controls.step(Tick(self.frame, now, 1 / self.fps if self.frame else 0.0), self.bus.sample(now))
            self.frame += 1
        return self

    def __getitem__(self, address: str):
        return self.controls.base[address]


@pytest.fixture
def house():
    return House().wait(0.02)


def test_the_base_begins_at_the_shows_values(house):
    assert dict(house.controls.base) == PARAMS.defaults()


def test_set_by_hand_is_brought_into_range(house):
    house.controls.set("speed", 7)
    house.controls.set("count", 3.7)
    assert (house["speed"], house["count"]) == (1.0, 4)
    house.controls.set("speed", math.nan)
    assert house["speed"] == 0.0


def test_set_refuses_what_is_no_value_or_no_parameter(house):
    with pytest.raises(ParamError, match="speed cannot be 'fast'"):
        house.controls.set("speed", "fast")
    with pytest.raises(ParamError, match="at cannot be 3"):
        house.controls.set("at", 3)
    with pytest.raises(InstallationError, match="there is no live parameter 'sped'") as caught:
        house.controls.set("sped", 1)
    assert caught.value.hint == "did you mean 'speed'?"
    assert dict(house.controls.base) == PARAMS.defaults()


def test_an_unknown_cue_is_refused(house):
    with pytest.raises(InstallationError, match="there is no cue 'brigth'") as caught:
        house.controls.go("brigth")
    assert caught.value.hint == "did you mean 'bright'?"


def test_a_fade_eases_every_kind_of_number(house):
    house.controls.go("bright")
    assert house.controls.cue == "bright"
    assert house["speed"] == 0.0
    house.wait(0.5)  # a quarter: smoothstep(1/4) = 3/16 - 2/64 = 0.15625
    assert house["speed"] == pytest.approx(0.15625)
    assert house["ink"] == pytest.approx((0.15625, 0.078125, 0.0, 1.0))
    assert house["at"] == pytest.approx((0.15625, -0.15625))
    assert house["count"] == 2
    house.wait(0.5)
    assert house["speed"] == pytest.approx(0.5)
    house.wait(1.0)
    assert (house["speed"], house["ink"], house["count"]) == (1.0, (1.0, 0.5, 0.0, 1.0), 10)
    house.wait(1.0)
    assert house["speed"] == 1.0


def test_what_has_no_between_changes_at_the_end(house):
    house.controls.go("odd")
    house.wait(1.9)
    assert (house["on"], house["wave"], house["weights"]) == (False, "sine", (1.0, 2.0))
    assert 1.0 < house["hold"] < 3.0
    house.wait(0.1)
    assert (house["on"], house["wave"], house["weights"], house["hold"]) == (True, "saw", (5.0,), 3.0)


def test_a_cue_without_a_fade_is_a_cut(house):
    house.controls.go("cut")
    assert house["speed"] == 0.5


@pytest.mark.parametrize("fps", [24, 30, 240])
def test_a_fade_takes_the_same_time_at_any_rate(fps):
    house = House(fps=fps).wait(1 / fps)
    house.controls.go("bright")
    house.wait(1.0)
    assert house["speed"] == pytest.approx(0.5, abs=1e-9)
    house.wait(1.0 + 1 / fps)
    assert house["speed"] == 1.0


def test_a_slow_frame_ends_a_fade_where_it_ends(house):
    house.controls.go("bright")
    house.controls.step(Tick(1, 99.0, 50.0), house.bus.sample(99.0))
    assert house["speed"] == 1.0


def test_a_hand_on_a_fader_wins_over_a_fade(house):
    house.controls.go("bright")
    house.wait(1.0)
    house.controls.set("speed", 0.25)
    house.wait(2.0)
    assert house["speed"] == 0.25
    assert house["count"] == 10  # the rest of the cue went on


def test_a_cue_takes_over_from_where_another_is(house):
    house.controls.go("bright")
    house.wait(1.0)
    house.controls.go("attract")
    assert house["speed"] == pytest.approx(0.5)
    house.wait(2.0)
    assert house["speed"] == pytest.approx(0.65)
    assert house["count"] == 10


IDLE = Idle("hands.presence", 20.0, "attract")


def test_nobody_from_the_beginning_is_idle_after_the_wait():
    house = House(IDLE)
    house.wait(19.9)
    assert not house.controls.idling
    house.wait(0.2)
    assert house.controls.idling
    assert house.controls.cue == "attract"
    house.wait(4.1)
    assert house["speed"] == 0.8


@pytest.mark.parametrize("absence", [0.0, 0.1, None])
def test_rest_and_silence_are_both_nobody(absence):
    house = House(IDLE)
    house.presence = 1.0
    house.wait(30.0)
    assert not house.controls.idling
    house.presence = absence
    house.wait(19.0)
    assert not house.controls.idling
    house.wait(2.0)  # silence counts from when the last sample went stale, half a second later
    assert house.controls.idling


def test_somebody_passing_starts_the_wait_again():
    house = House(IDLE)
    house.wait(15.0)
    house.presence = 0.11
    house.wait(0.02)
    house.presence = 0.0
    house.wait(19.5)
    assert not house.controls.idling


def test_when_somebody_comes_everything_goes_back_over_the_same_fade():
    house = House(IDLE)
    house.controls.set("speed", 0.3)
    house.wait(30.0)
    assert house["speed"] == 0.8
    house.presence = 1.0
    house.wait(2.0)
    assert not house.controls.idling
    assert house["speed"] == pytest.approx(0.55)
    house.wait(2.1)
    assert house["speed"] == 0.3


def test_what_a_hand_set_while_idle_stays_set():
    house = House(IDLE).wait(30.0)
    house.controls.set("speed", 0.45)
    house.presence = 1.0
    house.wait(10.0)
    assert house["speed"] == 0.45


def test_coming_back_in_the_middle_of_the_way_there_turns_round():
    house = House(IDLE).wait(22.0)
    midway = house["speed"]
    assert 0.3 < midway < 0.5
    house.presence = 1.0
    house.wait(0.02)
    assert house["speed"] == pytest.approx(midway, abs=0.01)
    house.wait(4.1)
    assert house["speed"] == 0.0


def test_idle_in_the_middle_of_a_fade_comes_back_to_where_the_fade_was_going():
    house = House(IDLE).wait(19.5)
    house.controls.go("bright")
    house.wait(10.0)
    house.presence = 1.0
    house.wait(5.0)
    assert house["speed"] == 1.0


def test_idle_comes_again():
    house = House(IDLE).wait(30.0)
    house.presence = 1.0
    house.wait(5.0)
    house.presence = None
    house.wait(30.0)
    assert house.controls.idling
    assert house["speed"] == 0.8
