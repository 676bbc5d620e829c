"""``stage:`` and ``outputs:``: the canvas, the passes drawn on it, and where the picture goes besides the screen."""

from __future__ import annotations

from typing import Any

from installation.document import Node
from installation.errors import InstallationError
from installation.outputs import OUTPUTS
from installation.show.reader import fields
from installation.show.reading import Reading
from installation.show.units import Mention, check, in_list, load, refuse_kind
from installation.stage import STAGE_PARAMS
from installation.stage.passes import pass_params
from installation.types import Unit


def read_stage(node: Node | None, root: Node, reading: Reading) -> tuple[dict[str, Any], tuple[Unit, ...]]:
    """The stage's fixed options and its passes. Fills ``reading.live`` with the passes' parameters."""
    given = fields(node, "stage", reading)
    place = node or root
    mention = Mention("stage", "stage", given, place.file, place.key_at, place.key_at)
    checked = check(mention, STAGE_PARAMS, reading, "stage", others=("passes",))
    passes = []
    for asked in in_list(given.get("passes"), "stage.passes", reading):
        prefix = f"stage.{asked.name}"
        try:
            params = pass_params(asked.kind, reading.library)
        except InstallationError as error:
            refuse_kind(asked, error, reading)
            reading.unsure.append(f"{prefix}.")
            continue
        passes.append(check(asked, params, reading, prefix).unit(asked))
    return checked.options, tuple(passes)


def read_outputs(node: Node | None, reading: Reading) -> tuple[Unit, ...]:
    asked = [(mention, load(OUTPUTS, mention, reading)) for mention in in_list(node, "outputs", reading)]
    return tuple(check(mention, output.params, reading).unit(mention) for mention, output in asked if output)
