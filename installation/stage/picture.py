"""The finished picture: RGBA, 8 bit, top row first. What a screen shows and what outputs read back.

``read_yuv420`` lets the shader do the conversion: planes Y (h, w), U and V (h/2, w/2), BT.709 limited range, in one
8-bit texture that is read back at once (1.5 bytes a pixel against 4). Chroma sits where H.264 expects it when nothing
is said: on the left column of each pair, between its rows (ITU-T H.264 annex E, chroma_sample_loc_type 0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from installation.stage.buffer import release_target
from installation.stage.glsl import VERTEX

if TYPE_CHECKING:
    import moderngl

    from installation.types import Pixels

_FINISH = """#version 450
uniform sampler2D canvas;
out vec4 color;
void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    vec4 seen = texelFetch(canvas, ivec2(here.x, textureSize(canvas, 0).y - 1 - here.y), 0);
    // A screen has nothing behind it: transparent is black. A pattern of less than half a level hides the steps of
    // slow dark gradients (Jimenez, interleaved gradient noise) and leaves a value that is on a level where it is.
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
    color = vec4(seen.rgb * seen.a + noise * 0.98 / 255.0, 1.0);
}
"""
_SHOW = """#version 450
in vec2 isf_FragNormCoord;
uniform sampler2D picture;
out vec4 color;
void main() { color = texture(picture, vec2(isf_FragNormCoord.x, 1.0 - isf_FragNormCoord.y)); }
"""
# Luma and chroma are two draws: software GL would work out both for every pixel of a common one.
_LUMA = """#version 450
uniform sampler2D picture;
out float level;
void main() {
    vec3 seen = texelFetch(picture, ivec2(gl_FragCoord.xy), 0).rgb;
    level = (16.0 + 219.0 * dot(seen, vec3(0.2126, 0.7152, 0.0722))) / 255.0;
}
"""
_CHROMA = """#version 450
uniform sampler2D picture;
out float level;
void main() {
    ivec2 size = textureSize(picture, 0), place = ivec2(gl_FragCoord.xy) - ivec2(0, size.y);
    bool v = place.x >= (size.x + 1) / 2;
    place = 2 * (place - ivec2(v ? (size.x + 1) / 2 : 0, 0));
    vec3 mean = vec3(0.0);
    for (int i = 0; i < 6; i++) {
        ivec2 near = place + ivec2(i % 3 - 1, i / 3);
        mean += (i % 3 == 1 ? 0.25 : 0.125) * texelFetch(picture, clamp(near, ivec2(0), size - 1), 0).rgb;
    }
    float luma = dot(mean, vec3(0.2126, 0.7152, 0.0722));
    level = (128.0 + 224.0 * (v ? (mean.r - luma) / 1.5748 : (mean.b - luma) / 1.8556)) / 255.0;
}
"""


class Picture:
    """``finish`` takes the chain's last canvas, ``show`` puts the picture on a screen, ``read`` copies it back."""

    def __init__(self, ctx: moderngl.Context, size: tuple[int, int]) -> None:
        self._ctx = ctx
        self.size = size
        width, height = size
        self._half = (width + 1) // 2, (height + 1) // 2
        self._texture = ctx.texture(size, 4)
        self._texture.repeat_x = self._texture.repeat_y = False
        self._target = ctx.framebuffer([self._texture])
        self._target.clear()
        # U and V lie side by side below Y.
        self._planes = ctx.texture((2 * self._half[0], height + self._half[1]), 1)
        self._planes_target = ctx.framebuffer([self._planes])
        codes = (_FINISH, _SHOW, _LUMA, _CHROMA)
        self._programs = [ctx.program(vertex_shader=VERTEX, fragment_shader=code) for code in codes]
        self._arrays = [ctx.vertex_array(program, []) for program in self._programs]
        self._finish, self._show, self._luma, self._chroma = self._arrays

    def finish(self, canvas: moderngl.Texture) -> None:
        canvas.use(0)
        self._target.use()
        self._finish.render(vertices=3)

    def show(self, screen: moderngl.Framebuffer, size: tuple[int, int]) -> None:
        """Whole and undistorted in the middle of a screen, black around it."""
        scale = min(size[0] / self.size[0], size[1] / self.size[1])
        width, height = round(self.size[0] * scale), round(self.size[1] * scale)
        screen.use()
        screen.viewport = (0, 0, *size)
        screen.clear()
        screen.viewport = ((size[0] - width) // 2, (size[1] - height) // 2, width, height)
        self._texture.use(0)
        self._show.render(vertices=3)

    def read(self) -> Pixels:
        width, height = self.size
        pixels = np.empty((height, width, 4), np.uint8)
        self._target.read_into(pixels, components=4, alignment=1)
        return pixels

    def read_yuv420(self) -> tuple[Pixels, Pixels, Pixels]:
        self._texture.use(0)
        width, height = self.size
        half_width, half_height = self._half
        self._planes_target.use()
        self._planes_target.viewport = (0, 0, width, height)
        self._luma.render(vertices=3)
        self._planes_target.viewport = (0, height, 2 * half_width, half_height)
        self._chroma.render(vertices=3)
        packed = np.empty((height + half_height, 2 * half_width), np.uint8)
        whole = (0, 0, packed.shape[1], packed.shape[0])
        self._planes_target.read_into(packed, whole, components=1, alignment=1)
        return packed[:height, :width], packed[height:, :half_width], packed[height:, half_width:]

    def release(self) -> None:
        release_target(self._target)
        release_target(self._planes_target)
        held: tuple[Any, ...] = (*self._arrays, *self._programs, self._texture, self._planes)
        for one in held:
            one.release()
