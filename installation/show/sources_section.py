"""``sources:`` and ``rehearsal:``: units by name, the channels they will send, and what they read of each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from installation.document import Node
from installation.errors import InstallationError, did_you_mean
from installation.show.reading import Reading
from installation.show.units import Checked, Mention, blame, check, check_inputs, in_table, load
from installation.sources import SOURCES
from installation.types import Channel, Unit


@dataclass(frozen=True, slots=True)
class _Source:
    mention: Mention
    checked: Checked
    channels: tuple[Channel, ...]


def read_sources(
    sources: Node | None, rehearsal: Node | None, reading: Reading
) -> tuple[dict[str, Unit], dict[str, Unit]]:
    """The sources and the rehearsal's stand-ins for them. Fills ``reading.channels``.

    What a show uses is checked against both together: a stand-in may send less than the device it stands for.
    """
    originals = _read(sources, "sources", reading)
    stand_ins = _read(rehearsal, "rehearsal", reading)
    asked = sources.fields if sources else {}
    for name, node in (rehearsal.fields if rehearsal else {}).items():
        if name not in asked:
            message = f"there is no source '{name}' for the rehearsal to replace"
            reading.note(node.mistake(message, did_you_mean(name, asked), at="key"))
        elif name in originals and name in stand_ins:
            _note_stranger(originals[name], stand_ins[name], reading)
    for source in (*originals.values(), *stand_ins.values()):
        check_inputs(source.checked, reading)
    _note_cycle(originals, reading)
    _note_cycle({**originals, **stand_ins}, reading)
    return _units(originals), _units(stand_ins)


def _read(node: Node | None, section: str, reading: Reading) -> dict[str, _Source]:
    found = {}
    broken = set(node.fields) if node else set()
    for mention in in_table(node, section, reading):
        kind = load(SOURCES, mention, reading)
        if kind is None:
            continue
        checked = check(mention, kind.params, reading)
        channels: tuple[Channel, ...] = ()
        if checked.sound:
            try:
                channels = tuple(kind.channels(checked.options, reading.library))
                broken.discard(mention.name)
            except InstallationError as error:
                blame(mention, error, reading)
        for channel in channels:
            reading.channels.setdefault(f"{mention.name}.{channel.name}", channel)
        found[mention.name] = _Source(mention, checked, channels)
    reading.unsure += [f"{name}." for name in broken]
    return found


def _note_stranger(original: _Source, stand_in: _Source, reading: Reading) -> None:
    """A stand-in that sends nothing of what it stands for, or sends it as another kind, is a slip."""
    wanted = {channel.name: channel.kind for channel in original.channels}
    sent = {channel.name: channel.kind for channel in stand_in.channels}
    both = sorted(wanted.keys() & sent.keys())
    mention = stand_in.mention
    messages = [
        f"'{mention.kind}' sends '{mention.name}.{name}' as {sent[name]}, '{original.mention.kind}' as {wanted[name]}"
        for name in both
        if wanted[name] != sent[name]
    ]
    opened = any(name.endswith("*") for name in (*wanted, *sent))  # may send anything
    if wanted and sent and not both and not opened:
        messages = [f"'{mention.kind}' sends nothing that '{original.mention.kind}' sends: it cannot stand in for it"]
    for message in messages:
        reading.note(mention.file.mistake(mention.kind_at, message))


def _note_cycle(group: Mapping[str, _Source], reading: Reading) -> None:
    """No source may wait for itself by way of others."""
    reads = {
        name: [source.checked.options[param].partition(".")[0] for param in source.checked.inputs]
        for name, source in group.items()
    }
    try:
        TopologicalSorter(reads).prepare()
    except CycleError as error:
        ring = error.args[1][:0:-1]  # each reads the next
        start = ring.index(min(ring, key=list(reads).index))
        names = [*ring[start:], *ring[: start + 1]]
        inputs = group[names[0]].checked.inputs.values()
        node = next(node for _, node in inputs if str(node.value).startswith(f"{names[1]}."))
        reading.note(node.mistake(f"{' reads '.join(names)}: no source can wait for itself"))


def _units(group: Mapping[str, _Source]) -> dict[str, Unit]:
    return {name: source.checked.unit(source.mention) for name, source in group.items()}
