"""image: a camera's picture in, a painted picture out. The frame is prepared as the model's card says.

    kind: image
    model: multistyle
    image: webcam.frame
    style: {ink: 0.7, mosaic: 0.3}      one live weight a style; only the ratios count
    strength: 1                         0 shows the camera
    alpha: 1                            AdaIN only: how far towards the style, inside the network
    look: batch                         pix2pix, CycleGAN: each picture's own statistics, as the official test has it
    settle: 0.2                         seconds a change in the camera's picture takes: its noise is not painted
    drawn: true                         networks of drawings: the picture is one already, on paper under the camera
    matching: 0.7                       networks of ``train image``: the camera's light brought near the training's

Before the first frame it paints a still, soft ground: there is always a picture. A frozen camera's last frame stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.checkpoints import card as cards
from installation.checkpoints.card import Classes
from installation.errors import InstallationError, ModelError
from installation.generators import models
from installation.generators.base import Generator
from installation.generators.picture_styles import statistics, style_classes
from installation.generators.settled import Settled
from installation.library import Library
from installation.models.families import image_channels
from installation.models.framing import fitted, fitted_grey, fitted_labels, ground
from installation.models.levels import Levels
from installation.models.lines import drawing, lines
from installation.params import REQUIRED, Param
from installation.types import Image, Params, Program, Signals

if TYPE_CHECKING:
    from installation.types import Pixels, Vector

LOOKED = ("pix2pix", "cyclegan", "pix2pixhd")  # families whose normalisation may use the picture's own statistics
LINES = "lines"  # a card's word for a network that saw drawings
MOST = 255
MATCHING = 0.7  # all the way, a picture of one thing alone would be given the light of all things
WARM_UP = 3  # runs until a backend has allocated all it will


class ImageToImage(Generator):
    """A picture-input model."""

    params: ClassVar[tuple[Param, ...]] = (
        models.MODEL,
        Param("image", "signal", REQUIRED, unit="image", help="the picture it paints from, such as webcam.frame"),
        Param("size", "size", (512, 288), help="size it works at; the cost grows with the area"),
        Param(
            "look", "choice", "card", choices=("card", "eval", "batch"), help="pix2pix: stored statistics or its own"
        ),
        Param("drawn", "bool", False, help="networks of drawings: the picture is a drawing already"),
        models.BACKEND,
        models.PRECISION,
        Param("strength", "float", 1.0, 0.0, 1.0, help="0 the camera's own picture, 1 the painted one", live=True),
        Param("settle", "float", 0.0, 0.0, 5.0, unit="s", help="how long a change of the picture takes", live=True),
    )

    @classmethod
    def declare(cls, options: Mapping[str, Any], library: Library) -> tuple[Param, ...]:
        card = _card(options, library)
        multiple = int(card.preprocessing.get("multiple", 1))
        width, height = options["size"]
        if width % multiple or height % multiple:
            near = "x".join(str(max(1, round(side / multiple)) * multiple) for side in (width, height))
            raise InstallationError(
                f"'{card.name}' needs sides that are multiples of {multiple}, not {width}x{height}", f"write {near}"
            )
        alpha = Param("alpha", "float", 1.0, 0.0, 1.0, help="0 the picture's own features, 1 the style's", live=True)
        matching = Param("matching", "float", MATCHING, 0.0, 1.0, help="1: greys as in training, 0: as is", live=True)
        return (
            *models.class_params(_classes(card)),
            *((alpha,) if card.family == "adain" else ()),
            *((matching,) if _greys(card) else ()),
        )

    def prepare(self) -> None:
        self._card = card = _card(self.options, self.place.library)
        self._size: tuple[int, int] = self.options["size"]
        self._classes = _classes(card)
        backend, precision = self.options["backend"], self.options["precision"]
        look = self.options["look"]
        changes = {"look": look} if card.family in LOOKED and look != "card" else {}
        self._program: Program = models.program(card, backend, precision, self._size, **changes)
        self._statistics = statistics(card, backend) if card.family == "adain" else None
        self._fit = _fit(card, self.options["drawn"])
        self._ground = self._fit(ground(self._size), self._size)
        self._levels = Levels(_greys(card)) if _greys(card) else None
        self._settled = Settled()
        self._made, self._now = 0, 0.0

    def warm_up(self) -> None:
        first = np.eye(1, len(self._classes.names) if self._classes else 0, dtype=np.float32)
        for _ in range(WARM_UP):
            self._run(self._ground, first, 1.0, 1.0)

    def render(self, params: Params, signals: Signals) -> Image:
        sample = signals[self.options["image"]]
        frame = self._fit(sample.value, self._size) if sample.seq else self._ground
        dt, self._now = signals.now - self._now, signals.now
        if self._levels is not None:
            frame = self._levels.matched(frame, params["generator.matching"], dt)
        frame = self._settled.after(frame, params.get("generator.settle", 0.0), dt)
        weights = models.mixture(self._classes, params) if self._classes else np.zeros((1, 0), np.float32)
        pixels = self._run(frame, weights, params["generator.strength"], params.get("generator.alpha", 1.0))
        self._made += 1
        return Image(pixels, sample.at if sample.seq else signals.now, self._made)

    @property
    def detail(self) -> str:
        return self._program.detail

    def close(self) -> None:
        self._program.close()

    def _run(self, frame: Pixels, weights: Vector, strength: float, alpha: float) -> Pixels:
        numbers: dict[str, Any] = {"strength": np.array([strength], np.float32)}
        if self._statistics is not None:
            numbers |= {"statistics": weights @ self._statistics, "alpha": np.array([alpha], np.float32)}
        elif self._classes:
            numbers["styles"] = weights
        models.finite(numbers)
        # A copy: the program writes over its output while the stage may still hold this picture.
        made: Pixels = self._program.run({"image": frame[None], **numbers})[models.OUTPUT][0].copy()
        return made


def _fit(card: cards.Card, drawn: bool) -> Callable[[Any, tuple[int, int]], Pixels]:
    """What makes a camera's frame the network's: a picture, a grey one, a drawing, or a map of labels."""
    if card.network.get("label_classes"):
        return fitted_labels
    if card.preprocessing.get("colour") == LINES:
        draw = drawing if drawn else lines
        return lambda frame, size: draw(fitted(frame, size))
    return fitted if image_channels(card) == 3 else fitted_grey


def _greys(card: cards.Card) -> list[int]:
    """Quantiles of what the network saw in training; none where the card does not say. Raises ModelError."""
    words = str(card.preprocessing.get("greys", "")).split()
    if not all(word.isdecimal() and int(word) <= MOST for word in words) or len(words) == 1:
        raise ModelError(f"the card of '{card.name}' has greys that are no levels", "write some numbers 0..255, rising")
    return [int(word) for word in words]


def _classes(card: cards.Card) -> Classes | None:
    return style_classes(card) if card.family == "adain" else card.classes


def _card(options: Mapping[str, Any], library: Library) -> cards.Card:
    return models.playable(options["model"], library, "image", "image")
