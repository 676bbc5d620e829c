"""``cues:`` and ``idle:``: values to go to over a fade, and the cue for when nobody is there."""

from __future__ import annotations

from installation.document import Node
from installation.errors import did_you_mean
from installation.params import REQUIRED, Param
from installation.show.reader import fields, note_unknown, read_value, read_values
from installation.show.reading import Reading
from installation.show.show import Cue, Idle

FADE = Param("fade", "seconds", 0.0, low=0.0, high=3600.0, unit="s", help="time to go to the cue's values")
IDLE = (
    Param("after", "seconds", 20.0, low=0.0, high=86400.0, unit="s", help="time without presence before the cue"),
    Param("cue", "text", REQUIRED, help="the cue to go to"),
    Param("signal", "signal", "", help="presence to watch; the show's first one if not given"),
)


def read_cues(node: Node | None, reading: Reading) -> dict[str, Cue]:
    """Needs ``reading.live`` complete."""
    cues = {}
    for name, entry in fields(node, "cues", reading).items():
        given = fields(entry, f"the cue '{name}'", reading)
        note_unknown(given.items(), ("fade", "set"), f"the cue '{name}'", reading)
        fade = read_values(given.items(), (FADE,), reading).get("fade", FADE.default)
        if "set" not in given and isinstance(entry.value, (dict, type(None))):
            message = f"the cue '{name}' sets nothing"
            reading.note(entry.mistake(message, "write set: {address: value}", reading.list_params, at="key"))
        values = {}
        for address, value in fields(given.get("set"), f"'set' of the cue '{name}'", reading).items():
            if param := reading.check_live(value, address, "set by a cue"):
                values[address] = read_value(value, param, reading)
        cues[name] = Cue(name, fade, values)
    return cues


def read_idle(node: Node | None, cues: dict[str, Cue], reading: Reading) -> Idle | None:
    """Needs ``reading.channels`` complete."""
    if node is None:
        return None
    given = fields(node, "idle", reading)
    note_unknown(given.items(), [param.name for param in IDLE], "idle", reading)
    values = {param.name: param.default for param in IDLE} | read_values(given.items(), IDLE, reading)
    if values["cue"] is REQUIRED:
        reading.note(node.mistake("idle needs a cue to go to", did_you_mean("", cues), at="key"))
    elif values["cue"] is not None and values["cue"] not in cues:
        reading.note(given["cue"].mistake(f"there is no cue '{values['cue']}'", did_you_mean(values["cue"], cues)))
    signal = values["signal"] or next((name for name in reading.channels if name.endswith(".presence")), "")
    if values["signal"]:
        reading.check_kind(given["signal"], signal, "number")
    elif not signal and not reading.unsure:
        hint = "name one: signal: audio.level"
        reading.note(node.mistake("idle needs a signal: no source here tells of presence", hint, reading.list_signals))
    return Idle(signal, values["after"], str(values["cue"]))
