"""What an op may be told: numbers, times, ranges, names, and signals. Declared by the op's class, read by the parser.

An op's ``params`` are, in order, ``Param`` (float, int, seconds, choice, text), ``Span`` for a range such as ``0..1``
(two of them in a row are written ``0..1 -> 0.4..1``) and ``Operand`` for a number or a signal's address.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from installation.errors import did_you_mean
from installation.params import REQUIRED, Param, ParamError

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:e-?\d+)?")
_SPAN = re.compile(rf"({_NUMBER.pattern})\.\.({_NUMBER.pattern})")
_ADDRESS = re.compile(r"[^\W\d][\w/-]*(?:\.[\w/-]+)*")

Heard = Callable[[], Any]  # what an op with an Operand gets: call it for this frame's value, None if there is none


@dataclass(frozen=True, slots=True)
class Span:
    """A range ``low..high``; the op gets (low, high) with low < high."""

    name: str
    default: Any = REQUIRED
    help: str = ""

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    def read(self, text: str) -> tuple[float, float]:
        found = _SPAN.fullmatch(text)
        low, high = (number(found[1]), number(found[2])) if found else (None, None)
        if not found or low is None or high is None:
            raise ParamError(f"{self.name} wants a range, not '{text}'", "write it as 0..1")
        if low == high:
            raise ParamError(f"the range {text} is empty")
        if low > high:
            # Backwards is said in one way only, so that a slip of the pen is found.
            raise ParamError(
                f"the range {text} is reversed", f"write {found[2]}..{found[1]}, and invert to turn it over"
            )
        return low, high


@dataclass(frozen=True, slots=True)
class Operand:
    """A number or a signal; the op gets a ``Heard``."""

    name: str
    default: Any = REQUIRED
    help: str = ""

    @property
    def required(self) -> bool:
        return self.default is REQUIRED


Argument = Param | Span | Operand


def number(text: str) -> float | None:
    """The number a word is, None when it is none (or past what a float holds)."""
    value = float(text) if _NUMBER.fullmatch(text) else math.inf
    return value if math.isfinite(value) else None


def is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def read(argument: Param | Span, text: str) -> Any:
    """The checked value of one word. Raises ParamError."""
    if isinstance(argument, Span):
        return argument.read(text)
    if argument.type in ("float", "int"):
        value = number(text)
        if value is None:
            raise ParamError(f"{argument.name} wants a number, not '{text}'")
        return argument.read(value)
    if argument.type == "choice" and text not in argument.choices:
        raise ParamError(f"{argument.name} cannot be '{text}'", did_you_mean(text, argument.choices))
    return argument.read(text)


def usage(op: str, arguments: tuple[Argument, ...]) -> str:
    """How an op is written: ``scale FROM -> TO``, ``gate ON [OFF]``."""
    words, before = [op], None
    for argument in arguments:
        if isinstance(argument, Span) and isinstance(before, Span):
            words.append("->")
        name = argument.name.upper()
        words.append(name if argument.required else f"[{name}]")
        before = argument
    return " ".join(words)
