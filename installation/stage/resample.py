"""Scales a picture to the canvas: Mitchell-Netravali cubic (B = C = 1/3), in two one-dimensional draws.

Reference: Mitchell, Netravali, "Reconstruction Filters in Computer Graphics", SIGGRAPH 1988. Sharper than bilinear,
without the blocks that bilinear leaves of a 128 pixel picture, and almost without ringing. When it makes a picture
smaller the kernel widens with it, so nothing aliases. It runs once a picture, not once a frame.

``fit`` cover fills the canvas and crops; contain shows all, and leaves the rest transparent black. Pictures come top
row first, GL counts rows from the bottom: the second draw turns the picture over.

The weights depend on a row's or column's place alone, so they are worked out once and read from a texture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from installation.stage.buffer import Buffer
from installation.stage.glsl import VERTEX

if TYPE_CHECKING:
    import moderngl

_FRAGMENT = """#version 450
uniform sampler2D picture;
uniform sampler2D weights;  // for each target pixel along the axis: its first source pixel, then fours of weights
out vec4 color;
void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    int last = textureSize(picture, 0).AXIS - 1;
    int first = int(texelFetch(weights, ivec2(0, here.AXIS), 0).r);
    vec4 sum = vec4(0.0);
    for (int i = 0; i < FOURS; i++) {
        vec4 weight = texelFetch(weights, ivec2(1 + i, here.AXIS), 0);
        for (int k = 0; k < 4; k++) {
            ivec2 place = here;
            place.AXIS = min(first + 4 * i + k, last);
            sum += weight[k] * texelFetch(picture, place, 0);
        }
    }
    color = clamp(sum, 0.0, 1.0);
}
"""


def window(
    source: tuple[int, int], canvas: tuple[int, int], fit: str
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Left top corner and size, in source pixels, of what the canvas shows of a source."""
    scales = canvas[0] / source[0], canvas[1] / source[1]
    scale = max(scales) if fit == "cover" else min(scales)
    shown = canvas[0] / scale, canvas[1] / scale
    return ((source[0] - shown[0]) / 2, (source[1] - shown[1]) / 2), shown


def _mitchell(x: NDArray[np.float64]) -> NDArray[np.float64]:
    x = np.abs(x)
    near = (7 * x - 12) * x * x / 6 + 16 / 18
    far = ((-7 / 18 * x + 2) * x - 10 / 3) * x + 16 / 9
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


def weights(source: int, target: int, begin: float, shown: float) -> NDArray[np.float32]:
    """(target, 1 + fours, 4): first source pixel and weights for each target pixel; none for one beside the source.

    Target pixel 0 lies at ``begin`` of the source, the last one ``shown`` further; ``shown`` below 0 turns it over.
    """
    at = begin + (np.arange(target) + 0.5) * shown / target
    wide = max(1.0, abs(shown) / target)
    fours = int(np.ceil(np.ceil(4 * wide) / 4))
    reach = np.floor(at - 0.5 - 2 * wide)[:, None] + 1 + np.arange(4 * fours)
    raw = _mitchell((reach + 0.5 - at[:, None]) / wide)
    raw *= ((at >= 0) & (at <= source))[:, None] / raw.sum(1, keepdims=True)
    # Weights of pixels before the first go to the first; those past the last are held there by the shader.
    first = np.clip(reach[:, 0], 0, source - 1)
    table = np.zeros((target, 4 * (1 + fours)), np.float32)
    table[:, 0] = first
    columns = np.clip(np.maximum(reach, 0) - first[:, None], 0, 4 * fours - 1).astype(int)
    np.add.at(table, (np.arange(target)[:, None], 4 + columns), raw)
    return table.reshape(target, 1 + fours, 4)


class Resampler:
    """``draw`` scales a texture (top row first) onto a canvas (bottom row first)."""

    def __init__(self, ctx: moderngl.Context, size: tuple[int, int], fit: str, dtype: str) -> None:
        self._ctx = ctx
        self._size = size
        self._fit = fit
        self._dtype = dtype
        self._made_for: tuple[int, int] | None = None
        self._held: list[Any] = []

    def draw(self, picture: moderngl.Texture, canvas: moderngl.Framebuffer) -> None:
        if self._made_for != picture.size:
            self._make(picture.size)
        self._across.draw(picture, self._between.target)
        self._down.draw(self._between.texture, canvas)

    def _make(self, source: tuple[int, int]) -> None:
        self.release()
        (left, top), (wide, high) = window(source, self._size, self._fit)
        self._across = _Axis(self._ctx, "x", weights(source[0], self._size[0], left, wide))
        self._down = _Axis(self._ctx, "y", weights(source[1], self._size[1], top + high, -high))
        self._between = Buffer(self._ctx, (self._size[0], source[1]), self._dtype)  # canvas wide, picture high
        self._held = [self._across, self._down, self._between]
        self._made_for = source

    def release(self) -> None:
        while self._held:
            self._held.pop().release()


class _Axis:
    """One of the two draws."""

    def __init__(self, ctx: moderngl.Context, axis: str, table: NDArray[np.float32]) -> None:
        target, texels, _ = table.shape
        code = _FRAGMENT.replace("AXIS", axis).replace("FOURS", str(texels - 1))
        self._program = ctx.program(vertex_shader=VERTEX, fragment_shader=code)
        self._program["weights"] = 1
        self._array = ctx.vertex_array(self._program, [])
        self._weights = ctx.texture((texels, target), 4, np.ascontiguousarray(table).tobytes(), dtype="f4")

    def draw(self, source: moderngl.Texture, target: moderngl.Framebuffer) -> None:
        source.use(0)
        self._weights.use(1)
        target.use()
        self._array.render(vertices=3)

    def release(self) -> None:
        self._array.release()
        self._program.release()
        self._weights.release()
