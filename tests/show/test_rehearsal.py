"""A show without its hardware."""

from pathlib import Path

from installation.show.rehearsal import from_take, missing, rehearsed
from installation.takes import Header, Take
from installation.types import Channel

SHOW = """
sources:
  wall: {kind: away}
  eye: {kind: mirror, image: wall.frame}
  ear: {kind: mirror, other: eye.level}
  slow: {kind: lfo}
rehearsal:
  wall: {kind: mirror}
  ear: {kind: mirror}
generator: {kind: test_card}
"""


def test_what_is_away_and_what_looks_at_it(show):
    assert missing(show(SHOW)) == dict.fromkeys(("wall", "eye", "ear"), "no mirror on the wall")
    assert missing(show("sources: {slow: {kind: lfo}}\ngenerator: {kind: test_card}\n")) == {}


def test_stand_ins_take_the_places_of_what_is_away(show):
    written = show(SHOW)
    got = rehearsed(written, missing(written))
    assert {name: unit.kind for name, unit in got.sources.items()} == {"slow": "lfo", "wall": "mirror", "ear": "mirror"}
    assert got.sources["ear"].options["other"] == ""
    assert got.channels == written.channels


def test_a_take_plays_what_it_holds_and_hardware_stays_away(show):
    held = {f"{name}.level": Channel("level") for name in ("wall", "eye")}
    take = Take(Path("out/take"), Header(fps=30.0, seconds=2.0, channels=held), lines=())
    got = from_take(show(SHOW), take, loop=True)
    tapes = {name: unit.options for name, unit in got.sources.items() if unit.kind == "tape"}
    assert tapes == {name: {"take": "out/take", "source": name, "loop": True} for name in ("wall", "eye")}
    assert got.sources["slow"].kind == "lfo"
