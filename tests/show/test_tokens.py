"""Values with names."""


def test_a_token_stands_for_a_whole_value_of_any_type(show):
    got = show(
        "tokens: {rate: 0.3, wave: saw, seeds: [3, 14], on: true}\n"
        "sources: {slow: {kind: lfo, rate: $rate, wave: $wave}}\n"
        "generator: {kind: gan, model: omniart-eyes, latent: [{walk: {seeds: $seeds}}]}\n"
        "stage: {fullscreen: $on}\n"
    )
    assert (got.sources["slow"].options["rate"], got.sources["slow"].options["wave"]) == (0.3, "saw")
    assert got.steps["latent"][0].options["seeds"] == (3.0, 14.0)
    assert got.stage["fullscreen"] is True


def test_a_token_stands_inside_a_mapping(show):
    got = show(
        "tokens: {most: 0.8, from: slow.value}\n"
        "sources: {slow: {kind: lfo}}\n"
        "generator: {kind: gan, model: omniart-eyes, latent: [truncate]}\n"
        "mapping: {generator.latent.truncate.psi: $from | scale 0..1 -> 0.2..$most}\n"
    )
    assert got.mapping["generator.latent.truncate.psi"].text == "slow.value | scale 0..1 -> 0.2..0.8"


def test_a_quoted_dollar_and_a_dollar_in_a_text_are_text(show):
    assert show("title: '$cash'\ngenerator: {kind: test_card}\n").title == "$cash"
    assert show("title: A $cash show\ngenerator: {kind: test_card}\n").title == "A $cash show"


def test_an_unknown_token_is_one_mistake(mistakes):
    assert mistakes("tokens: {a: 1}\ngenerator: {kind: test_card}\nstage: {fps: $b, passes: [$c]}\n") == [
        "3:14: there is no token '$b'",
        "3:27: there is no token '$c'",
    ]


def test_a_list_cannot_stand_inside_a_mapping(mistakes):
    assert mistakes("tokens: {a: [1, 2]}\ngenerator: {kind: test_card}\nmapping: {stage.x: slow.value | add $a}\n") == [
        "3:37: '$a' is no single value: it cannot stand inside a mapping"
    ]


def test_columns_in_a_mapping_are_those_written(mistakes):
    text = (
        "tokens: {s: slow.value, t: 0.4s}\n"
        "sources: {slow: {kind: lfo}}\n"
        "generator: {kind: gan, model: omniart-eyes, latent: [truncate]}\n"
        "mapping:\n"
        "  generator.latent.truncate.psi: $s | smooth $t | smoth $t\n"
    )
    assert mistakes(text) == ["5:51: there is no op 'smoth'"]
