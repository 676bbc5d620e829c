"""A stage without a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from installation.library import Library
from installation.stage.headless import Headless
from installation.stage.passes import pass_params
from installation.stage.stage import Stage
from installation.types import Image, Tick, Unit
from tests.shaders.pictures import SIZE, Pixels, Render


@pytest.fixture
def render() -> Render:
    """``render(picture, {pass: {input: value}}, frames=2)``: the last frame, RGB, top row first, as float levels."""

    def frame(
        picture: Pixels,
        passes: Mapping[str, Mapping[str, Any]] | Sequence[str] = (),
        *,
        frames: int = 2,
        size: tuple[int, int] = SIZE,
        fit: str = "cover",
    ) -> Pixels:
        library = Library()
        asked = passes if isinstance(passes, Mapping) else {name: {} for name in passes}
        params: dict[str, Any] = {}
        for name, values in asked.items():
            declared = {param.name: param.default for param in pass_params(name, library)}
            assert set(values) <= set(declared)
            params |= {f"stage.{name}.{key}": value for key, value in {**declared, **values}.items()}
        surface = Headless(size)
        stage = Stage(surface, size, [Unit(name, name, {}) for name in asked], library, fit=fit)
        assert surface.ctx.error == "GL_NO_ERROR"
        for number in range(frames):
            tick = Tick(number, number / 60, 1 / 60)
            stage.present(Image(picture, tick.now, number), params, {}, tick)  # type: ignore[arg-type]
        pixels = stage.read()[..., :3].astype(float)
        assert surface.ctx.error == "GL_NO_ERROR"
        stage.close()
        return pixels

    return frame
