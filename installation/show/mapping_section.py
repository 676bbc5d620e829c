"""``mapping:``: expressions by the address of the live parameter each steers."""

from __future__ import annotations

from installation.document import Node
from installation.mapping.expression import Expression, ExpressionError, parse
from installation.mapping.mapping import fit
from installation.show.reader import fields, kind_of
from installation.show.reading import KINDS, Reading
from installation.types import Channel


def read_mapping(node: Node | None, reading: Reading) -> dict[str, Expression]:
    """Needs ``reading.live`` and ``reading.channels`` complete."""
    mapping = {}
    for address, entry in fields(node, "mapping", reading).items():
        param = reading.check_live(entry, address, "mapped")
        if not isinstance(entry.value, str):
            hint = "write signal | op | op; a plain value belongs to the parameter itself"
            reading.note(entry.mistake(f"a mapping is an expression, not {kind_of(entry)}", hint))
            continue
        try:
            expression = parse(entry.value)
            channels = _channels(expression, entry, reading)
            if channels is None:
                continue
            expression.check(channels)
            if param:
                fit(expression, param, channels)
                mapping[address] = expression
        except ExpressionError as error:
            command = KINDS if error.message.startswith("there is no op") else ""
            reading.note(entry.mistake(error.message, error.suggestion, command, offset=error.column))
    return mapping


def _channels(expression: Expression, node: Node, reading: Reading) -> dict[str, Channel] | None:
    """The channels an expression uses, by address; None when one of them is not there."""
    found = [(address, reading.check_signal(node, address, offset)) for address, offset in expression.places]
    known = {address: channel for address, channel in found if channel}
    return known if len(known) == len(expression.signals) else None
