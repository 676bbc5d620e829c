"""GL without a screen, clean before and after every test, and shader files written on the spot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from installation.stage.headless import Headless


@pytest.fixture
def surface() -> Iterator[Headless]:
    made = Headless((64, 36))
    assert made.ctx.error == "GL_NO_ERROR"
    yield made
    assert made.ctx.error == "GL_NO_ERROR"
    made.close()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """``write('name', header, code)``: a shader in ``tmp_path/shaders``, an artist's home folder."""

    def shader(name: str, header: str, code: str = "") -> Path:
        path = tmp_path / "shaders" / f"{name}.fs"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"/*{header}*/\n{code}")
        return path

    return shader
