"""Mistakes as people read them."""

import pytest

from installation.errors import LONGEST, WIDEST, InstallationError, Mistake, Mistakes, did_you_mean


def mistake(**changes) -> Mistake:
    return Mistake(**{"file": "a.yaml", "line": 3, "column": 5, "text": "a: b", "message": "no"} | changes)


def test_an_error_is_one_line_and_a_hint():
    assert str(InstallationError("no camera 3")) == "no camera 3"
    assert str(InstallationError("no camera 3", "installation doctor lists them")) == (
        "no camera 3\n  installation doctor lists them"
    )


def test_a_mistake_points_at_its_character_and_says_what_next():
    assert str(mistake(column=4, suggestion="did you mean 'c'?", command="installation new")) == (
        "a.yaml:3:4: no\n    a: b\n       ^\n    did you mean 'c'?  to list the choices: installation new"
    )


def test_a_mistake_without_a_line_has_no_caret():
    assert str(mistake(text="", suggestion="try it")) == "a.yaml:3:5: no\n    try it"


@pytest.mark.parametrize(
    ("text", "column", "blanks"),
    [("\ta: b", 5, "\t   "), ("表: b", 4, "    "), ("e\u0301: b", 5, "   "), ("ab", 3, "  ")],
)
def test_the_caret_stands_under_its_character_in_any_script(text, column, blanks):
    assert str(mistake(text=text, column=column)).splitlines()[2] == f"    {blanks}^"


def test_a_line_no_screen_can_hold_is_shown_around_its_caret():
    text = "x" * 5000 + "!" + "y" * 5000
    _, shown, caret = str(mistake(text=text, column=5001)).splitlines()
    assert len(shown) == 4 + WIDEST
    assert shown[caret.index("^")] == "!"


def test_words_of_a_file_cannot_steer_a_terminal_or_fill_it():
    first = str(mistake(message=f"no '\x1b[2J\n{'x' * 10_000}'", suggestion="\x1b", text="")).splitlines()
    assert len(first) == 2
    assert "\x1b" not in "".join(first)
    assert len(first[0]) < LONGEST + 20


def test_mistakes_come_in_the_order_of_the_file():
    mistakes = Mistakes([mistake(line=9), mistake(line=2, column=8), mistake(line=2), mistake(file="0.yaml", line=99)])
    assert [(m.file, m.line, m.column) for m in mistakes.mistakes] == [
        ("0.yaml", 99, 5),
        ("a.yaml", 2, 5),
        ("a.yaml", 2, 8),
        ("a.yaml", 9, 5),
    ]
    assert str(mistakes).count("\n\n") == 3


@pytest.mark.parametrize(
    ("word", "choices", "answer"),
    [
        ("smoth", ["smooth", "scale"], "did you mean 'smooth'?"),
        ("zzz", ["b", "a"], "one of: a, b"),
        ("zzz", [], ""),
        ("zzz", [f"choice{n}" for n in range(9)], ""),
    ],
)
def test_did_you_mean(word, choices, answer):
    assert did_you_mean(word, choices) == answer


def test_a_list_no_hand_wrote_is_not_searched():
    assert did_you_mean("choice1", [f"choice{n}" for n in range(6000)]) == ""
