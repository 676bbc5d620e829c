"""A texture to draw into and to read from: linear, clamped to its edge, empty at first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import moderngl


class Buffer:
    """``doubled`` adds a second texture, so that the first can be read while the other is drawn; ``drawn`` swaps them.

    moderngl frees nothing by itself: whoever makes a buffer releases it.
    """

    def __init__(self, ctx: moderngl.Context, size: tuple[int, int], dtype: str, doubled: bool = False) -> None:
        self.size = size
        self._pairs: list[tuple[moderngl.Texture, moderngl.Framebuffer]] = []
        for _ in range(1 + doubled):
            texture = ctx.texture(size, 4, dtype=dtype)
            texture.repeat_x = texture.repeat_y = False
            self._pairs.append((texture, ctx.framebuffer([texture])))
        self.clear()

    @property
    def texture(self) -> moderngl.Texture:
        """What was drawn last."""
        return self._pairs[0][0]

    @property
    def target(self) -> moderngl.Framebuffer:
        """What to draw into next."""
        return self._pairs[-1][1]

    def drawn(self) -> None:
        self._pairs.reverse()

    def clear(self) -> None:
        for _, target in self._pairs:
            target.clear()

    def release(self) -> None:
        for texture, target in self._pairs:
            release_target(target)
            texture.release()


def release_target(target: moderngl.Framebuffer) -> None:
    """moderngl binds again what was bound before it cleared or read: that must not be a framebuffer that is gone."""
    if target.ctx.fbo is target:
        target.ctx.detect_framebuffer(0).use()
    target.release()
