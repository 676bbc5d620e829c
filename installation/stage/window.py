"""A stage on a screen: one glfw window with a GL 4.5 core context, plain or filling a monitor.

Esc or the close button ends the show, F changes between window and full screen. Full screen is exclusive, at the
mode the monitor is already in: only that keeps the screen saver away, and nothing flickers over. When a monitor comes
or goes an exclusive window is left black and off the screen, so it is put back, on the wished monitor where that is.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from installation.errors import StageError

if TYPE_CHECKING:
    import moderngl

log = logging.getLogger(__name__)

HEADLESS = "run without one: add --headless"
ROOM = 0.9  # share of a monitor that a window bigger than the monitor is shrunk to

Rect = tuple[int, int, int, int]  # x, y, width, height in screen coordinates


class Window:
    """Fulfils ``surface.Surface``. ``options`` are a show's ``stage``: fullscreen, monitor, cursor. One at a time."""

    def __init__(self, size: tuple[int, int], title: str, options: Mapping[str, Any]) -> None:
        self._glfw = _start()
        self._wish = str(options.get("monitor", ""))
        self._moved = False  # monitors came or went
        self._full = False
        try:
            self._rect = self._middle(size, _monitor(self._glfw, self._wish))
            self._window = self._open(title or "installation")
            cursor = self._glfw.CURSOR_NORMAL if options.get("cursor") else self._glfw.CURSOR_HIDDEN
            self._glfw.set_input_mode(self._window, self._glfw.CURSOR, cursor)
            self._listen()
            self._glfw.show_window(self._window)
            if options.get("fullscreen"):
                self._fill()
            self.ctx = self._context()
        except StageError:
            self._glfw.terminate()
            raise
        log.info("stage: window %dx%d, %s", *self.size, self.ctx.info["GL_RENDERER"])

    def _middle(self, size: tuple[int, int], monitor: Any) -> Rect:
        """As large as the canvas if the monitor has the room, else shrunk in proportion; centred."""
        left, top, width, height = self._glfw.get_monitor_workarea(monitor)
        fits = size[0] <= width and size[1] <= height
        scale = 1.0 if fits else ROOM * min(width / size[0], height / size[1])
        wide, high = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
        return left + (width - wide) // 2, top + (height - high) // 2, wide, high

    def _open(self, title: str) -> Any:
        glfw = self._glfw
        hints = {
            glfw.CLIENT_API: glfw.OPENGL_API,
            glfw.CONTEXT_VERSION_MAJOR: 4,
            glfw.CONTEXT_VERSION_MINOR: 5,
            glfw.OPENGL_PROFILE: glfw.OPENGL_CORE_PROFILE,
            glfw.ALPHA_BITS: 0,  # a compositor must not see through the picture
            glfw.DEPTH_BITS: 0,
            glfw.STENCIL_BITS: 0,
            glfw.VISIBLE: False,
            glfw.AUTO_ICONIFY: False,  # a click on the operator's screen must not take the picture off the wall
        }
        for hint, value in hints.items():
            glfw.window_hint(hint, value)
        x, y, width, height = self._rect
        window = glfw.create_window(width, height, title, None, None)
        if not window:
            raise StageError(f"no window with GL 4.5: {_reason(glfw)}", "update the graphics driver, or add --headless")
        glfw.set_window_pos(window, x, y)
        return window

    def _listen(self) -> None:
        glfw = self._glfw

        def key(window: Any, pressed: int, scancode: int, action: int, mods: int) -> None:
            if action == glfw.PRESS and pressed == glfw.KEY_ESCAPE:
                glfw.set_window_should_close(window, True)
            if action == glfw.PRESS and pressed == glfw.KEY_F:
                self._leave() if self._full else self._fill()

        def monitor(which: Any, event: int) -> None:
            self._moved = True  # acted on in swap: glfw is still rearranging its list here

        glfw.set_key_callback(self._window, key)
        glfw.set_monitor_callback(monitor)

    def _context(self) -> moderngl.Context:
        import moderngl

        self._glfw.make_context_current(self._window)
        self._glfw.get_error()  # forget what came before, such as a position that Wayland does not let us set
        self._glfw.swap_interval(1)
        self.vsync = self._glfw.get_error()[0] == self._glfw.NO_ERROR
        try:
            loader: Any = _Loader(self._glfw)
            return moderngl.create_context(require=450, context=loader)
        except (moderngl.Error, ValueError) as error:
            raise StageError(f"no GL 4.5: {error}", "update the graphics driver, or add --headless") from error

    def _fill(self) -> None:
        """Full screen, on the wished monitor or while that is away on the primary one."""
        if not self._full:
            place, size = self._glfw.get_window_pos(self._window), self._glfw.get_window_size(self._window)
            self._rect = (*place, *size)
        self._full = True
        try:
            monitor = _monitor(self._glfw, self._wish)
        except StageError as error:
            log.warning("stage: %s", error.message)
            monitor = self._glfw.get_primary_monitor()
        if monitor and (mode := self._glfw.get_video_mode(monitor)):
            self._glfw.set_window_monitor(self._window, monitor, 0, 0, *mode.size, mode.refresh_rate)

    def _leave(self) -> None:
        self._full = False
        self._glfw.set_window_monitor(self._window, None, *self._rect, self._glfw.DONT_CARE)

    @property
    def screen(self) -> moderngl.Framebuffer | None:
        return self.ctx.screen

    @property
    def size(self) -> tuple[int, int]:
        width, height = self._glfw.get_framebuffer_size(self._window)
        return width, height

    def swap(self) -> None:
        self._glfw.swap_buffers(self._window)
        # Drivers queue two or three frames ahead; waiting here keeps what is seen no older than it must be.
        self.ctx.finish()
        self._glfw.poll_events()
        if self._moved:
            self._moved = False
            log.warning("stage: monitors are now %s", ", ".join(_names(self._glfw)) or "none")
            if self._full:
                self._fill()

    def closing(self) -> bool:
        return bool(self._glfw.window_should_close(self._window))

    def close(self) -> None:
        self.ctx.release()
        self._glfw.destroy_window(self._window)
        self._glfw.terminate()


