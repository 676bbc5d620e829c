"""The contracts between the rooms. This file imports nothing of ours; everything else fulfils it.

A frame flows one way: sources -> signals -> mapping -> generator -> stage -> outputs.
Times are seconds of the running clock (``time.monotonic`` live, show time offline).
Pictures are C-contiguous uint8 arrays, top row first: camera frames (h, w, 3) RGB, made images (h, w, 4) RGBA.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Vector = NDArray[np.float32]

ChannelKind = Literal["number", "vector", "image", "event"]
HealthState = Literal["ok", "slow", "holding", "failed"]


@dataclass(frozen=True, slots=True)
class Tick:
    """One turn of the loop: frame number from 0, the time it stands for, seconds since the last one."""

    frame: int
    now: float
    dt: float


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a show asks for it: its name there, its kind in a table, its checked fixed options."""

    name: str
    kind: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Channel:
    """What a source promises to send, declared without hardware.

    ``name`` is relative to the source (``left.palm.x``); the bus puts the source's name before it. A name that
    ends in ``*`` stands for every name with that prefix (an OSC port cannot know its addresses beforehand).
    After ``stale_after`` seconds without a new sample the channel is stale: a state, not an error.
    """

    name: str
    kind: ChannelKind = "number"
    low: float = 0.0
    high: float = 1.0
    size: int = 1  # components of a vector
    unit: str = ""
    help: str = ""
    stale_after: float = 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a channel. ``seq`` counts samples from 1; 0 means none has come yet (value None)."""

    value: Any
    at: float
    seq: int
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """How a part fares. ``age`` is seconds since its last good sample, None before the first."""

    state: HealthState
    detail: str = ""
    age: float | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A finished picture: (h, w, 4) RGBA, the capture time of what it was made from, and a running number."""

    pixels: Pixels
    captured_at: float
    seq: int


class Signals(Protocol):
    """A read-only snapshot of every channel, taken once a tick."""

    now: float

    def __getitem__(self, address: str) -> Sample: ...  # never raises: an address unheard of is stale

    def __iter__(self) -> Iterator[str]: ...  # addresses that have had a sample

    def fired(self, address: str) -> bool: ...  # a new sample came since the last snapshot


Params = Mapping[str, Any]  # address -> value, checked and in range, complete every frame


class Op(Protocol):
    """One step of a mapping expression. None in means 'nothing to say' and passes through all but ``else``."""

    def __call__(self, value: Any, dt: float) -> Any: ...

    def reset(self) -> None: ...


class Program(Protocol):
    """A network made ready on one device. Arrays in and out by name; the outputs are valid until the next run."""

    @property
    def backend(self) -> str: ...

    @property
    def precision(self) -> str: ...

    @property
    def detail(self) -> str: ...  # what a person should know of it, such as what it waits for; empty when all is well

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]: ...

    def close(self) -> None: ...


class Generator(Protocol):
    """Makes pictures. ``prepare`` loads; ``warm_up`` renders until speed is steady; ``render`` is the one verb."""

    def prepare(self) -> None: ...

    def warm_up(self) -> None: ...

    def render(self, params: Params, signals: Signals) -> Image: ...

    @property
    def detail(self) -> str: ...  # of its health: what is out of the ordinary, else empty

    def close(self) -> None: ...


class Runner(Protocol):
    """Stands between loop and generator: inline renders at once, threaded keeps one request in flight."""

    @property
    def health(self) -> Health: ...

    def ask(self, params: Params, signals: Signals) -> None: ...

    def newest(self) -> Image: ...

    def close(self) -> None: ...


class Stage(Protocol):
    """Draws the picture. ``present`` uploads, runs the passes and swaps; ``read`` copies back what was drawn."""

    size: tuple[int, int]

    def present(self, image: Image, params: Params, signals: Signals, tick: Tick) -> None: ...

    def read(self) -> Pixels: ...  # (h, w, 4) RGBA, top row first

    def read_yuv420(self) -> Sequence[Pixels]: ...  # planes Y (h, w), U and V (h/2, w/2), BT.709 limited range

    def closing(self) -> bool: ...  # the window was asked to close

    def close(self) -> None: ...


class Output(Protocol):
    """Sees every presented frame. Bounded: it may drop and count, it must never hold the frame."""

    @property
    def health(self) -> Health: ...

    def see(self, tick: Tick, signals: Signals, params: Params, stage: Stage) -> None: ...

    def close(self) -> None: ...

    def summary(self) -> Mapping[str, Any]: ...


Now = Callable[[], float]
