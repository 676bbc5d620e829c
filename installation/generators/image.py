"""image: a camera's picture in, a painted picture out. The frame is prepared as the model's card says.

    kind: image
    model: multistyle
    image: webcam.frame
    style: {ink: 0.7, mosaic: 0.3}      one live weight a style; only the ratios count
    strength: 1                         0 shows the camera

Before the first frame it paints a still, soft ground: there is always a picture. A frozen camera's last frame stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.checkpoints import card as cards
from installation.errors import InstallationError, ModelError
from installation.generators import models
from installation.generators.base import Generator
from installation.library import Library
from installation.params import REQUIRED, Param
from installation.types import Image, Params, Program, Signals

if TYPE_CHECKING:
    from installation.types import Pixels

FAMILIES = ("multistyle",)
WARM_UP = 3  # runs until a backend has allocated all it will


class ImageToImage(Generator):
    """A picture-input model."""

    params: ClassVar[tuple[Param, ...]] = (
        models.MODEL,
        Param("image", "signal", REQUIRED, unit="image", help="the picture it paints from, such as webcam.frame"),
        Param("size", "size", (512, 288), help="size it works at; the cost grows with the area"),
        models.BACKEND,
        models.PRECISION,
        Param("strength", "float", 1.0, 0.0, 1.0, help="0 the camera's own picture, 1 the painted one", live=True),
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
        return models.class_params(card.classes)

    def prepare(self) -> None:
        self._card = _card(self.options, self.place.library)
        self._size: tuple[int, int] = self.options["size"]
        self._program: Program = models.program(
            self._card, self._size, self.options["backend"], self.options["precision"]
        )
        self._ground = ground(self._size)
        self._made = 0

    def warm_up(self) -> None:
        for _ in range(WARM_UP):
            self._run(self._ground, np.eye(1, self._styles(), dtype=np.float32), 1.0)

    def render(self, params: Params, signals: Signals) -> Image:
        sample = signals[self.options["image"]]
        frame = fitted(sample.value, self._size) if sample.seq else self._ground
        classes = self._card.classes
        weights = models.mixture(classes, params) if classes else np.zeros((1, 0), np.float32)
        pixels = self._run(frame, weights, params["generator.strength"])
        self._made += 1
        return Image(pixels, sample.at if sample.seq else signals.now, self._made)

    def close(self) -> None:
        self._program.close()

    def _run(self, frame: Pixels, weights: Any, strength: float) -> Pixels:
        numbers = {"styles": weights, "strength": np.array([strength], np.float32)}
        models.finite(numbers)
        # A copy: the program writes over its output while the stage may still hold this picture.
        made: Pixels = self._program.run({"image": frame[None], **numbers})[models.OUTPUT][0].copy()
        return made

    def _styles(self) -> int:
        return len(self._card.classes.names) if self._card.classes else 0


def fitted(frame: Any, size: tuple[int, int]) -> Pixels:
    """A frame cropped around its middle to the shape of ``size`` and scaled to it. Raises ModelError."""
    import cv2

    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3:
        raise ModelError(f"the frame is {getattr(frame, 'shape', type(frame).__name__)}, not (h, w, 3) uint8")
    width, height = size
    tall, wide = frame.shape[:2]
    keep_w, keep_h = min(wide, round(tall * width / height)), min(tall, round(wide * height / width))
    x, y = (wide - keep_w) // 2, (tall - keep_h) // 2
    cropped = frame[y : y + keep_h, x : x + keep_w]
    # Area averaging is the way down that does not flicker; it has nothing to average on the way up.
    how = cv2.INTER_AREA if keep_w >= width else cv2.INTER_LINEAR
    made: Pixels = cv2.resize(np.ascontiguousarray(cropped), (width, height), interpolation=how)
    return made


def ground(size: tuple[int, int]) -> Pixels:
    """What it paints from before the first frame: a soft grey light with enough structure to catch a style."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width - 0.5, y / height - 0.5
    light = 0.62 - 0.9 * (x * x + y * y) + 0.05 * np.sin(9 * x + 4 * np.sin(5 * y))
    grey = np.clip(light * 255, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2))


def _card(options: Mapping[str, Any], library: Library) -> cards.Card:
    return cards.of_family(cards.load(options["model"], library), FAMILIES, "image")
