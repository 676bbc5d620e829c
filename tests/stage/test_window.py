"""A real window on a real X server (Xvfb): what stands on the screen, what keys do, and what is said without one."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SCREEN = (320, 240)
XK_ESCAPE, XK_F = 0xFF1B, 0x66


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server of our own on a free display."""
    ask, tell = os.pipe()
    screen = f"{SCREEN[0]}x{SCREEN[1]}x24"
    server = subprocess.Popen(
        # -noreset: else the server starts anew when its last window closes, and refuses who comes meanwhile.
        ["Xvfb", "-displayfd", str(tell), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"],
        pass_fds=[tell],
        stderr=subprocess.DEVNULL,
    )
    os.close(tell)
    with os.fdopen(ask) as number:
        yield f":{number.readline().strip()}"
    server.terminate()
    server.wait()


class Child:
    """The window's process. ``frame`` shows one and gives what it tells."""

    def __init__(self, display: str, read_to: Path, options: dict[str, Any]) -> None:
        self.display, self.read_to = display, read_to
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.stage.window_child", json.dumps(options), str(read_to)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**_without_screens(), "DISPLAY": display, "PYTHONPATH": str(ROOT)},
        )

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told

    def frame(self, times: int = 1) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for _ in range(times):
            assert self.process.stdin
            self.process.stdin.write("\n")
            self.process.stdin.flush()
            told = self.answer()
        return told

    def until(self, key: str, value: Any) -> dict[str, Any]:
        """Frames until it tells so: an X server answers when it likes."""
        for _ in range(300):
            if (told := self.frame())[key] == value:
                return told
        raise AssertionError(f"{key} stays {told[key]}")

    def read(self) -> np.ndarray:
        shown: np.ndarray = np.load(self.read_to)[..., :3]
        return shown

    def close(self) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.close()
        told = self.answer()
        assert self.process.wait(20) == 0
        return told


@pytest.fixture
def child(display: str, tmp_path: Path) -> Iterator[Callable[..., Child]]:
    made: list[Child] = []

    def start(**options: Any) -> Child:
        made.append(Child(display, tmp_path / "read.npy", options))
        return made[-1]

    yield start
    for one in made:
        one.process.kill()
        one.process.wait()
        for pipe in (one.process.stdin, one.process.stdout):
            assert pipe
            pipe.close()


def _without_screens() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}


def screenshot(display: str) -> np.ndarray:
    """The whole screen as the X server has it, (h, w, 3)."""
    command = ["import", "-display", display, "-window", "root", "-depth", "8", "rgb:-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(SCREEN[1], SCREEN[0], 3)


def press(display: str, window: int, keysym: int) -> None:
    """A key goes down and up in a window, sent by another client of the X server."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    opened = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    assert opened
    code = x11.XKeysymToKeycode(opened, ctypes.c_ulong(keysym))
    for kind in (2, 3):  # KeyPress, KeyRelease
        event = KeyEvent(kind=kind, display=opened, window=window, root=0, same_screen=1, keycode=code)
        assert x11.XSendEvent(opened, ctypes.c_ulong(window), 1, ctypes.c_long(kind - 1), ctypes.byref(event))
    x11.XSync(opened, 0)
    x11.XCloseDisplay(opened)


class KeyEvent(ctypes.Structure):
    """Xlib's XKeyEvent, padded to the size of an XEvent."""

    _fields_ = (
        ("kind", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("root", ctypes.c_ulong),
        ("subwindow", ctypes.c_ulong),
        ("time", ctypes.c_ulong),
        ("x", ctypes.c_int),
        ("y", ctypes.c_int),
        ("x_root", ctypes.c_int),
        ("y_root", ctypes.c_int),
        ("state", ctypes.c_uint),
        ("keycode", ctypes.c_uint),
        ("same_screen", ctypes.c_int),
        ("pad", ctypes.c_long * 12),
    )


def test_the_screen_shows_what_the_stage_reads(display: str, child: Callable[..., Child]) -> None:
    window = child()
    told = window.frame(3)
    assert (told["size"], told["full"], told["cursor"], told["closing"]) == ([160, 90], False, False, False)
    assert told["gl"] == "GL_NO_ERROR"
    x, y = told["place"]
    assert (x, y) == ((SCREEN[0] - 160) // 2, (SCREEN[1] - 90) // 2)
    screen, read = screenshot(display), window.read()
    assert (screen[y : y + 90, x : x + 160] == read).all()
    assert tuple(read[2, 2]) == (255, 0, 0)
    assert tuple(read[-3, -3]) == (255, 255, 255)
    window.close()


def test_full_screen_is_letterboxed(display: str, child: Callable[..., Child]) -> None:
    window = child(fullscreen=True)
    told = window.until("size", list(SCREEN))
    assert told["full"]
    window.frame(2)
    screen = screenshot(display)
    assert (screen[:30] == 0).all()
    assert (screen[210:] == 0).all()
    for y, x in ((34, 4), (34, 315), (205, 4), (205, 315)):  # twice as large: the corners' colours are whole
        assert (screen[y, x] == window.read()[(y - 30) // 2, x // 2]).all()
    window.close()


def test_f_fills_the_screen_and_comes_back(display: str, child: Callable[..., Child]) -> None:
    window = child(cursor=True)
    before = window.frame(2)
    assert before["cursor"]
    press(display, before["id"], XK_F)
    window.until("full", True)
    window.until("size", list(SCREEN))
    press(display, before["id"], XK_F)
    window.until("full", False)
    assert window.until("size", [160, 90])["place"] == before["place"]
    window.close()


def test_escape_asks_to_close(display: str, child: Callable[..., Child]) -> None:
    window = child()
    press(display, window.frame(2)["id"], XK_ESCAPE)
    window.until("closing", True)
    told = window.close()
    assert len(told["monitors_after"]) == 1


def test_monitors_by_index_and_name(child: Callable[..., Child]) -> None:
    window = child(monitor="0")
    names = window.frame()["monitors"]
    assert len(names) == 1
    window.close()
    named = child(monitor=names[0][1:].upper())
    assert named.frame()["gl"] == "GL_NO_ERROR"
    named.close()
    wrong = child(monitor="beamer").answer()
    assert wrong == {"error": f"there is no monitor 'beamer'\n  there are 0: {names[0]}", "monitors": names}


def test_without_a_screen_it_says_what_to_do(tmp_path: Path) -> None:
    lost = Child(":4321", tmp_path / "read.npy", {})
    told = lost.close()
    assert told["error"].startswith("no screen: ")
    assert told["error"].endswith("\n  run without one: add --headless")
    assert told["monitors"] == []
    assert lost.process.stdout
    lost.process.stdout.close()
