"""A picture as a draughtsman would have it, dark lines on white paper: what a network of drawings is taught with, and
what a camera gives it at a show.

Differences of Gaussians with a soft threshold, after XDoG (Winnemöller, Kyprianidis, Olsen 2012,
10.1016/j.cag.2012.03.004). A line lies on the darker side of an edge; in shadow an edge counts as much as in light.
Colours count too, and a second, coarser scale finds what is soft. Widths are shares of the picture's side: at any size
it is the same drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from installation.types import Pixels

FINE = 1 / 256  # of the shorter side: a line's deviation
SCALES = {1.0: 1.0, 2.5: 0.6}  # and how much an edge counts there
WIDER = 1.6  # the second Gaussian of a difference
SMOOTH = 2  # times: what is no edge is smoothed away, edges stay (Tomasi, Manduchi 1998)
ALIKE = 30.0  # levels that are smoothed together
IN_SHADOW = 0.3  # the light that shadows are given before they are compared
COLOUR = 0.75  # of an edge between two colours of one tone
FAINTEST = 0.012  # an edge that leaves no line yet
HARD = 60.0
PAPER = 1 / 6  # of the shorter side: over so much a lamp's light is even
INK, BLANK = 0.5, 0.9  # shares of the paper's light: from here it is ink, paper


def lines(picture: Pixels, width: float = 1.0, faintest: float = FAINTEST) -> Pixels:
    """RGB (H, W, 3) to (H, W, 1): 0 ink, 255 paper. ``width`` of the pen, 1 the usual one."""
    import cv2

    unit = min(picture.shape[:2]) * FINE * width
    smooth = picture
    for _ in range(SMOOTH):
        smooth = cv2.bilateralFilter(smooth, 5, ALIKE, 2 * unit + 1)
    lab = cv2.cvtColor(smooth, cv2.COLOR_RGB2LAB).astype(np.float32) / 255
    edge = np.maximum.reduce([_edges(lab, unit * scale) * share for scale, share in SCALES.items()])
    ink = np.tanh(np.maximum(0, edge - faintest) * HARD)
    return _levels(1 - ink)


def _edges(lab: NDArray[np.float32], unit: float) -> NDArray[np.float32]:
    import cv2

    near, far = (cv2.GaussianBlur(lab, (0, 0), unit * times) for times in (1.0, WIDER))
    tone = np.maximum(0, far[..., 0] - near[..., 0]) / (far[..., 0] * (1 - IN_SHADOW) + IN_SHADOW)
    made: NDArray[np.float32] = np.maximum(tone, COLOUR * np.abs(far - near)[..., 1:].max(2))
    return made


def drawing(picture: Pixels) -> Pixels:
    """A drawing under a lamp (H, W, 3), to (H, W, 1): paper white, ink black, whatever the light and its shadows."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    # The paper's own light: its brightest places nearby, for ink is always darker.
    side = min(grey.shape)
    reach = max(3, round(side * FINE * 12) | 1)
    light = cv2.dilate(grey, np.ones((reach, reach), np.uint8))
    light = cv2.GaussianBlur(light, (0, 0), side * PAPER / 2)
    share = grey / np.maximum(light, 1)
    return _levels((share - INK) / (BLANK - INK))


def _levels(paper: NDArray[np.float32]) -> Pixels:
    made: Pixels = np.clip(paper * 255 + 0.5, 0, 255).astype(np.uint8)[..., None]
    return made
