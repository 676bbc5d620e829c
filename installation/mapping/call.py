"""One op of an expression: its name, its class, its checked arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from installation.errors import InstallationError
from installation.mapping import OPS
from installation.mapping.arguments import Argument, Operand, Span, is_address, number, read, usage
from installation.mapping.pipeline import EachComponent, Ear, Read, shape_of
from installation.mapping.tokens import ExpressionError, Tokens
from installation.params import ParamError
from installation.tables import UnknownKind
from installation.types import Channel, Op


@dataclass(frozen=True, slots=True)
class Call:
    """An op with its arguments in the order of its class's ``params``; an Operand's is a ``Read``."""

    name: str
    op: Any
    arguments: tuple[Any, ...]
    column: int = field(default=0, compare=False)

    @property
    def reads(self) -> tuple[Read, ...]:
        return tuple(argument for argument in self.arguments if isinstance(argument, Read))

    def make(self, ear: Ear, size: int) -> Op:
        """The live op for ``size`` components in (0: a number)."""
        if size and not hasattr(self.op, "shape"):
            return EachComponent([self.make(ear, 0) for _ in range(size)])
        op: Op = self.op(*(ear.hear(a) if isinstance(a, Read) else a for a in self.arguments))
        return op

    def shape(self, size: int, channels: Mapping[str, Channel]) -> int:
        """Components of what comes out for ``size`` in. Raises ExpressionError where the two do not go together."""
        whole = hasattr(self.op, "shape")
        for operand in self.reads:
            wide = size_of(operand, channels)
            if wide and not whole:
                raise ExpressionError(f"{self.name} wants a number, and {operand} is a vector", operand.column)
            if size and wide and wide != size:
                raise ExpressionError(
                    f"{self.name}: {operand} has {wide} components, and {size} come in", operand.column
                )
            size = max(size, wide)
        if not whole:
            return size
        op: Any = self.make(Ear(channels), size)
        try:
            return int(op.shape(size))
        except ValueError as error:
            raise ExpressionError(f"{self.name} {error}", self.column) from error


def size_of(read: Read, channels: Mapping[str, Channel]) -> int:
    """``shape_of``, with the column of what is wrong."""
    try:
        return shape_of(read, channels)
    except ValueError as error:
        raise ExpressionError(str(error), read.column) from error


def take_call(tokens: Tokens) -> Call:
    """The op that comes next, up to the following ``|`` or the end."""
    word = tokens.take()
    name = word.text
    if not word.word:
        raise ExpressionError(f"an op is missing before '{name}'" if name else "an op is missing after |", word.column)
    try:
        op = OPS.load(name)
    except UnknownKind as error:
        raise ExpressionError(error.message, word.column, error.suggestion) from error
    except InstallationError as error:
        raise ExpressionError(error.message, word.column, error.hint) from error
    how = f"write {usage(name, op.params)}"
    arguments: list[Any] = []
    before: Argument | None = None
    for argument in op.params:
        if isinstance(argument, Span) and isinstance(before, Span) and tokens.next.word:
            tokens.expect("->", f"{name} wants -> before '{tokens.next.text}'", how)
        elif isinstance(argument, Span) and isinstance(before, Span):
            tokens.took("->")
        if tokens.next.word:
            arguments.append(_take_argument(name, argument, tokens))
        elif argument.required:
            raise ExpressionError(f"{name} wants its {argument.name}", word.column, how)
        else:
            default = argument.default
            arguments.append(Read(constant=default) if isinstance(argument, Operand) else default)
        before = argument
    if tokens.next.text not in ("", "|"):
        raise ExpressionError(f"{name} cannot use '{tokens.next.text}'", tokens.next.column, how)
    call = Call(name, op, tuple(arguments), word.column)
    try:
        call.make(Ear({}), 0)  # an op may know more than its arguments do apart: a gate's two thresholds
    except ValueError as error:
        raise ExpressionError(f"{name}: {error}", word.column, getattr(error, "suggestion", "")) from error
    return call


def _take_argument(name: str, argument: Argument, tokens: Tokens) -> Any:
    if isinstance(argument, Operand):
        return take_read(tokens, f"{name} wants a number or a signal")
    word = tokens.take()
    try:
        return read(argument, word.text)
    except ParamError as error:
        raise ExpressionError(f"{name}: {error}", word.column, error.suggestion) from error


def take_read(tokens: Tokens, wanted: str) -> Read:
    """``address``, ``address[3]`` or a number."""
    word = tokens.take()
    if not word.word:
        raise ExpressionError(f"{wanted}, not '{word.text}'" if word.text else wanted, word.column)
    constant = number(word.text)
    if constant is not None:
        return Read(constant=constant, column=word.column)
    if not is_address(word.text):
        raise ExpressionError(f"{wanted}, not '{word.text}'", word.column)
    if not tokens.took("["):
        return Read(word.text, column=word.column)
    index = tokens.take()
    if not index.text.isdecimal():
        raise ExpressionError(f"{word.text}[ wants the number of a component", index.column, f"write {word.text}[0]")
    tokens.expect("]", f"{word.text}[{index.text} wants a closing ]")
    return Read(word.text, int(index.text), column=word.column)
