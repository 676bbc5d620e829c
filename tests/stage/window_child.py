"""A show in a window, driven line by line: shows a frame for every line it is sent, and tells what became of it.

Run by test_window.py in a process of its own: glfw wants the main thread, and its context must not meet EGL's.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import glfw
import numpy as np

from installation.errors import StageError
from installation.library import Library
from installation.stage.stage import Stage
from installation.stage.window import Window, monitors
from installation.types import Image, Tick

SIZE = (160, 90)


def picture() -> np.ndarray:
    """Four corners in four colours on slow colours, with fine lines in the middle."""
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    pixels = np.dstack([x * 255 // SIZE[0], y * 255 // SIZE[1], 128 + 0 * x, 255 + 0 * x]).astype(np.uint8)
    pixels[:9, :9, :3], pixels[:9, -9:, :3] = (255, 0, 0), (0, 255, 0)
    pixels[-9:, :9, :3], pixels[-9:, -9:, :3] = (0, 0, 255), (255, 255, 255)
    pixels[40:50, 60:100:2, :3] = 0
    return pixels


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def main(options: dict[str, Any], read_to: Path) -> None:
    try:
        window = Window(SIZE, "A window", options)
    except StageError as error:
        say(error=str(error), monitors=monitors())
        return
    stage = Stage(window, SIZE, [], Library())
    handle: Any = window._window
    for frame, _ in enumerate(sys.stdin):
        tick = Tick(frame, frame / 60, 1 / 60)
        stage.present(Image(picture(), tick.now, 1), {}, {}, tick)  # type: ignore[arg-type]
        np.save(read_to, stage.read())
        say(
            size=window.size,
            place=glfw.get_window_pos(handle),
            full=bool(glfw.get_window_monitor(handle)),
            cursor=glfw.get_input_mode(handle, glfw.CURSOR) == glfw.CURSOR_NORMAL,
            id=glfw.get_x11_window(handle),
            closing=stage.closing(),
            gl=window.ctx.error,
            monitors=monitors(),
            swaps_wait=window.vsync,
        )
    stage.close()
    say(monitors_after=monitors())


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), Path(sys.argv[2]))
