"""Words of a mapping expression, each with its column, so that every error can point at what it means."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A word is an address, a number, a range or a name. `-` belongs to it (`osc./left-hand`, `-1..1`) but not in `->`.
_TOKEN = re.compile(r"\s*(?:(?P<word>(?:[\w./]|-(?!>))+)|(?P<mark>->|[|+*\[\]]))")


class ExpressionError(ValueError):
    """A mistake in an expression: one line, the 0-based column it is at, and perhaps what was meant."""

    def __init__(self, message: str, column: int, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is '' at the end of the expression. ``word`` tells words from the marks ``-> | + * [ ]``."""

    text: str
    column: int
    word: bool


class Tokens:
    """The tokens of a text, taken one by one."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_split(text))
        self._at = 0

    @property
    def next(self) -> Token:
        """The one to come, not taken."""
        return self._tokens[self._at]

    def take(self) -> Token:
        token = self.next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def took(self, mark: str) -> bool:
        """Take a mark if it is the next."""
        found = not self.next.word and self.next.text == mark
        if found:
            self.take()
        return found

    def expect(self, mark: str, message: str, suggestion: str = "") -> None:
        if not self.took(mark):
            raise ExpressionError(message, self.next.column, suggestion)


def _split(text: str) -> list[Token]:
    tokens: list[Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found:
            column = len(text) - len(text[at:].lstrip())
            raise ExpressionError(f"'{text[column]}' has no meaning in an expression", column)
        kind = found.lastgroup or ""
        tokens.append(Token(found[kind], found.start(kind), kind == "word"))
        at = found.end()
    return [*tokens, Token("", end, False)]