class _Loader:
    """GL's functions through glfw, which knows whether the context is GLX's or EGL's (Wayland)."""

    def __init__(self, glfw: ModuleType) -> None:
        self._address = glfw.get_proc_address

    def load_opengl_function(self, name: str) -> int:
        return self._address(name) or 0

    def release(self) -> None:
        """The window owns the context."""


def monitors() -> list[str]:
    """Names in the order of their index, the primary monitor first; none where there is no screen."""
    try:
        glfw = _load()
    except StageError:
        return []
    running = bool(glfw.get_current_context())
    if not running and not glfw.init():
        return []
    names = _names(glfw)
    if not running:
        glfw.terminate()
    return names


def _load() -> ModuleType:
    try:
        import glfw
    except ImportError as error:
        raise StageError(f"no screen: {error}", HEADLESS) from error
    glfw.ERROR_REPORTING = "ignore"  # a warning helps nobody: what failed is asked for where it matters
    return glfw


def _start() -> ModuleType:
    glfw = _load()
    if not glfw.init():
        raise StageError(f"no screen: {_reason(glfw)}", HEADLESS)
    return glfw


def _reason(glfw: ModuleType) -> str:
    description = glfw.get_error()[1]
    text = description.decode(errors="replace") if isinstance(description, bytes) else str(description or "no reason")
    return text.strip()


def _names(glfw: ModuleType) -> list[str]:
    return [glfw.get_monitor_name(one).decode(errors="replace") for one in glfw.get_monitors()]


def _monitor(glfw: ModuleType, wish: str) -> Any:
    """By index, else by a part of the name; no wish is the primary one. Raises StageError with the choices."""
    found = glfw.get_monitors()
    if not found:
        raise StageError("no screen: no monitor is connected", HEADLESS)
    names = _names(glfw)
    if not wish:
        return found[0]
    if wish.isdecimal() and int(wish) < len(found):
        return found[int(wish)]
    named = [one for one, name in zip(found, names, strict=True) if wish.casefold() in name.casefold()]
    if not named:
        listed = ", ".join(f"{index}: {name}" for index, name in enumerate(names))
        raise StageError(f"there is no monitor '{wish}'", f"there are {listed}")
    return named[0]
