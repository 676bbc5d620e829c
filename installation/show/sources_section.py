"""``sources:`` and ``rehearsal:``: units by name, the channels they will send, and what they read of each other."""

from __future__ import annotations

from collections.abc import Mapping

from installation.document import Node
from installation.errors import InstallationError, did_you_mean
from installation.show.reading import Reading
from installation.show.units import Checked, Mention, blame, check, check_inputs, in_table, load
from installation.sources import SOURCES
from installation.types import Channel, Unit


def read_sources(
    sources: Node | None, rehearsal: Node | None, reading: Reading
) -> tuple[dict[str, Unit], dict[str, Unit]]:
    """The sources and the rehearsal's stand-ins for them. Fills ``reading.channels``.

    What a show uses is checked against the union: a stand-in may send less than the device it stands for.
    """
    originals = _read(sources, "sources", reading)
    asked = originals.keys() | (sources.fields.keys() if sources else set())
    stand_ins = _read(rehearsal, "rehearsal", reading)
    for name, node in (rehearsal.fields if rehearsal else {}).items():
        if name not in asked:
            message = f"there is no source '{name}' for the rehearsal to replace"
            reading.note(node.mistake(message, did_you_mean(name, asked), at="key"))
    for group in (originals, stand_ins):
        for _, checked in group.values():
            check_inputs(checked, reading)
        _note_cycle(group, reading)
    return _units(originals), _units(stand_ins)


def _read(node: Node | None, section: str, reading: Reading) -> dict[str, tuple[Mention, Checked]]:
    found = {}
    broken = set(fields) if (fields := node.fields if node else {}) else set()
    for mention in in_table(node, section, reading):
        source = load(SOURCES, mention, reading)
        if source is None:
            continue
        checked = check(mention, source.params, reading)
        if checked.sound:
            try:
                _declare(mention, source.channels(checked.options, reading.library), reading)
                broken.discard(mention.name)
            except InstallationError as error:
                blame(mention, error, reading)
        found[mention.name] = (mention, checked)
    reading.unsure += [f"{name}." for name in broken]
    return found


def _declare(mention: Mention, channels: tuple[Channel, ...], reading: Reading) -> None:
    for channel in channels:
        address = f"{mention.name}.{channel.name}"
        known = reading.channels.setdefault(address, channel)
        if known.kind != channel.kind:
            message = f"'{mention.kind}' sends '{address}' as {channel.kind}; the source it replaces, as {known.kind}"
            reading.note(mention.file.mistake(mention.kind_at, message))


def _note_cycle(group: Mapping[str, tuple[Mention, Checked]], reading: Reading) -> None:
    """No source may wait for itself by way of others."""
    reads = {
        name: [checked.options[param].partition(".")[0] for param in checked.inputs]
        for name, (_, checked) in group.items()
    }
    cleared: set[str] = set()
    for start in reads:
        trail: list[str] = []
        if cycle := _cycle(start, reads, trail, cleared):
            mention, checked = group[cycle[0]]
            node = next(iter(checked.inputs.values()))[1]
            round_trip = ", which reads ".join([*cycle[1:], cycle[0]])
            reading.note(node.mistake(f"{cycle[0]} reads {round_trip}: no source can wait for itself"))
            cleared.update(cycle)


def _cycle(name: str, reads: Mapping[str, list[str]], trail: list[str], cleared: set[str]) -> list[str]:
    """The names of a cycle reached from ``name``, in order; empty if there is none."""
    if name in trail:
        return trail[trail.index(name) :]
    if name in cleared or name not in reads:
        return []
    for other in reads[name]:
        if cycle := _cycle(other, reads, [*trail, name], cleared):
            return cycle
    cleared.add(name)
    return []


def _units(group: Mapping[str, tuple[Mention, Checked]]) -> dict[str, Unit]:
    return {name: checked.unit(mention) for name, (mention, checked) in group.items()}
