"""The whole stage: pictures in, frames out."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import pytest

from installation.errors import InstallationError, ShaderError
from installation.library import Library
from installation.stage import stage as stage_module
from installation.stage.headless import Headless
from installation.stage.passes import pass_params
from installation.stage.picture import Picture
from installation.stage.stage import Stage
from installation.timings import Timings
from installation.types import Image, Tick, Unit

SIZE = (32, 18)
Write = Callable[..., Path]


class Watched(Headless):
    """Headless, with a texture for a screen, that tells whether it was closed."""

    def __init__(self, screen: tuple[int, int]) -> None:
        super().__init__(screen)
        self.texture = self.ctx.texture(screen, 4)
        self.screen: moderngl.Framebuffer = self.ctx.framebuffer([self.texture])  # type: ignore[assignment]
        self.closed = 0

    def close(self) -> None:
        self.closed += 1
        super().close()


def picture(seq: int, value: int | np.ndarray = 128) -> Image:
    pixels = np.full((18, 32, 4), 255, np.uint8)
    pixels[..., :3] = value
    return Image(pixels, 0.0, seq)


def corner(seq: int = 1) -> Image:
    """White, but red in the top left, and green in the bottom right."""
    made = picture(seq, 255)
    made.pixels[:6, :10, 1:3] = 0
    made.pixels[12:, 22:, [0, 2]] = 0
    return made


def tick(frame: int, fps: float = 60.0) -> Tick:
    return Tick(frame, frame / fps, 1 / fps if frame else 0.0)


def present(stage: Stage, image: Image, at: Tick, **params: Any) -> np.ndarray:
    stage.present(image, {f"stage.{name}": value for name, value in params.items()}, {}, at)  # type: ignore[arg-type]
    return stage.read()[..., :3].astype(int)


def open_stage(passes: list[str], home: Path | None = None, surface: Headless | None = None) -> Stage:
    return Stage(surface or Headless(SIZE), SIZE, [Unit(name, name, {}) for name in passes], Library(home))


def test_without_passes_the_newest_picture_is_shown_the_right_way_up() -> None:
    stage = open_stage([])
    seen = present(stage, corner(), tick(0))
    assert np.abs(seen[1, 1] - (255, 0, 0)).max() <= 1
    assert np.abs(seen[-2, -2] - (0, 255, 0)).max() <= 1
    assert np.abs(seen[1, -2] - 255).max() <= 1
    stage.close()


def test_between_mixes_light() -> None:
    """A generator of 30 pictures a second on a screen of 60: every other frame is halfway."""
    stage = open_stage(["between"])
    frames = [
        present(stage, picture(n // 2, (20, 220)[n // 2 % 2]), tick(n), **{"between.ease": 0.0}) for n in range(10)
    ]
    levels = [frame.mean() for frame in frames]

    def light(level: float) -> float:  # IEC 61966-2-1
        return level / 255 / 12.92 if level <= 10.31 else ((level / 255 + 0.055) / 1.055) ** 2.4

    half = (light(20) + light(220)) / 2
    middle = 255 * (1.055 * half ** (1 / 2.4) - 0.055)
    assert levels[4:8] == pytest.approx([middle, 20, middle, 220], abs=2)
    stage.close()


def test_progress_steps_evenly_from_one_picture_to_the_next() -> None:
    stage = open_stage(["between"])
    ease = {"between.ease": 0.0}
    levels = [present(stage, picture(n // 4, 60 * (n // 4)), tick(n), **ease)[9, 16, 0] for n in range(13)]
    light = [(x / 255 * (0.84 + 0.16 * x / 255)) ** 2 for x in levels[8:12]]  # shaders/lib/light.glsl
    first, last = ((x / 255 * (0.84 + 0.16 * x / 255)) ** 2 for x in (60, 120))
    assert light == pytest.approx([first + (last - first) * step / 4 for step in (1, 2, 3, 4)], abs=0.004)
    stage.close()


def test_two_passes_of_one_kind_have_their_own_parameters(write: Write, tmp_path: Path) -> None:
    header = """{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "by", "TYPE": "float"}]}"""
    write("add", header, "void main() { gl_FragColor = IMG_THIS_PIXEL(inputImage) + vec4(vec3(by), 0.0); }")
    stage = Stage(Headless(SIZE), SIZE, [Unit("add", "add", {}), Unit("add_2", "add", {})], Library(tmp_path))
    seen = present(stage, picture(1, 51), tick(0), **{"add.by": 0.2, "add_2.by": 0.4})
    assert np.abs(seen - 204).max() <= 1
    stage.close()


def test_passes_run_in_order(write: Write, tmp_path: Path) -> None:
    image = '{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}'
    write("half", image, "void main() { gl_FragColor = vec4(IMG_THIS_PIXEL(inputImage).rgb * 0.5, 1.0); }")
    write("flip", image, "void main() { gl_FragColor = vec4(1.0 - IMG_THIS_PIXEL(inputImage).rgb, 1.0); }")
    for passes, expected in ((["half", "flip"], 204), (["flip", "half"], 76), (["half", "flip", "half"], 102)):
        stage = open_stage(passes, tmp_path)
        assert np.abs(present(stage, picture(1, 102), tick(0)) - expected).max() <= 1
        stage.close()


def test_time_begins_with_the_first_frame_and_starts_over(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage_module, "WRAP", 1.0)
    write("clock", "{}", "void main() { gl_FragColor = vec4(TIME, TIMEDELTA, 0.0, 1.0); }")
    stage = open_stage(["clock"], tmp_path)
    seen = [present(stage, picture(1), Tick(n, 5000 + 0.4 * n, 0.2))[0, 0] for n in range(4)]
    assert [pixel[0] for pixel in seen] == pytest.approx([0, 102, 204, 51], abs=1)
    assert seen[0][1] == pytest.approx(51, abs=1)
    stage.close()


@pytest.mark.parametrize("screen", [(32, 18), (64, 36), (50, 60)])
def test_the_screen_shows_what_is_read(screen: tuple[int, int]) -> None:
    surface = Watched(screen)
    stage = open_stage(["between"], surface=surface)
    seen = present(stage, corner(), tick(0), **{"between.ease": 0.0})
    shown = np.frombuffer(surface.texture.read(), np.uint8).reshape(screen[1], screen[0], 4)[::-1, :, :3].astype(int)
    high = screen[0] * 18 / 32
    for u, v in ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.5, 0.5)):
        there = shown[int((screen[1] - high) / 2 + v * high), int(u * screen[0])]
        assert np.abs(there - seen[int(v * 18), int(u * 32)]).max() <= 1
    assert shown.sum(axis=(1, 2)).astype(bool).sum() == round(high)
    assert surface.ctx.error == "GL_NO_ERROR"
    stage.close()
    assert surface.closed == 1


def test_a_transition_is_the_first_pass_or_none() -> None:
    surface = Watched(SIZE)
    with pytest.raises(ShaderError, match=r"between\.fs:1: a transition between pictures can only be the first pass"):
        open_stage(["grade", "between"], surface=surface)
    assert surface.closed == 1


def test_what_fails_closes_the_surface(write: Write, tmp_path: Path) -> None:
    write("broken", "{}", "void main() { gl_FragColor = wrong; }")
    for name, message in (("broken", r"broken\.fs:2: "), ("brokne", "there is no pass 'brokne'")):
        surface = Watched(SIZE)
        with pytest.raises(InstallationError, match=message):
            open_stage(["between", name], tmp_path, surface)
        assert surface.closed == 1


def test_an_artists_own_file_goes_before_the_houses(write: Write, tmp_path: Path) -> None:
    write("grade", "{}", "void main() { gl_FragColor = vec4(1.0, 0.0, 1.0, 1.0); }")
    stage = open_stage(["grade"], tmp_path)
    assert (present(stage, picture(1), tick(0)) == (255, 0, 255)).all()
    stage.close()


def test_where_the_time_went() -> None:
    timings = Timings()
    stage = Stage(Headless(SIZE), SIZE, [], Library(), timings=timings)
    for n in range(3):
        present(stage, picture(n), tick(n))
    assert {name: series.count for name, series in timings.sections.items()} == {"upload": 3, "shade": 3, "swap": 3}
    stage.close()


def alive(kind: str) -> int:
    """How many objects of a kind the current context holds."""
    egl = ctypes.CDLL("libEGL.so.1")
    egl.eglGetProcAddress.restype = ctypes.c_void_p
    asked = ctypes.CFUNCTYPE(ctypes.c_ubyte, ctypes.c_uint)(egl.eglGetProcAddress(f"glIs{kind}".encode()))
    return sum(asked(name) for name in range(1, 500))


def test_nothing_is_left_behind_by_a_stage() -> None:
    library, surface = Library(), Watched(SIZE)
    other = Picture(surface.ctx, SIZE)
    kinds = ("Texture", "Framebuffer", "Program", "Shader", "VertexArray")
    before = {kind: alive(kind) for kind in kinds}
    names = ["between", "glow", "feedback", "grade"]
    stage = open_stage(names, surface=surface)
    values = {f"{name}.{param.name}": param.default for name in names for param in pass_params(name, library)}
    for n in range(4):
        present(stage, picture(n), tick(n), **values)
    assert alive("Texture") > before["Texture"] + 8
    surface.close = lambda: None  # type: ignore[method-assign]
    stage.close()
    other.read_yuv420()  # the program in use is freed only when another takes its place
    assert surface.ctx.error == "GL_NO_ERROR"
    assert {kind: alive(kind) for kind in kinds} == before
    Headless.close(surface)
