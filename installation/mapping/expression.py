"""Mapping expressions: ``[base (+|*)] signal ("|" op argument*)*``, parsed by hand, never evaluated as code.

    hands.left.pinch | scale 0..1 -> 0.4..1.0 | one_euro | else 0.7
    base + audio.bass | envelope 5ms 250ms | mul 0.3
    hands.both[3] | smooth 0.4s

The signal is an address, a component of a vector signal, or a number. The whole line of ops is applied to it; with
``base +`` or ``base *`` the result is then added to, or multiplied with, what the parameter is set to. A parsed
expression is frozen and holds no state; ``build`` makes the live pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from installation.mapping import OPS
from installation.mapping.call import Call, size_of, take_call, take_read
from installation.mapping.pipeline import Ear, Pipeline, Read
from installation.mapping.tokens import ExpressionError, Tokens
from installation.types import Channel

__all__ = ["Expression", "ExpressionError", "parse"]

LONGEST = 500  # characters
MOST_OPS = 32

Modulates = Literal["", "+", "*"]


@dataclass(frozen=True)
class Expression:
    """``modulates`` is '' where the result replaces the parameter's value."""

    text: str
    signal: Read
    calls: tuple[Call, ...] = ()
    modulates: Modulates = ""

    @cached_property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Every address it reads with the column it is written at, in the order written."""
        reads = (self.signal, *(read for call in self.calls for read in call.reads))
        return tuple((read.address, read.column) for read in reads if read.address)

    @cached_property
    def signals(self) -> tuple[str, ...]:
        """Every address once."""
        return tuple(dict.fromkeys(address for address, _ in self.places))

    def size(self, channels: Mapping[str, Channel]) -> int:
        """Components of the result, 0 for a number. Raises ExpressionError for what does not go together."""
        *_, last = self._sizes(channels)
        return last

    def check(self, channels: Mapping[str, Channel]) -> Literal["number", "vector"]:
        """What comes out, given the show's channels by address. An address that none has counts as a number."""
        return "vector" if self.size(channels) else "number"

    def build(self, channels: Mapping[str, Channel]) -> Pipeline:
        """The live pipeline, with fresh state."""
        ear = Ear(channels)
        sizes = self._sizes(channels)
        ops = [call.make(ear, size) for call, size in zip(self.calls, sizes, strict=False)]
        return Pipeline(ear, ear.hear(self.signal), ops)

    def _sizes(self, channels: Mapping[str, Channel]) -> Iterator[int]:
        """Components before the first op and after each."""
        size = size_of(self.signal, channels)
        yield size
        for call in self.calls:
            size = call.shape(size, channels)
            yield size


def parse(text: str) -> Expression:
    """The expression written in ``text``. Raises ExpressionError for the first thing wrong with it."""
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression is longer than {LONGEST} characters", LONGEST)
    tokens = Tokens(text)
    modulates = _take_base(tokens)
    after = f" after base {modulates}" if modulates else ""
    signal = take_read(tokens, f"a signal or a number is wanted{after}")
    calls: list[Call] = []
    while tokens.next.text:
        there = tokens.next
        tokens.expect("|", f"'{there.text}' cannot stand here", _instead(there.text))
        if len(calls) == MOST_OPS:
            raise ExpressionError(f"more than {MOST_OPS} ops", tokens.next.column)
        calls.append(take_call(tokens))
    return Expression(text, signal, tuple(calls), modulates)


def _take_base(tokens: Tokens) -> Modulates:
    if tokens.next.text != "base":
        return ""
    tokens.take()
    if tokens.took("+"):
        return "+"
    if tokens.took("*"):
        return "*"
    raise ExpressionError("base wants + or * and a signal after it", tokens.next.column, "write base + hands.presence")


def _instead(text: str) -> str:
    if text in ("+", "*"):
        return f"{text} is only for base, at the beginning; write | {'add' if text == '+' else 'mul'} for two signals"
    return f"write | {text}" if text in OPS.kinds() else ""
