"""One show laid over another."""

import pytest

BASE = """
title: Base
tokens: {rate: 0.25}
sources:
  slow: {kind: lfo, rate: $rate, wave: saw}
  fast: {kind: lfo, rate: 2}
generator: {kind: test_card}
stage: {size: 640x360, passes: [between, glow], fps: 30}
"""


def test_what_is_not_said_comes_from_the_included_show(show):
    got = show("include: base.yaml\ntitle: Mine\n", base=BASE)
    assert got.title == "Mine"
    assert got.sources["slow"].options["rate"] == 0.25
    assert (got.stage["size"], got.stage["fps"]) == ((640, 360), 30.0)
    assert [unit.name for unit in got.passes] == ["between", "glow"]


def test_tables_merge_key_by_key_and_lists_are_replaced(show):
    text = "include: base.yaml\nsources: {slow: {wave: sine}}\nstage: {fps: 50, passes: [glow]}\n"
    got = show(text, base=BASE)
    assert (got.sources["slow"].options["wave"], got.sources["slow"].options["rate"]) == ("sine", 0.25)
    assert set(got.sources) == {"slow", "fast"}
    assert (got.stage["size"], got.stage["fps"]) == ((640, 360), 50.0)
    assert [unit.name for unit in got.passes] == ["glow"]


def test_a_unit_of_another_kind_replaces_the_whole(show):
    got = show("include: base.yaml\nsources: {slow: {kind: osc}}\n", base=BASE)
    assert got.sources["slow"].kind == "osc"
    assert "rate" not in got.sources["slow"].options


def test_a_token_of_the_including_show_reaches_the_included_one(show):
    assert show("include: base.yaml\ntokens: {rate: 0.5}\n", base=BASE).sources["slow"].options["rate"] == 0.5


def test_several_are_laid_under_in_order_and_includes_nest(show, home):
    (home / "parts").mkdir()
    (home / "parts" / "deep.yaml").write_text("include: ../base.yaml\nsources: {fast: {rate: 3}}\n")
    got = show("include: [other.yaml, parts/deep.yaml]\n", base=BASE, other="sources: {fast: {phase: 0.5}}\n")
    assert (got.sources["fast"].options["rate"], got.sources["fast"].options["phase"]) == (3.0, 0.5)


def test_a_mistake_is_told_where_it_stands(mistakes):
    broken = BASE.replace("wave: saw", "wave: swa").replace("rate: 2", "rate: 2, rate: 3")
    assert mistakes("include: base.yaml\nstage: {fps: 0}\n", base=broken) == [
        "base.yaml:5:40: wave cannot be 'swa'",
        "base.yaml:6:30: 'rate' is given twice, first in line 6",
        "2:14: fps is 0, outside its range 1..480 fps",
    ]


def test_a_show_that_is_included_twice_is_no_circle(show):
    got = show("include: [base.yaml, again.yaml]\n", base=BASE, again="include: base.yaml\n")
    assert got.title == "Base"


def test_a_circle_ends(mistakes):
    found = mistakes("include: a.yaml\ngenerator: {kind: test_card}\n", a="include: b.yaml\n", b="include: a.yaml\n")
    assert found == ["b.yaml:1:10: this include comes back to its own file: a.yaml -> b.yaml -> a.yaml"]


def test_includes_that_double_at_every_level_end(mistakes):
    files = {f"f{n}": f"include: [f{n + 1}.yaml, f{n + 1}.yaml]\n" for n in range(10)}
    found = mistakes("include: f0.yaml\ngenerator: {kind: test_card}\n", **files, f10="title: Ten\n")
    assert any(message.endswith("a show may include 32 files at most") for message in found)


@pytest.mark.parametrize("name", ["/etc/passwd", "base.txt", "''", "3", "{a: 1}"])
def test_only_shows_are_included(mistakes, name):
    assert mistakes(f"include: {name}\ngenerator: {{kind: test_card}}\n")[0].endswith(
        "an include is the path of a .yaml file, from this show's folder"
    )
