"""A show file read and checked whole, before any hardware opens. All its mistakes are raised at once."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

from installation.document import Node, shown
from installation.errors import Mistake, Mistakes, did_you_mean
from installation.library import Library
from installation.params import Param, ParamTree
from installation.show import cues_section, include, tokens
from installation.show.generator_section import read_generator
from installation.show.mapping_section import read_mapping
from installation.show.reader import read_value
from installation.show.reading import Reading
from installation.show.show import Show
from installation.show.sources_section import read_sources
from installation.show.stage_section import read_outputs, read_stage

SECTIONS = (
    "title",
    "include",
    "tokens",
    "sources",
    "rehearsal",
    "generator",
    "mapping",
    "stage",
    "outputs",
    "idle",
    "cues",
)


def load(path: Path, library: Library) -> Show:
    """The show in a file. Raises Mistakes with everything wrong, or InstallationError when it cannot be read."""
    show, mistakes = survey(path, library)
    if mistakes:
        raise Mistakes(mistakes)
    return show


def survey(path: Path, library: Library) -> tuple[Show, list[Mistake]]:
    """A show as far as it can be understood, and everything wrong with it.

    For lists of what a show offers, which are wanted most while it is being written. Not to be performed. Raises as
    ``load`` does for a file that is no YAML.
    """
    reading = Reading(library, quote(shown(path)))
    root = tokens.put_in(include.read_whole(path, reading), reading)
    section = root.fields.get
    for name, node in root.fields.items():
        if name not in SECTIONS:
            reading.note(node.mistake(f"a show has no section '{name}'", did_you_mean(name, SECTIONS), at="key"))

    sources, stand_ins = read_sources(section("sources"), section("rehearsal"), reading)
    generator, steps = read_generator(section("generator"), root, reading)
    stage, passes = read_stage(section("stage"), root, reading)
    outputs = read_outputs(section("outputs"), reading)
    mapping = read_mapping(section("mapping"), reading)
    cues = cues_section.read_cues(section("cues"), reading)
    idle = cues_section.read_idle(section("idle"), cues, reading)
    title = _title(section("title"), path, reading)
    show = Show(
        path=path,
        title=title,
        sources=sources,
        rehearsal=stand_ins,
        generator=generator,
        steps=steps,
        passes=passes,
        stage=stage,
        outputs=outputs,
        mapping=mapping,
        idle=idle,
        cues=cues,
        params=ParamTree(reading.live.values()),
        channels=reading.channels,
    )
    return show, Mistakes(reading.mistakes).mistakes


def _title(node: Node | None, path: Path, reading: Reading) -> str:
    param = Param("title", "text", path.stem, help="the show's name")
    return str(read_value(node, param, reading)) if node else path.stem
