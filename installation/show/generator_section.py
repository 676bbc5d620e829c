"""``generator:``: what makes the picture, its options and live parameters, and its lists of steps (``latent:``)."""

from __future__ import annotations

from installation.document import Node
from installation.errors import InstallationError
from installation.generators import GENERATORS
from installation.show.reading import KINDS, Reading
from installation.show.units import Mention, blame, check, check_inputs, in_list, load, with_kind
from installation.tables import Table
from installation.types import Unit

NOTHING = Unit("generator", "", {})


def read_generator(node: Node | None, root: Node, reading: Reading) -> tuple[Unit, dict[str, tuple[Unit, ...]]]:
    """The generator and its steps. Fills ``reading.live`` and ``reading.fixed``."""
    if node is None:
        hint = "write generator: {kind: test_card}, or another kind"
        reading.note(root.file.mistake(root.at, "a show needs a generator: what makes the picture", hint, KINDS))
    mention = with_kind("generator", node, reading) if node else None
    kind = load(GENERATORS, mention, reading) if mention else None
    if mention is None or kind is None:
        reading.unsure.append("generator.")
        return NOTHING, {}
    checked = check(
        mention,
        kind.params,
        reading,
        "generator",
        lambda options: kind.declare(options, reading.library),
        others=kind.steps,
    )
    if not checked.sound:
        reading.unsure.append("generator.")
    check_inputs(checked, reading)
    before, places = len(reading.mistakes), {"generator": mention}
    steps = {
        key: _read_steps(key, table, mention.options.get(key), reading, places) for key, table in kind.steps.items()
    }
    unit = checked.unit(mention)
    if checked.sound and len(reading.mistakes) == before:
        try:
            kind.check(unit.options, steps, reading.library)
        except InstallationError as error:
            about = max((address for address in places if error.message.startswith(address)), key=len, default="")
            blame(places.get(about, mention), error, reading)
    return unit, steps


def _read_steps(
    key: str, table: Table, node: Node | None, reading: Reading, places: dict[str, Mention]
) -> tuple[Unit, ...]:
    """The units of one list. Fills ``places``: where each address was written."""
    units = []
    for mention in in_list(node, f"generator.{key}", reading):
        prefix = f"generator.{key}.{mention.name}"
        places[prefix] = mention
        step = load(table, mention, reading)
        if step is None:
            reading.unsure.append(f"{prefix}.")
            continue
        checked = check(mention, step.params, reading, prefix)
        check_inputs(checked, reading)
        units.append(checked.unit(mention))
    return tuple(units)
