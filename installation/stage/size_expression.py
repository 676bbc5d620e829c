"""Sizes of a pass's buffer as ISF writes them: ``$WIDTH/4``, ``floor(max($HEIGHT*0.5, 1.0))``, ``360``.

expression = term {("+" | "-") term};  term = factor {("*" | "/") factor}
factor     = ["-"] (number | $name | function "(" expression {"," expression} ")" | "(" expression ")")

Parsed once into a small tree of closures; nothing is handed to Python's own evaluator.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence

Names = Mapping[str, float]
Expression = Callable[[Names], float]

LONGEST = 200  # characters; also bounds how deep brackets can nest
LARGEST = 16384  # pixels a side: what GL 4.5 drivers give at the least
_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|(\$?[A-Za-z_]\w*)|([-+*/(),]))")
_FUNCTIONS: Mapping[str, tuple[int, Callable[..., float]]] = {
    "floor": (1, math.floor),
    "ceil": (1, math.ceil),
    "round": (1, round),
    "abs": (1, abs),
    "min": (2, min),
    "max": (2, max),
}
_OPERATORS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


class SizeError(ValueError):
    """What is wrong with an expression, in one line."""


class _Parser:
    def __init__(self, text: str, names: Sequence[str]) -> None:
        if len(text) > LONGEST:
            raise SizeError(f"a size of more than {LONGEST} characters")
        self.names = names
        self.tokens: list[str] = []
        at, text = 0, text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if not found:
                raise SizeError(f"'{text[at:].strip()[:20]}' is no part of a size")
            self.tokens.append(found[0].strip())
            at = found.end()

    def next(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def expect(self, mark: str) -> None:
        if self.next() != mark:
            raise SizeError(f"expected '{mark}'" + (f" before '{self.next()}'" if self.tokens else " at the end"))
        self.tokens.pop(0)

    def chain(self, marks: str, part: Callable[[], Expression]) -> Expression:
        left = part()
        while self.next() and self.next() in marks:
            left = _binary(_OPERATORS[self.tokens.pop(0)], left, part())
        return left

    def sum(self) -> Expression:
        return self.chain("+-", lambda: self.chain("*/", self.factor))

    def factor(self) -> Expression:
        if not self.tokens:
            raise SizeError("a size that ends too early")
        token = self.tokens.pop(0)
        if token == "-":
            return _binary(operator.sub, lambda names: 0.0, self.factor())
        if token == "(":
            inside = self.sum()
            self.expect(")")
            return inside
        if token[0].isdigit() or token[0] == ".":
            number = float(token)
            return lambda names: number
        if token[0] == "$":
            name = token[1:]
            if name not in self.names:
                raise SizeError(f"there is no {token}; there are {', '.join('$' + n for n in self.names)}")
            return lambda names: float(names[name])
        if token in _FUNCTIONS:
            return self.call(token)
        raise SizeError(f"'{token}' is no number, $name or function ({', '.join(sorted(_FUNCTIONS))})")

    def call(self, name: str) -> Expression:
        count, function = _FUNCTIONS[name]
        self.expect("(")
        values = [self.sum()]
        while self.next() == ",":
            self.tokens.pop(0)
            values.append(self.sum())
        self.expect(")")
        if len(values) != count:
            raise SizeError(f"{name} takes {count} value{'s' * (count > 1)}, not {len(values)}")
        return lambda names: float(function(*(value(names) for value in values)))


def _binary(operation: Callable[[float, float], float], left: Expression, right: Expression) -> Expression:
    return lambda names: operation(left(names), right(names))


def parse(text: str, names: Sequence[str] = ("WIDTH", "HEIGHT")) -> Expression:
    """A function of the names' values. Raises SizeError for anything that is not a size."""
    parser = _Parser(text, names)
    expression = parser.sum()
    if parser.tokens:
        raise SizeError(f"'{parser.next()}' is left over")
    return expression


def pixels(expression: Expression, names: Names) -> int:
    """A whole number of pixels, 1..LARGEST. Raises SizeError where the sum has none (a division by zero)."""
    try:
        size = float(expression(names))
    except (ZeroDivisionError, OverflowError, ValueError) as error:
        raise SizeError(f"a size that cannot be worked out: {error}") from error
    if not math.isfinite(size):
        raise SizeError("a size that is not finite")
    return int(min(max(math.floor(size), 1), LARGEST))
