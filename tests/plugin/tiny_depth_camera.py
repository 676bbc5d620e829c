"""A package outside the house: what it takes to bring a depth camera, an op, a generator and an output."""

from pathlib import Path

import numpy as np

from installation.generators.base import Generator
from installation.outputs.base import Output
from installation.params import REQUIRED, Param
from installation.sources.base import Batch, SteppedSource
from installation.types import Channel, Image


class Depth(SteppedSource):
    """A visitor who walks up to the wall within two seconds."""

    params = (Param("far", "float", 4.0, 1.0, 10.0, unit="m", help="where the visitor starts"),)

    @classmethod
    def channels(cls, options, library):
        return (Channel("distance", low=0.0, high=options["far"], unit="m", help="to the nearest visitor"),)

    def open(self):
        self._began = None

    def poll(self):
        now = self.place.now()
        self._began = now if self._began is None else self._began
        return Batch({"distance": max(0.0, self.options["far"] * (1 - (now - self._began) / 2))}, now)


class Halve:
    params = ()

    def __call__(self, value, dt):
        return None if value is None else value / 2

    def reset(self):
        pass


class Flat(Generator):
    """One grey, as bright as it is told."""

    params = (Param("grey", "float", 0.0, 0.0, 4.0, help="0 black, 4 white", live=True),)

    def render(self, params, signals):
        pixels = np.full((8, 8, 4), 255, np.uint8)
        pixels[..., :3] = round(params["generator.grey"] * 63.75)
        return Image(pixels, signals.now, 1 + round(signals.now * 1000))


class Levels(Output):
    """Writes the brightness of every presented frame, one a line."""

    params = (Param("to", "path", REQUIRED, help="text file"),)

    def __init__(self, options, place):
        super().__init__(options, place)
        self._levels = []

    def see(self, tick, signals, params, stage):
        self._levels.append(float(stage.read()[..., :3].mean()))

    def close(self):
        Path(self.options["to"]).write_text("\n".join(f"{level:.2f}" for level in self._levels))
