"""Where the stage draws: a window (window.py) or memory (headless.py), behind one interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import moderngl


class Surface(Protocol):
    """A GL context and, with a window, the screen behind it. Used and closed on the thread that made it."""

    ctx: moderngl.Context
    vsync: bool  # swap waits for the screen

    @property
    def screen(self) -> moderngl.Framebuffer | None: ...  # None: nobody looks

    @property
    def size(self) -> tuple[int, int]: ...  # of the screen now, in pixels

    def swap(self) -> None: ...  # returns when the frame is on its way out

    def closing(self) -> bool: ...

    def close(self) -> None: ...
