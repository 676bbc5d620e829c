from __future__ import annotations

import pytest

from installation.mapping.tokens import ExpressionError, Tokens


def all_of(text: str) -> list[tuple[str, int]]:
    tokens, out = Tokens(text), []
    while tokens.next.text:
        token = tokens.take()
        out.append((token.text, token.column))
    return out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b|c", [("a.b", 0), ("|", 3), ("c", 4)]),
        ("  base+ osc./1/fader-1 ", [("base", 2), ("+", 6), ("osc./1/fader-1", 8)]),
        ("-1..1->-0.2..0.2", [("-1..1", 0), ("->", 5), ("-0.2..0.2", 7)]),
        ("a[12]", [("a", 0), ("[", 1), ("12", 2), ("]", 4)]),
        ("\ta | b", [("a", 1), ("|", 3), ("b", 5)]),
    ],
)
def test_words_and_marks_keep_their_columns(text: str, expected: list[tuple[str, int]]) -> None:
    assert all_of(text) == expected


def test_the_end_is_an_empty_token_that_stays() -> None:
    tokens = Tokens("a  ")
    tokens.take()
    assert [tokens.take().text for _ in range(3)] == ["", "", ""]
    assert tokens.next.column == 1


@pytest.mark.parametrize(("text", "column"), [("a.b % 2", 4), ("(a)", 0), ("a |  $b", 5), ("a > b", 2), ("a;b", 1)])
def test_a_character_without_meaning_is_pointed_at(text: str, column: int) -> None:
    with pytest.raises(ExpressionError, match="has no meaning") as caught:
        Tokens(text)
    assert caught.value.column == column
    assert text[column] in caught.value.message
