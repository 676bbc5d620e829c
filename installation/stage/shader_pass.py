"""One pass of the chain: a shader file, compiled, with the buffers that its renders draw into.

Buffers are made once, at the canvas's size, and live as long as the pass. One that is read while it is drawn
(PERSISTENT, or the target of two renders) is doubled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from installation.errors import ShaderError
from installation.stage.buffer import Buffer
from installation.stage.glsl import VERTEX, Find, compile_error, translate
from installation.stage.isf import Input, Isf
from installation.stage.size_expression import SizeError, pixels
from installation.types import Params

if TYPE_CHECKING:
    import moderngl


@dataclass(frozen=True, slots=True)
class Moment:
    """What a shader may know of time: seconds since the first frame, seconds since the last one, frames so far."""

    time: float
    dt: float
    frame: int


class ShaderPass:
    """``render`` draws ``images`` through the file onto a target. It reads its inputs at ``PREFIX.INPUT``."""

    def __init__(self, ctx: moderngl.Context, isf: Isf, find: Find, prefix: str, size: tuple[int, int]) -> None:
        self.isf = isf
        translation = translate(isf, find)
        self.buffers = _buffers(ctx, isf, size)
        self._inputs = [(given, f"{prefix}.{given.name}") for given in isf.inputs if given.param]
        self._held: dict[str, bool] = {}  # events that were on in the last frame
        names = [given.name for given in isf.inputs if given.type == "image"] + list(self.buffers)
        self._units = {name: unit for unit, name in enumerate(names)}
        self._drawings = [_Drawing(ctx, source, translation.files, self._units) for source in translation.sources]

    def render(
        self,
        images: Mapping[str, moderngl.Texture],
        canvas: moderngl.Framebuffer,
        params: Params,
        moment: Moment,
        progress: float = 1.0,
    ) -> None:
        values = {given.name: self._uniform(given, params[address]) for given, address in self._inputs}
        values |= {"TIME": moment.time, "TIMEDELTA": moment.dt, "FRAMEINDEX": moment.frame, "progress": progress}
        for declared, drawing in zip(self.isf.renders, self._drawings, strict=True):
            for name, unit in self._units.items():
                (images[name] if name in images else self.buffers[name].texture).use(unit)
            if not declared.target:
                drawing.draw(canvas, values)
                continue
            buffer = self.buffers[declared.target]
            drawing.draw(buffer.target, values)
            if declared is self.isf.renders[-1]:
                drawing.draw(canvas, values)  # ISF: the last render is the output, target or not
            buffer.drawn()

    def _uniform(self, given: Input, value: Any) -> Any:
        if given.type == "event":
            # True for the one frame in which it fires, however long the value stays.
            before, self._held[given.name] = self._held.get(given.name, False), bool(value)
            return bool(value) and not before
        if given.values and given.param:
            return given.values[given.param.choices.index(value)]
        return value

    def clear(self) -> None:
        for buffer in self.buffers.values():
            buffer.clear()

    def release(self) -> None:
        for drawing in self._drawings:
            drawing.release()
        for buffer in self.buffers.values():
            buffer.release()


class _Drawing:
    """One render: a program and the uniforms that the compiler kept of it."""

    def __init__(self, ctx: moderngl.Context, source: str, files: tuple[str, ...], units: Mapping[str, int]) -> None:
        import moderngl

        try:
            self._program = ctx.program(vertex_shader=VERTEX, fragment_shader=source)
        except moderngl.Error as error:
            raise compile_error(str(error), files) from error
        self._array = ctx.vertex_array(self._program, [])
        members = {name: self._program[name] for name in self._program}
        self._uniforms = {name: member for name, member in members.items() if isinstance(member, moderngl.Uniform)}
        for name, unit in units.items():
            if name in self._uniforms:
                self._uniforms.pop(name).value = unit

    def draw(self, target: moderngl.Framebuffer, values: Mapping[str, Any]) -> None:
        target.use()
        for name, uniform in self._uniforms.items():
            if name == "RENDERSIZE":
                uniform.value = target.size
            elif name == "DATE":
                uniform.value = _date()
            else:
                uniform.value = values[name]
        self._array.render(vertices=3)

    def release(self) -> None:
        self._array.release()
        self._program.release()


def _date() -> tuple[float, float, float, float]:
    """ISF's DATE: year, month, day, seconds since midnight."""
    now = datetime.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return now.year, now.month, now.day, (now - midnight).total_seconds()


def _buffers(ctx: moderngl.Context, isf: Isf, size: tuple[int, int]) -> dict[str, Buffer]:
    named = {"WIDTH": size[0], "HEIGHT": size[1]}
    buffers: dict[str, Buffer] = {}
    targets = [one.target for one in isf.renders]
    for one in isf.renders:
        if one.target and one.target not in buffers:
            try:
                width = pixels(one.width, named) if one.width else size[0]
                height = pixels(one.height, named) if one.height else size[1]
            except SizeError as error:
                raise ShaderError(f"{isf.path}:1: buffer {one.target}: {error}") from error
            doubled = one.persistent or targets.count(one.target) > 1
            buffers[one.target] = Buffer(ctx, (width, height), "f4" if one.floating else "f1", doubled)
    return buffers
