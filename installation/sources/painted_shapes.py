"""Things on a table, painted with numpy: a sprite is a colour picture and its coverage, both seen from straight above.

Each thing is a height field, lit once from the upper left (Lambert and a little Blinn-Phong), so that roundness and
folds look right and the networks behind the camera find the gradients that photographs have. Pixels of a 480 line
picture; premultiplied colour, uint8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.floating[Any]]  # (h, w)

LIGHT = np.array([-0.46, -0.58, 0.67], np.float32)  # towards the lamp: left, up, out of the table
HALF = (LIGHT + np.array([0, 0, 1])) / np.linalg.norm(LIGHT + np.array([0, 0, 1]))


@dataclass(frozen=True, slots=True)
class Sprite:
    """``color`` (h, w, 3) premultiplied, ``cover`` (h, w). Its centre is the middle of the picture."""

    color: NDArray[np.uint8]
    cover: NDArray[np.uint8]


def grid(size: int) -> tuple[Field, Field]:
    """x and y of every pixel, 0 in the middle."""
    line = np.arange(size, dtype=np.float32) - (size - 1) / 2
    x, y = np.meshgrid(line, line)
    return x, y


def cloud(shape: tuple[int, int], coarsest: float, octaves: int, seed: int) -> Field:
    """Smooth noise of unit deviation about 0: random grids of ever finer mesh, each half as strong."""
    rng = np.random.default_rng(seed)
    out = np.zeros(shape, np.float32)
    for octave in range(octaves):
        mesh = max(1.0, coarsest / 2**octave)
        cells = rng.standard_normal((int(shape[0] / mesh) + 3, int(shape[1] / mesh) + 3)).astype(np.float32)
        big = (int(cells.shape[1] * mesh), int(cells.shape[0] * mesh))
        out += cv2.resize(cells, big, interpolation=cv2.INTER_CUBIC)[: shape[0], : shape[1]] / 2**octave
    even: Field = (out / out.std()).astype(np.float32)
    return even


def lit(height: Field, tint: Any, gloss: float = 0.0, sharp: float = 24.0) -> Any:
    """(h, w, 3) float 0..1 of a height field in pixels. ``tint`` broadcasts to (h, w, 3)."""
    slope_y, slope_x = np.gradient(height)
    norm = 1 / np.sqrt(slope_x**2 + slope_y**2 + 1)
    facing = np.clip((-slope_x * LIGHT[0] - slope_y * LIGHT[1] + LIGHT[2]) * norm, 0, 1)
    shine = gloss * np.clip((-slope_x * HALF[0] - slope_y * HALF[1] + HALF[2]) * norm, 0, 1) ** sharp
    # What looks away from the lamp is lit by the room, a little bluer.
    room = np.array([0.24, 0.27, 0.32], np.float32)
    return tint * (room + 1.05 * facing[..., None]) + shine[..., None]


def sprite(color: Any, cover: Field) -> Sprite:
    cover = np.clip(cover, 0, 1)
    rgb = np.clip(color, 0, 1) * cover[..., None]
    return Sprite((rgb * 255 + 0.5).astype(np.uint8), (cover * 255 + 0.5).astype(np.uint8))


def dome(inside: Field, roundness: float) -> Field:
    """Height of a body whose edge is round: a quarter circle of ``roundness`` pixels, flat further in."""
    depth = np.clip(inside / roundness, 0, 1)
    height: Field = (roundness * np.sqrt(depth * (2 - depth))).astype(np.float32)
    return height


def fruit(radius: float, tint: tuple[float, float, float], seed: int) -> Sprite:
    size = int(2 * radius) + 6
    x, y = grid(size)
    far = np.hypot(x, y)
    height = np.sqrt(np.clip(radius**2 - far**2, 1, None)) * 0.9
    height += 0.25 * cloud((size, size), 4, 1, seed)  # dimples of the peel
    blush = 1 + 0.10 * cloud((size, size), radius, 2, seed + 1)[..., None]
    color = lit(height, np.array(tint) * blush, gloss=0.45)
    navel = np.exp(-((x - radius * 0.15) ** 2 + (y - radius * 0.1) ** 2) / (radius * 0.09) ** 2)
    return sprite(color * (1 - 0.7 * navel[..., None]), radius - far + 0.5)


def stone(radius: float, tint: tuple[float, float, float], seed: int) -> Sprite:
    size = int(2.6 * radius)
    x, y = grid(size)
    angle = np.arctan2(y, x)
    rng = np.random.default_rng(seed)
    edge = np.full_like(x, radius)
    for k, weight in ((2, 0.16), (3, 0.07), (5, 0.03)):
        edge += radius * weight * np.cos(k * angle + rng.uniform(0, 6.28))
    inside = edge - np.hypot(x, y)
    height = dome(inside, radius * 0.75) * 0.7 + 0.5 * cloud((size, size), 14, 3, seed)
    speckle = 1 + 0.10 * cloud((size, size), 3, 2, seed + 1)[..., None]
    return sprite(lit(height, np.array(tint) * speckle, gloss=0.12), inside + 0.5)


def leaf(length: float, tint: tuple[float, float, float], seed: int) -> Sprite:
    size = int(length * 1.15)
    x, y = grid(size)
    along = np.clip(x / length + 0.5, 0, 1)
    bent = y + 0.10 * length * np.sin(2.4 * along)
    width = 0.24 * length * np.clip(np.sin(np.pi * along**0.8), 0, 1) ** 0.85  # sin(pi) is a hair below 0
    inside = width - np.abs(bent)
    vein = np.abs(((x - 0.9 * np.abs(bent)) / (length * 0.085)) % 1 - 0.5)
    height = dome(inside, 16) * 0.35 + 1.3 * vein + 2.0 * np.exp(-((bent / 2.2) ** 2)) - 0.10 * np.abs(bent)
    patch = 1 + 0.13 * cloud((size, size), 30, 3, seed)[..., None]
    rib = np.exp(-((bent / 1.6) ** 2))[..., None]
    color = lit(height, np.array(tint) * patch * (1 - rib) + np.array([0.80, 0.76, 0.48]) * rib, gloss=0.10)
    return sprite(color, np.where((along > 0) & (along < 1), inside, -1) * 0.9)


def flower(radius: float, tint: tuple[float, float, float], petals: int, seed: int) -> Sprite:
    size = int(2.2 * radius)
    x, y = grid(size)
    far, angle = np.hypot(x, y), np.arctan2(y, x)
    color, cover = np.zeros((size, size, 3)), np.zeros((size, size))
    for ring, reach in enumerate((1.0, 0.72)):
        wave = np.cos(petals / 2 * (angle + ring * np.pi / petals))
        edge = radius * reach * (0.55 + 0.45 * np.abs(wave) ** 0.5)
        inside = edge - far
        height = dome(inside, radius * 0.35) * 0.8 + 7 * np.abs(wave) + 0.8 * cloud((size, size), 9, 2, seed + ring)
        near = np.clip(far / (radius * reach), 0, 1)[..., None]
        part = lit(height, np.array(tint) * (0.55 + 0.5 * near), gloss=0.06)
        mask = np.clip(inside, 0, 1)
        shade = np.clip(1 - np.exp(-np.clip(-inside, 0, None) / 5) * 0.5 * ring, 0, 1)[..., None]
        color = color * shade * (1 - mask[..., None]) + part * mask[..., None]
        cover = np.maximum(cover, mask)
    heart = radius * 0.2 - far
    grains = dome(heart, radius * 0.2) + 1.2 * cloud((size, size), 3, 1, seed)
    eye = np.clip(heart, 0, 1)[..., None]
    return sprite(color * (1 - eye) + lit(grains, np.array([0.95, 0.72, 0.16])) * eye, cover)


def cup(radius: float, tint: tuple[float, float, float]) -> Sprite:
    """A saucer, a cup on it, and what is left of the coffee."""
    size = int(2 * radius) + 6
    x, y = grid(size)
    far = np.hypot(x, y)
    saucer = 5 * np.cos(np.clip((far - radius * 0.62) / (radius * 0.36), -1, 1) * np.pi) * -1
    wall = radius * 0.58
    rim = dome((radius * 0.07 - np.abs(far - wall)).astype(np.float32), radius * 0.07) * 2.2
    color = lit((saucer + rim).astype(np.float32), np.array(tint), gloss=0.35)
    well = np.clip(wall - radius * 0.05 - far, 0, 1)[..., None]
    depth = np.clip(0.45 + (x * 0.5 + y * 0.6) / radius, 0.16, 1)[..., None]  # the near wall shades the inside
    color = color * (1 - well) + np.array(tint) * 0.75 * depth * well
    drink = np.clip(radius * 0.44 - np.hypot(x + 2, y + 2), 0, 1)[..., None]
    glint = np.exp(-((x + y * 0.8 + radius * 0.18) ** 2) / 60 - (x - y) ** 2 / 700)[..., None]
    color = color * (1 - drink) + (np.array([0.23, 0.12, 0.06]) * (0.6 + 0.6 * depth) + 0.5 * glint) * drink
    ring = np.exp(-(((far - radius * 0.70) / 3.5) ** 2)) * np.clip((x * 0.5 + y * 0.6) / radius + 0.3, 0, 1)
    return sprite(color * (1 - 0.55 * ring[..., None]), radius - far + 0.5)


def paper(width: float, height: float, seed: int) -> Sprite:
    """A letter that was folded once; the writing is too far away to be read."""
    size = int(np.hypot(width, height)) + 8
    x, y = grid(size)
    inside = np.minimum(width / 2 - np.abs(x), height / 2 - np.abs(y))
    curl = 6e-4 * (x**2 + 0.6 * y * x) + 3.0 * np.abs(y / height) - 2.0 * np.exp(-((y / 2.5) ** 2))
    folds = curl + 0.9 * cloud((size, size), 60, 3, seed)
    row = np.floor((y + height / 2) / 13)
    stroke = cloud((size, size), 5, 2, seed + 1) > 0.15
    words = np.sin(x * 0.19 + row * 2.1) + np.sin(x * 0.067 + row * 5.3) > -0.8
    line = (np.abs((y + height / 2) % 13 - 6.5) < 2.2) & (np.abs(x) < width * 0.4) & (np.abs(y) < height * 0.42)
    ink = cv2.GaussianBlur((stroke & words & line).astype(np.float32), (0, 0), 0.7)[..., None]
    color = lit(folds.astype(np.float32), np.array([0.93, 0.89, 0.79]))
    return sprite(color * (1 - ink) + np.array([0.16, 0.17, 0.34]) * ink, inside + 0.5)


def hand(
    scale: float, skin: tuple[float, float, float], sleeve: tuple[float, float, float], left: bool, seed: int
) -> Sprite:
    """A hand laid flat, fingers up, its forearm leaving below. The palm's middle is the sprite's."""
    size = int(860 * scale)
    x, y = grid(size)
    x, y = (-x if left else x) / scale, y / scale
    bones = [  # x, y of root and tip, thickness at each
        (-20, -24, -34, -92, 11.5, 8.5),
        (-7, -30, -10, -110, 12.0, 9.0),
        (8, -30, 15, -104, 11.5, 8.5),
        (22, -22, 36, -80, 10.5, 7.5),
        (-24, 14, -62, -26, 13.0, 9.5),
        (-6, -12, 6, 20, 34.0, 31.0),
        (0, 30, 0, 430, 24.0, 40.0),
    ]
    inside = np.full_like(x, -1e3)
    for ax, ay, bx, by, thick, thin in bones:
        dx, dy = bx - ax, by - ay
        along = np.clip(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0, 1)
        body = thick + (thin - thick) * along - np.hypot(x - ax - along * dx, y - ay - along * dy)
        # A smooth union (Quilez, "smooth minimum"): webs between fingers instead of creases.
        blend = np.clip(0.5 + 0.5 * (inside - body) / 5, 0, 1)
        inside = body * (1 - blend) + inside * blend + 5 * blend * (1 - blend)
    height = cv2.GaussianBlur(dome((inside * scale).astype(np.float32), 17 * scale), (0, 0), 2.2 * scale)
    height += 0.22 * cloud((size, size), 5, 2, seed)
    for kx, ky in ((-25, -52), (-9, -64), (11, -61), (28, -46), (-21, -30), (-6, -36), (9, -35), (22, -27)):
        height += 1.5 * scale * np.exp(-((x - kx) ** 2 / 60 + (y - ky) ** 2 / 16)).astype(np.float32)  # knuckles
    warm = 1 + 0.06 * cloud((size, size), 40, 3, seed + 1)[..., None]
    redder = np.exp(-((np.hypot(x, y + 20) - 62) ** 2) / 900)[..., None] * np.array([0.05, -0.03, -0.03])
    color = lit(height, (np.array(skin) + redder) * warm, gloss=0.07, sharp=12)
    cuff = np.clip((y - 118) / 1.5, 0, 1)[..., None]
    folds = height + 2.4 * scale * np.sin(y * 0.13 + 1.1 * np.sin(x * 0.05)) + cloud((size, size), 30, 3, seed + 2)
    cloth = lit(folds.astype(np.float32), np.array(sleeve))
    edge = 1 - 0.45 * np.exp(-(((y - 116) / 4) ** 2))[..., None]
    return sprite((color * edge) * (1 - cuff) + cloth * cuff, (inside + 7 * cuff[..., 0] * (inside > -7)) * scale + 0.5)
