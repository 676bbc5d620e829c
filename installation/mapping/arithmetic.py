"""add and mul: a signal with a number or with another signal, numbers and vectors mixed as one would on paper.

Where the other signal has nothing to say neither has the result: half a sum is a wrong sum. An ``else`` that follows
speaks for both.
"""

from __future__ import annotations

from typing import Any, ClassVar

from installation.mapping.arguments import Argument, Heard, Operand


class Whole:
    """Takes vectors as they are."""

    params: ClassVar[tuple[Argument, ...]] = (Operand("value", help="a number or a signal"),)

    def __init__(self, value: Heard) -> None:
        self._value = value

    def shape(self, size: int) -> int:
        return size

    def reset(self) -> None:
        """Nothing is kept."""


class Add(Whole):
    """``add 0.2`` or ``add audio.bass``"""

    def __call__(self, value: Any, dt: float) -> Any:
        other = self._value()
        return None if value is None or other is None else value + other


class Mul(Whole):
    """``mul 0.5`` or ``mul hands.presence``"""

    def __call__(self, value: Any, dt: float) -> Any:
        other = self._value()
        return None if value is None or other is None else value * other
