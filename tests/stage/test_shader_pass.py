"""What a shader file is given, and what its buffers keep, seen in the pixels it draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.errors import ShaderError
from installation.stage import isf
from installation.stage.buffer import Buffer
from installation.stage.headless import Headless
from installation.stage.shader_pass import Moment, ShaderPass

SIZE = (16, 8)
Write = Callable[..., Path]
Draw = Callable[..., np.ndarray]


@pytest.fixture
def draw(surface: Headless, write: Write) -> Iterator[Draw]:
    """``draw(header, code, params, frames=1)``: the canvas (h, w, 4) of the last frame, bottom row first."""
    made: list[Any] = []

    def frames(header: str, code: str, params: dict[str, Any] | None = None, frames: int = 1) -> np.ndarray:
        one = ShaderPass(surface.ctx, isf.read(write("x", header, code)), Path, "stage.x", SIZE)
        canvas, black = Buffer(surface.ctx, SIZE, "f4"), Buffer(surface.ctx, SIZE, "f4")
        made.extend((one, canvas, black))
        for frame in range(frames):
            values = {f"stage.x.{name}": value for name, value in (params or {}).items()}
            one.render({"inputImage": black.texture}, canvas.target, values, Moment(frame / 4, 0.25, frame))
        return np.frombuffer(canvas.texture.read(), np.float32).reshape(SIZE[1], SIZE[0], 4)

    yield frames
    for one in made:
        one.release()


def output(expression: str) -> str:
    return f"void main() {{ gl_FragColor = {expression}; }}"


@pytest.mark.parametrize(
    ("kind", "extra", "value", "expression", "expected"),
    [
        ("float", "", 0.625, "vec4(x)", (0.625,) * 4),
        ("bool", "", True, "vec4(x ? 0.5 : 0.25)", (0.5,) * 4),
        ("long", "", 7, "vec4(x == 7)", (1,) * 4),
        ("long", ', "VALUES": [3, 9], "LABELS": ["a", "b"], "DEFAULT": 3', "b", "vec4(x)", (9,) * 4),
        ("color", "", (0.125, 0.25, 0.5, 1.0), "x", (0.125, 0.25, 0.5, 1.0)),
        ("point2D", "", (0.25, -3.0), "vec4(x, 0.0, 0.0)", (0.25, -3.0, 0, 0)),
    ],
)
def test_an_input_becomes_a_uniform(
    kind: str, extra: str, value: Any, expression: str, expected: tuple[float, ...], draw: Draw
) -> None:
    header = f'{{"INPUTS": [{{"NAME": "x", "TYPE": "{kind}"{extra}}}]}}'
    assert (draw(header, output(expression), {"x": value}) == expected).all()


def test_an_event_is_true_for_one_frame(draw: Draw) -> None:
    header = '{"INPUTS": [{"NAME": "x", "TYPE": "event"}], "PASSES": [{"TARGET": "sum", "PERSISTENT": 1, "FLOAT": 1}]}'
    code = output("IMG_THIS_PIXEL(sum) + vec4(x ? 1.0 : 0.0)")
    assert (draw(header, code, {"x": True}, frames=5) == 1).all()


def test_time_size_and_place(draw: Draw) -> None:
    assert (
        draw("{}", output("vec4(TIME, TIMEDELTA, FRAMEINDEX, PASSINDEX)"), frames=4)[0, 0] == (0.75, 0.25, 3, 0)
    ).all()
    shown = draw("{}", output("vec4(isf_FragNormCoord, gl_FragCoord.xy / RENDERSIZE)"))
    assert np.allclose(shown[..., :2], shown[..., 2:], atol=1e-6)
    assert np.allclose(shown[0, 0, :2], (0.5 / 16, 0.5 / 8), atol=1e-6)  # bottom left
    assert np.allclose(shown[-1, -1, :2], (15.5 / 16, 7.5 / 8), atol=1e-6)


def test_the_date(draw: Draw) -> None:
    before = datetime.now()
    # Halved: past 65504, which comes after 18:11, a number is no colour and is drawn as 0.
    year, month, day, half = draw("{}", output("vec4(DATE.xyz, DATE.w / 2.0)"))[0, 0]
    if before.date() == datetime.now().date():  # not over midnight
        assert (year, month, day) == (before.year, before.month, before.day)
        assert 0 <= 2 * half - (before.hour * 3600 + before.minute * 60 + before.second) < 60


def test_buffers_have_their_own_size_and_are_read_by_name(draw: Draw) -> None:
    header = '{"PASSES": [{"TARGET": "small", "WIDTH": "$WIDTH/4", "HEIGHT": "3", "FLOAT": true}, {}]}'
    code = output("PASSINDEX == 0 ? vec4(RENDERSIZE, 0.0, 0.0) : vec4(IMG_THIS_PIXEL(small).xy, IMG_SIZE(small))")
    assert (draw(header, code) == (4, 3, 4, 3)).all()


def test_a_buffer_is_eight_bits_unless_it_floats(draw: Draw) -> None:
    for floating, expected in (("true", 2.5), ("false", 1.0)):
        header = f'{{"PASSES": [{{"TARGET": "a", "FLOAT": {floating}}}, {{}}]}}'
        assert (draw(header, output("PASSINDEX == 0 ? vec4(2.5) : IMG_THIS_PIXEL(a)")) == expected).all()


def test_a_persistent_buffer_remembers_and_any_other_target_is_the_output_too(draw: Draw) -> None:
    header = '{"PASSES": [{"TARGET": "count", "PERSISTENT": true, "FLOAT": true}]}'
    assert (draw(header, output("IMG_THIS_PIXEL(count) + 1.0"), frames=3) == 3).all()


def test_two_renders_into_one_buffer(draw: Draw) -> None:
    header = '{"PASSES": [{"TARGET": "a", "FLOAT": 1}, {"TARGET": "a", "FLOAT": 1}, {}]}'
    code = output("PASSINDEX == 0 ? vec4(3.0) : IMG_THIS_PIXEL(a) * (PASSINDEX == 1 ? 5.0 : 1.0)")
    assert (draw(header, code, frames=2) == 15).all()


@pytest.mark.parametrize("poison", ["0.0 / TIMEDELTA - sqrt(-TIMEDELTA)", "TIMEDELTA / 0.0", "-TIMEDELTA / 0.0", "1e9"])
def test_nothing_unheard_of_is_stored(poison: str, draw: Draw) -> None:
    assert (draw("{}", output(f"vec4({poison}, 0.5, -2.0, 1.0)")) == (0, 0.5, -2, 1)).all()


def test_a_poisoned_frame_does_not_stay_in_a_loop(draw: Draw) -> None:
    header = '{"PASSES": [{"TARGET": "loop", "PERSISTENT": true, "FLOAT": true}]}'
    code = output("0.5 * IMG_THIS_PIXEL(loop) + (FRAMEINDEX == 1 ? vec4(sqrt(-TIMEDELTA)) : vec4(1.0))")
    assert (draw(header, code, frames=3) == 1).all()  # 1, then poison stored as 0, then 0 / 2 + 1


def test_a_size_without_an_answer_names_the_file(draw: Draw) -> None:
    with pytest.raises(ShaderError, match=r"x\.fs:1: buffer a: a size that cannot be worked out"):
        draw('{"PASSES": [{"TARGET": "a", "WIDTH": "$WIDTH/0"}, {}]}', output("vec4(0.0)"))


def test_cleared_is_empty(surface: Headless, write: Write) -> None:
    path = write("x", '{"PASSES": [{"TARGET": "a", "PERSISTENT": 1, "FLOAT": 1}]}', output("IMG_THIS_PIXEL(a) + 1.0"))
    one = ShaderPass(surface.ctx, isf.read(path), Path, "stage.x", SIZE)
    canvas = Buffer(surface.ctx, SIZE, "f4")
    for clear in (False, False, True):
        if clear:
            one.clear()
        one.render({}, canvas.target, {}, Moment(0, 0, 0))
    assert np.frombuffer(canvas.texture.read(), np.float32).max() == 1
    one.release()
    canvas.release()
