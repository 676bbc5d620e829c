"""Turns a shader file into GLSL 4.50 core, and a driver's error back into a line of the artist's file.

One program is made for each render of the file, with PASSINDEX a constant: software GL runs both sides of a branch,
so a file with four renders in one program would cost four times as much there.

A value that is not finite, or that half float cannot hold, is stored as 0. A NaN in a float buffer would otherwise stay
for ever, and spread through any feedback loop. (Comparing finds it: no comparison with a NaN is true.)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from installation.errors import InstallationError, ShaderError
from installation.stage.isf import Isf

Find = Callable[[str], Path]  # 'lib/colour.glsl' -> its path; raises InstallationError

VERTEX = """#version 450
out vec2 isf_FragNormCoord;
void main() {  // one triangle that covers the canvas
    isf_FragNormCoord = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0;
    gl_Position = vec4(isf_FragNormCoord * 2.0 - 1.0, 0.0, 1.0);
}
"""
_PRELUDE = """#version 450
in vec2 isf_FragNormCoord;
out vec4 isfFragColor;
uniform vec2 RENDERSIZE;
uniform float TIME;
uniform float TIMEDELTA;
uniform int FRAMEINDEX;
uniform vec4 DATE;
const int PASSINDEX = {index};
#define IMG_SIZE(image) vec2(textureSize(image, 0))
#define IMG_NORM_PIXEL(image, place) texture(image, place)
#define IMG_PIXEL(image, place) texture(image, (place) / IMG_SIZE(image))
#define IMG_THIS_PIXEL(image) texture(image, isf_FragNormCoord)
#define IMG_THIS_NORM_PIXEL(image) texture(image, isf_FragNormCoord)
#define texture2D texture
{uniforms}
#define main isf_artist_main
"""
# All on one line, which counts as the artist's last: a brace that was never closed is found there.
_POSTLUDE = (
    "void main() { isf_artist_main(); "
    "isfFragColor = mix(vec4(0.0), isfFragColor, lessThan(abs(isfFragColor), vec4(65504.0))); }\n"
)
_UNIFORMS = {
    "float": "float",
    "bool": "bool",
    "event": "bool",
    "long": "int",
    "color": "vec4",
    "point2D": "vec2",
    "image": "sampler2D",
}
_INCLUDE = re.compile(r'[ \t]*#[ \t]*include[ \t]+"([^"]*)"[ \t]*')
# Mesa '0:12(5): error: text', NVIDIA '0(12) : error C1008: text', AMD and Apple 'ERROR: 0:12: text'.
_ERRORS = (
    re.compile(r"^\d+:(?P<line>\d+)\(\d+\): error: (?P<text>.*)", re.MULTILINE),
    re.compile(r"^\d+\((?P<line>\d+)\) : error (?P<text>.*)", re.MULTILINE),
    re.compile(r"^ERROR: \d+:(?P<line>\d+): (?P<text>.*)", re.MULTILINE),
)
# The file goes into the line's number: Mesa forgets the source string that #line can also name.
APART = 100_000


@dataclass(frozen=True, slots=True)
class Translation:
    """Fragment shader sources, one a render. A driver's line is that line of ``files[line // APART]``."""

    sources: tuple[str, ...]
    files: tuple[str, ...]


def translate(isf: Isf, find: Find) -> Translation:
    """Raises ShaderError for an include that is not there."""
    files = ["<built in>", str(isf.path)]
    code = _include(isf.code, 1, isf.line, files, find)
    # Written without a macro: names that begin with gl_ may not be defined. The same length keeps columns true.
    code = re.sub(r"\bgl_FragColor\b", "isfFragColor", code)
    uniforms = [f"uniform {_UNIFORMS[given.type]} {given.name};" for given in isf.inputs]
    uniforms += [f"uniform sampler2D {name};" for name in dict.fromkeys(one.target for one in isf.renders) if name]
    prelude = _PRELUDE.replace("{uniforms}", "\n".join(uniforms))
    last = isf.line + isf.code.rstrip().count("\n")
    body = f"{_at(isf.line, 1)}\n{code}\n#undef main\n{_at(last, 1)}\n{_POSTLUDE}"
    sources = tuple(prelude.replace("{index}", str(index)) + body for index in range(len(isf.renders)))
    return Translation(sources, tuple(files))


def _include(code: str, number: int, first: int, files: list[str], find: Find) -> str:
    """``#include "lib/NAME.glsl"``, each file once, with #line so that errors name the right file."""
    out: list[str] = []
    for line, text in enumerate(code.split("\n"), first):
        if not (found := _INCLUDE.fullmatch(text.rstrip("\r"))):
            out.append(text)
            continue
        try:
            path = find(found[1])
            included = path.read_text(encoding="utf-8")
        except (InstallationError, OSError, UnicodeDecodeError) as error:
            raise ShaderError(f"{files[number]}:{line}: {error}") from error
        if str(path) in files:
            out.append("")
            continue
        files.append(str(path))
        inside = len(files) - 1
        out += [_at(1, inside), _include(included, inside, 1, files, find), _at(line + 1, number)]
    return "\n".join(out)


def _at(line: int, file: int) -> str:
    return f"#line {file * APART + line}"


def compile_error(log: str, files: tuple[str, ...]) -> ShaderError:
    """The first error of a driver's log, as file:line of the file that the artist wrote."""
    for pattern in _ERRORS:
        if not (found := pattern.search(log)):
            continue
        file, line = divmod(int(found["line"]), APART)
        text = found["text"].strip().replace("isf_artist_main", "main").replace("isfFragColor", "gl_FragColor")
        if file == 0:  # the lines made from the header: a name there is a word of GLSL's own
            return ShaderError(f"{files[1]}:1: a name in the header cannot be used: {text}")
        return ShaderError(f"{files[file]}:{line}: {text}")
    lines = [line for line in log.splitlines() if line.strip()]
    return ShaderError(f"{files[1]}:1: does not compile: {lines[-1] if lines else 'the driver gives no reason'}")
