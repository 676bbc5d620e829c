"""From an artist's file to a driver and, when the driver refuses, back to the artist's line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from installation.errors import ShaderError
from installation.stage import isf
from installation.stage.glsl import compile_error, translate
from installation.stage.headless import Headless
from installation.stage.shader_pass import ShaderPass

Write = Callable[..., Path]


def compiled(surface: Headless, path: Path) -> ShaderPass:
    made = ShaderPass(surface.ctx, isf.read(path), lambda name: path.parent / name, "stage.x", (8, 8))
    made.release()
    return made


def refused(surface: Headless, path: Path) -> str:
    with pytest.raises(ShaderError) as caught:
        compiled(surface, path)
    return str(caught.value)


def test_a_drivers_error_names_the_artists_line(surface: Headless, write: Write) -> None:
    path = write(
        "bad", '{\n"INPUTS": []\n}', "void main() {\n    vec4 a = vec4(0.0);\n    gl_FragColor = a + missing;\n}"
    )
    message = refused(surface, path)
    assert message.startswith(f"{path}:6: ")
    assert "missing" in message
    assert "isf_" not in message


def test_an_error_on_the_line_of_the_header(surface: Headless, write: Write) -> None:
    path = write("bad", "{}", "")
    path.write_text("/*{\n}*/ void main() { oops; }")
    assert refused(surface, path).startswith(f"{path}:2: ")


def test_errors_before_in_and_after_an_include(surface: Headless, write: Write) -> None:
    path = write("whole", "{}", '#include "lib/a.glsl"\nvoid main() { gl_FragColor = vec4(one() + wrong); }')
    lib = path.parent / "lib"
    lib.mkdir()
    (lib / "a.glsl").write_text('#include "lib/b.glsl"\nfloat one() { return two(); }\n')
    (lib / "b.glsl").write_text("float two() { return 1.0; }\n")
    assert refused(surface, path).startswith(f"{path}:3: ")
    (lib / "b.glsl").write_text("\n\nfloat two() { return nothing; }\n")
    assert refused(surface, path).startswith(f"{lib / 'b.glsl'}:3: ")
    (lib / "b.glsl").unlink()
    assert refused(surface, path).startswith(f"{lib / 'a.glsl'}:1: ")


def test_an_include_is_taken_once_even_in_a_circle(surface: Headless, write: Write) -> None:
    path = write("circle", "{}", '#include "a.glsl"\n#include "a.glsl"\nvoid main() { gl_FragColor = vec4(ONE); }')
    (path.parent / "a.glsl").write_text('#include "a.glsl"\nconst float ONE = 1.0;\n')
    compiled(surface, path)


def test_a_name_that_glsl_keeps_for_itself(surface: Headless, write: Write) -> None:
    path = write(
        "word", '{"INPUTS": [{"NAME": "sample", "TYPE": "float"}]}', "void main() { gl_FragColor = vec4(1.0); }"
    )
    assert refused(surface, path).startswith(f"{path}:1: a name in the header cannot be used: ")


def test_a_missing_main_says_so(surface: Headless, write: Write) -> None:
    path = write("none", "{}", "// nothing\n// at all\n\n")
    message = refused(surface, path)
    assert message.startswith(f"{path}:3: ")
    assert "'main'" in message


def test_a_brace_never_closed_is_missed_on_the_last_line(surface: Headless, write: Write) -> None:
    path = write("open", "{}", "void main() {\n    gl_FragColor = vec4(1.0);\n")
    assert refused(surface, path).startswith(f"{path}:3: ")


def test_every_macro_and_given_name_compiles(surface: Headless, write: Write) -> None:
    code = """
    void main() {
        vec2 size = IMG_SIZE(inputImage) + RENDERSIZE;
        vec4 sum = IMG_THIS_PIXEL(inputImage) + IMG_THIS_NORM_PIXEL(inputImage) + IMG_PIXEL(inputImage, size * 0.5)
            + IMG_NORM_PIXEL(inputImage, isf_FragNormCoord) + texture2D(inputImage, vec2(0.5)) + DATE;
        gl_FragColor = sum * TIME * TIMEDELTA * float(FRAMEINDEX + PASSINDEX);
    }"""
    compiled(surface, write("macros", '{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}', code))


def test_one_program_a_render(write: Write) -> None:
    path = write("two", '{"PASSES": [{"TARGET": "a"}, {}]}', "void main() {}")
    first, second = translate(isf.read(path), lambda name: path).sources
    assert "const int PASSINDEX = 0;" in first
    assert "const int PASSINDEX = 1;" in second
    assert first.count("uniform sampler2D a;") == 1


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("GLSL Compiler failed\n\n0:100012(5): error: `x' undeclared", "a.fs:12: `x' undeclared"),  # Mesa
        ('0(100012) : error C1503: undefined variable "x"', 'a.fs:12: C1503: undefined variable "x"'),  # NVIDIA
        ("ERROR: 0:100012: 'x' : undeclared identifier", "a.fs:12: 'x' : undeclared identifier"),  # AMD, Apple
        ("0:100003(1): warning: hm\n0:200007(1): error: later", "lib.glsl:7: later"),
        ("0:9(1): error: syntax error", "a.fs:1: a name in the header cannot be used: syntax error"),
        ("something else\n", "a.fs:1: does not compile: something else"),
        ("", "a.fs:1: does not compile: the driver gives no reason"),
    ],
)
def test_the_logs_of_other_drivers(log: str, expected: str) -> None:
    assert str(compile_error(log, ("<built in>", "a.fs", "lib.glsl"))) == expected
