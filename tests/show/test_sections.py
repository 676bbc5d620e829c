"""What the sections check that no kind of the house can show alone: circles, stand-ins, nested options, names."""

from installation.types import Unit

CARD = "generator: {kind: test_card}\n"


def test_sources_cannot_wait_for_each_other(mistakes):
    text = "sources:\n  a: {kind: mirror, image: b.frame}\n  b: {kind: mirror, other: c.level}\n"
    assert mistakes(f"{text}  c: {{kind: mirror, image: a.frame}}\n{CARD}") == [
        "2:28: a reads b reads c reads a: no source can wait for itself"
    ]
    assert mistakes(f"sources:\n  a: {{kind: mirror, image: a.frame}}\n{CARD}") == [
        "2:28: a reads a: no source can wait for itself"
    ]


def test_a_circle_through_the_rehearsal_is_one_too(mistakes):
    text = "sources:\n  a: {kind: mirror}\n  b: {kind: mirror, image: a.frame}\n"
    assert mistakes(f"{text}rehearsal:\n  a: {{kind: mirror, image: b.frame}}\n{CARD}") == [
        "5:28: a reads b reads a: no source can wait for itself"
    ]


def test_sources_may_read_each_other_in_a_row(show):
    text = "sources:\n  a: {kind: mirror, image: b.frame}\n  b: {kind: mirror, image: c.frame}\n  c: {kind: mirror}\n"
    assert show(text + CARD).sources["a"].options["image"] == "b.frame"


def test_a_stand_in_may_send_less_but_not_something_else(show, mistakes):
    text = "sources:\n  a: {kind: mirror}\nmapping:\n  stage.glow.amount: a.level\nstage: {passes: [glow]}\n"
    assert mistakes(f"{text}rehearsal: {{a: {{kind: frame}}}}\n{CARD}") == [
        "6:23: 'frame' sends 'a.frame' as number, 'mirror' as image"
    ]
    got = show(f"{text}rehearsal: {{a: {{kind: mirror}}}}\n{CARD}")
    assert got.rehearsal["a"].kind == "mirror"


def test_a_stand_in_may_send_more(show):
    with_osc = "sources:\n  a: {kind: osc}\nrehearsal:\n  a: {kind: lfo}\n"
    assert {"a.value", "a./*"} <= set(show(with_osc + CARD).channels)


def test_dotted_options_are_written_nested_or_dotted(show, mistakes):
    nested = show(f"sources: {{a: {{kind: mirror, crop: {{left: 0.1, right: 0.2}}}}}}\n{CARD}")
    assert nested.sources["a"].options == {"image": "", "other": "", "crop.left": 0.1, "crop.right": 0.2}
    dotted = show(f"sources: {{a: {{kind: mirror, crop.left: 0.1}}}}\n{CARD}")
    assert dotted.sources["a"].options["crop.left"] == 0.1
    assert mistakes(f"sources: {{a: {{kind: mirror, crop: {{left: 0.1, rite: 1}}, crop.left: 0.2}}}}\n{CARD}") == [
        "1:47: a (mirror) has no option 'crop.rite'",
        "1:57: 'crop.left' is given twice",
    ]
    assert mistakes(f"sources: {{a: {{kind: mirror, crop: 0.1}}}}\n{CARD}") == ["1:29: a (mirror) has no option 'crop'"]


def test_a_second_unit_of_one_kind_has_a_number(show):
    got = show(f"stage: {{passes: [glow, {{glow: {{amount: 0.1}}}}, glow]}}\n{CARD}")
    assert [unit.name for unit in got.passes] == ["glow", "glow_2", "glow_3"]
    assert {"stage.glow.amount", "stage.glow_2.amount", "stage.glow_3.amount"} <= set(got.params)
    assert got.params["stage.glow_2.amount"].default == 0.1


def test_outputs_are_checked_units(show):
    (output,) = show(f"outputs: [digest]\n{CARD}").outputs
    assert isinstance(output, Unit)
    assert (output.name, output.kind) == ("digest", "digest")


def test_a_presence_is_found_and_an_idle_signal_named(show, mistakes):
    cues = "cues: {rest: {set: {stage.glow.amount: 0}}}\nstage: {passes: [glow]}\n"
    got = show(f"sources: {{slow: {{kind: lfo}}}}\nidle: {{signal: slow.value, after: 1min, cue: rest}}\n{cues}{CARD}")
    assert (got.idle.signal, got.idle.after, got.idle.cue) == ("slow.value", 60.0, "rest")
    assert got.cues["rest"].fade == 0.0
    text = f"sources: {{slow: {{kind: lfo}}}}\nidle: {{signal: slow.valeu, cue: rest}}\n{cues}{CARD}"
    assert mistakes(text) == ["2:16: there is no signal 'slow.valeu'"]


def test_empty_sections_are_empty(show):
    got = show(f"sources:\nmapping:\ncues:\nstage:\noutputs:\nrehearsal:\ntokens:\n{CARD}")
    assert (got.sources, got.mapping, got.cues, got.passes, got.outputs, got.idle) == ({}, {}, {}, (), (), None)
    assert got.stage["size"] == (1280, 720)
    assert got.title == "show"
