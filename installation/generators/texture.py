"""texture: a picture that lives (networks/texture.py). It grows from nothing, a hand wounds it, it heals.

    kind: texture
    model: night-wind
    size: 384x216                       one cell a pixel: the stage scales it
    speed: 60                           steps a second; more is more restless, and costs
    left: {x: 0.3, y: 0.5, radius: 0.2} two wounds, one a hand; radius 0, and there is none
    strength: 1                         of the wounds: 1 kills at once, less withers
    turn: 0.1                           the texture's own direction
    whirl: 0.5                          the same, more of it the farther from the middle

It is the one generator that remembers: the next picture is made of the last. The same seed, inputs and ticks make the
same pictures.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from installation.backends.choose import load_live
from installation.checkpoints import card as cards
from installation.errors import ModelError
from installation.generators import models
from installation.generators.base import Generator
from installation.models import recipes
from installation.params import Param
from installation.types import Image, Params, Program, Signals

if TYPE_CHECKING:
    from installation.types import Pixels, Vector

FAMILY = "texture"
HANDS = ("left", "right")
WARM_UP = 3  # runs until a backend has allocated all it will
BEYOND = 4.0  # no number of a state is larger: a texture turned where it never was may run away
STRENGTH_AT = 60  # pictures a second that ``strength`` is meant for


def _wound(hand: str) -> tuple[Param, ...]:
    return (
        Param(f"{hand}.x", "float", 0.5, 0.0, 1.0, unit="widths", help=f"the {hand} wound, from the left", live=True),
        Param(f"{hand}.y", "float", 0.5, 0.0, 1.0, unit="heights", help="where it is, from the bottom", live=True),
        Param(f"{hand}.radius", "float", 0.0, 0.0, 1.0, unit="heights", help="how wide; 0 no wound", live=True),
    )


class LivingTexture(Generator):
    """A texture, its wounds, its direction."""

    params: ClassVar[tuple[Param, ...]] = (
        models.MODEL,
        Param("size", "size", (384, 216), help="cells; the cost grows with the area"),
        Param("seed", "int", 0, 0, 2**31 - 1, help="of the chance that cells live by"),
        Param("age", "int", 256, 0, 4096, unit="steps", help="how long it has grown before the first picture"),
        Param("most", "int", 8, 1, 64, unit="steps", help="in one picture: where that is too few it lives slower"),
        models.BACKEND,
        models.PRECISION,
        Param("speed", "float", 60.0, 0.0, 960.0, unit="steps/s", help="how fast it lives; 0 stands still", live=True),
        *_wound("left"),
        *_wound("right"),
        Param("strength", "float", 1.0, 0.0, 1.0, help="of the wounds: 1 kills at once, less withers", live=True),
        Param("turn", "float", 0.0, -1.0, 1.0, unit="turns", help="direction of the texture, anticlockwise", live=True),
        Param("whirl", "float", 0.0, -2.0, 2.0, unit="turns", help="more direction towards the border", live=True),
    )

    def prepare(self) -> None:
        card = cards.of_family(cards.load(self.options["model"], self.place.library), (FAMILY,), FAMILY)
        part = recipes.family_of(card).picture
        width, height = self.options["size"]
        recipe = recipes.numeric(card, part, (width, height))
        self._program: Program = load_live(recipe, self.options["backend"], self.options["precision"])
        self._change = part.output
        self._chance = np.random.default_rng(self.options["seed"])
        self._state = np.zeros(recipe.inputs["state"].shape, np.float32)
        down, across = np.mgrid[0:height, 0:width].astype(np.float32) + np.float32(0.5)
        self._x, self._y = across / width, down / height
        self._wide = width / height
        self._far = np.hypot((self._x - 0.5) * self._wide, self._y - 0.5)
        self._turned: tuple[float, float] | None = None
        self._made, self._due, self._now = 0, 0.0, math.nan

    def warm_up(self) -> None:
        """It has lived when the first picture is asked for."""
        self._direct(0.0, 0.0)
        for _ in range(WARM_UP):
            self._program.run({"state": self._state, "turn": self._turn})
        for _ in range(self.options["age"]):
            self._step()

    def render(self, params: Params, signals: Signals) -> Image:
        dt = 0.0 if math.isnan(self._now) else max(0.0, signals.now - self._now)
        self._now = signals.now
        self._direct(params["generator.turn"], params["generator.whirl"])
        for hand in HANDS:
            x, y, radius = (params[f"generator.{hand}.{name}"] for name in ("x", "y", "radius"))
            self._hurt(x, y, radius, params["generator.strength"], dt)
        self._due = min(self._due + params["generator.speed"] * dt, float(self.options["most"]))
        while self._due >= 1:
            self._due -= 1
            self._step()
        if not math.isfinite(float(self._state.sum())):
            raise ModelError(f"the texture '{self.options['model']}' has gone astray", "train it for longer")
        self._made += 1
        return Image(_picture(self._state), self.captured_at(signals), self._made)

    @property
    def detail(self) -> str:
        return self._program.detail

    def close(self) -> None:
        self._program.close()

    def _step(self) -> None:
        """Half of the cells move, by chance: as in training, there is no clock that all of them hear."""
        change = self._program.run({"state": self._state, "turn": self._turn})[self._change]
        height, width = self._state.shape[2:]
        bits = np.frombuffer(self._chance.bytes((height * width + 7) // 8), np.uint8)
        fire = np.unpackbits(bits, count=height * width).reshape(height, width)
        np.add(self._state, change * fire, out=self._state)
        np.clip(self._state, -BEYOND, BEYOND, out=self._state)

    def _hurt(self, x: float, y: float, radius: float, strength: float, dt: float) -> None:
        if radius <= 0 or strength <= 0:
            return
        inside = np.hypot((self._x - x) * self._wide, self._y - (1 - y)) < radius
        left = (1 - strength) ** max(1e-3, dt * STRENGTH_AT)
        self._state *= np.where(inside, np.float32(left), np.float32(1))

    def _direct(self, turn: float, whirl: float) -> None:
        if self._turned == (turn, whirl):
            return
        self._turned = (turn, whirl)
        angle = 2 * np.pi * (turn + whirl * self._far)
        self._turn: Vector = np.stack([np.cos(angle), np.sin(angle)])[None].astype(np.float32)


def _picture(state: Vector) -> Pixels:
    """(1, C, H, W) -> (H, W, 4)."""
    levels = np.clip(state[0, :3] * 255 + 128, 0, 255).astype(np.uint8)
    made: Pixels = np.full((*state.shape[2:], 4), 255, np.uint8)
    made[..., :3] = levels.transpose(1, 2, 0)
    return made
