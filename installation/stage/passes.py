"""What a pass lets a show steer: the live parameters of ``shaders/NAME.fs``, read from its header. No GL."""

from __future__ import annotations

from installation.library import Library
from installation.params import Param
from installation.stage import isf


def pass_params(name: str, library: Library) -> tuple[Param, ...]:
    """Live parameters, names relative to the pass. Raises ShaderError for a broken file, InstallationError for none."""
    return isf.read(library.shader(name)).params
