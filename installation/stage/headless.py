"""A stage without a screen: an EGL context of its own, on a GPU or in software (Mesa's llvmpipe)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from installation.errors import StageError

if TYPE_CHECKING:
    import moderngl

log = logging.getLogger(__name__)


class Headless:
    """Fulfils ``surface.Surface``. Nothing is shown; outputs read the picture back."""

    vsync = False
    screen = None

    def __init__(self, size: tuple[int, int]) -> None:
        import moderngl

        self.size = size
        backend: Any = {"backend": "egl"}
        try:
            self.ctx: moderngl.Context = moderngl.create_context(standalone=True, require=450, **backend)
        except Exception as error:  # the loader raises bare Exception for a missing library and for a low version alike
            raise StageError(
                f"no GL 4.5 without a screen: {error}", "install EGL: apt install libegl1 libgl1-mesa-dri"
            ) from error
        log.info("stage: headless, %s", self.ctx.info["GL_RENDERER"])

    def swap(self) -> None:
        # Nothing paces a headless stage; without this wait, frames would queue in the driver and the clock would lie.
        self.ctx.finish()

    def closing(self) -> bool:
        return False

    def close(self) -> None:
        self.ctx.release()
