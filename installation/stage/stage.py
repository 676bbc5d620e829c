"""The stage: newest picture in, passes over it, frame out. Fulfils ``types.Stage``.

    picture --(bridge: upload, scale)--> start, end --(pass 1: between)--> canvas --(pass 2 ...)--> picture --> screen

The canvas is ``size``, whatever the window's size. Live parameters are at ``stage.PASS.INPUT``. Time goes into the
sections ``upload``, ``shade`` (calls into GL) and ``swap`` (waiting for GL and for the screen).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from installation.errors import InstallationError, ShaderError
from installation.library import Library
from installation.stage import isf
from installation.stage.bridge import Bridge
from installation.stage.buffer import Buffer
from installation.stage.picture import Picture
from installation.stage.shader_pass import Moment, ShaderPass
from installation.stage.surface import Surface
from installation.timings import Timings
from installation.types import Image, Params, Signals, Tick, Unit

if TYPE_CHECKING:
    import moderngl

    from installation.types import Pixels

DEPTH = "f2"  # half float between passes: slow dark gradients keep their steps until the last one is dithered
WRAP = 6 * 3600.0  # seconds; TIME starts over, as single precision would stutter after a day


class Stage:
    """Made, used and closed on one thread. The surface is the stage's from here on.

    Raises ShaderError for a pass that does not compile; the surface is closed then.
    """

    def __init__(
        self,
        surface: Surface,
        size: tuple[int, int],
        passes: Sequence[Unit],
        library: Library,
        *,
        fit: str = "cover",
        timings: Timings | None = None,
    ) -> None:
        self.size = size
        self._surface = surface
        self._timings = timings or Timings()
        self._began: float | None = None
        ctx = surface.ctx
        try:
            self._passes = _compiled(ctx, size, passes, library)
        except InstallationError:
            surface.close()
            raise
        self._bridge = Bridge(ctx, size, fit, DEPTH)
        self._canvases = [Buffer(ctx, size, DEPTH) for _ in range(2)]
        self._picture = Picture(ctx, size)

    def present(self, image: Image, params: Params, signals: Signals, tick: Tick) -> None:
        with self._timings.section("upload"):
            self._bridge.see(image, tick.now)
        with self._timings.section("shade"):
            self._picture.finish(self._chain(params, tick))
            if screen := self._surface.screen:
                self._picture.show(screen, self._surface.size)
        with self._timings.section("swap"):
            self._surface.swap()

    def _chain(self, params: Params, tick: Tick) -> moderngl.Texture:
        if self._began is None:
            self._began = tick.now
        moment = Moment((tick.now - self._began) % WRAP, tick.dt, tick.frame)
        images = {"startImage": self._bridge.start, "endImage": self._bridge.end}
        newest = self._bridge.end
        for place, one in enumerate(self._passes):
            canvas = self._canvases[place % 2]
            one.render({**images, "inputImage": newest}, canvas.target, params, moment, self._bridge.progress(tick))
            newest = canvas.texture
        return newest

    def read(self) -> Pixels:
        return self._picture.read()

    def read_yuv420(self) -> Sequence[Pixels]:
        return self._picture.read_yuv420()

    def closing(self) -> bool:
        return self._surface.closing()

    def close(self) -> None:
        held: tuple[Any, ...] = (*self._passes, *self._canvases, self._bridge, self._picture)
        for one in held:
            one.release()
        self._surface.close()


def _compiled(
    ctx: moderngl.Context, size: tuple[int, int], passes: Sequence[Unit], library: Library
) -> list[ShaderPass]:
    find = partial(library.find, "shaders", noun="shader file")
    compiled = []
    for place, unit in enumerate(passes):
        read = isf.read(library.shader(unit.kind))
        if read.transition and place:
            raise ShaderError(f"{read.path}:1: a transition between pictures can only be the first pass")
        compiled.append(ShaderPass(ctx, read, find, f"stage.{unit.name}", size))
    return compiled
