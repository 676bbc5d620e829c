"""One pass of the chain: a shader file, compiled, with the buffers its renders draw into.

Buffers are made once, at the canvas's size. A buffer that is read while it is drawn (PERSISTENT, or the target of
two renders) has a second texture behind it and the two change places after each render.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from installation.errors import ShaderError
from installation.stage.glsl import VERTEX, Find, compile_error, translate
from installation.stage.isf import Input, Isf
from installation.stage.size_expression import SizeError, pixels
from installation.types import Params

if TYPE_CHECKING:
    import moderngl


@dataclass(frozen=True, slots=True)
class Moment:
    """What a shader may know of time: seconds since the first frame, since the last one, frames so far."""

    time: float
    dt: float
    frame: int


class Buffer:
    """A texture to draw into and to read from, linear and clamped. ``spare`` is there for reading while drawing."""

    def __init__(self, ctx: moderngl.Context, size: tuple[int, int], dtype: str, doubled: bool = False) -> None:
        self.ctx = ctx
        self._pairs = [self._make(size, dtype) for _ in range(1 + doubled)]

    def _make(self, size: tuple[int, int], dtype: str) -> tuple[moderngl.Texture, moderngl.Framebuffer]:
        texture = self.ctx.texture(size, 4, dtype=dtype)
        texture.repeat_x = texture.repeat_y = False
        target = self.ctx.framebuffer([texture])
        target.clear()
        return texture, target

    @property
    def texture(self) -> moderngl.Texture:
        return self._pairs[0][0]

    @property
    def target(self) -> moderngl.Framebuffer:
        return self._pairs[-1][1]

    def drawn(self) -> None:
        self._pairs.reverse()

    def release(self) -> None:
        for texture, target in self._pairs:
            target.release()
            texture.release()


class ShaderPass:
    """``render`` draws ``images`` through the file onto a target. Addresses read from params: ``PREFIX.INPUT``."""

    def __init__(self, ctx: moderngl.Context, isf: Isf, find: Find, prefix: str, size: tuple[int, int]) -> None:
        self.isf = isf
        self.buffers = _buffers(ctx, isf, size)
        self._fired: dict[str, bool] = {}
        translation = translate(isf, find)
        samplers = [given.name for given in isf.inputs if given.type == "image"] + list(self.buffers)
        self._units = {name: unit for unit, name in enumerate(samplers)}
        self._inputs = [(given, f"{prefix}.{given.name}") for given in isf.inputs if given.param]
        self._programs = [self._compile(ctx, source, translation.files) for source in translation.sources]
        self._arrays = [ctx.vertex_array(program, []) for program in self._programs]

    def _compile(self, ctx: moderngl.Context, source: str, files: tuple[str, ...]) -> moderngl.Program:
        import moderngl

        try:
            program = ctx.program(vertex_shader=VERTEX, fragment_shader=source)
        except moderngl.Error as error:
            raise compile_error(str(error), files) from error
        for name, unit in self._units.items():
            _set(program, name, unit)
        return program

    def render(
        self,
        images: Mapping[str, moderngl.Texture],
        target: moderngl.Framebuffer,
        params: Params,
        moment: Moment,
        progress: float = 1.0,
    ) -> None:
        values = self._values(params, moment, progress)
        for declared, program, array in zip(self.isf.renders, self._programs, self._arrays, strict=True):
            buffer = self.buffers.get(declared.target)
            drawn = buffer.target if buffer else target
            for name, unit in self._units.items():
                (images[name] if name in images else self.buffers[name].texture).use(unit)
            for name, value in values.items():
                _set(program, name, value)
            _set(program, "RENDERSIZE", drawn.size)
            drawn.use()
            array.render(vertices=3)
            if buffer:
                buffer.drawn()
        if self.isf.renders[-1].target:
            # A file whose last render has a target shows that target (ISF: the last pass is the output).
            self.buffers[self.isf.renders[-1].target].copy_to(target)

    def _values(self, params: Params, moment: Moment, progress: float) -> dict[str, Any]:
        values = {given.name: self._uniform(given, params[address]) for given, address in self._inputs}
        values |= {"TIME": moment.time, "TIMEDELTA": moment.dt, "FRAMEINDEX": moment.frame, "progress": progress}
        if any("DATE" in program for program in self._programs):
            today = datetime.now()
            seconds = 3600 * today.hour + 60 * today.minute + today.second + 1e-6 * today.microsecond
            values["DATE"] = (today.year, today.month, today.day, seconds)
        return values
