"""What a datagram may say: addresses with numbers. Open Sound Control 1.0 (Wright 2002, opensoundcontrol.org).

The network is not to be trusted. Size, nesting, message count, address and type tags are checked on the raw bytes,
before the codec sees them: a nested bundle would recurse in it, an unknown tag would write a log line each, and a
wildcard in an incoming address would become a pattern whose matching can take for ever. Time tags are ignored: what
arrives counts now, so a bundle dated in the future cannot hold anything up.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from installation.types import Vector

LARGEST = 16_384  # bytes a datagram
DEEPEST = 8  # bundles within bundles
MOST_MESSAGES = 512  # a datagram
MOST_NUMBERS = 256  # a message
BUNDLE = b"#bundle\0"
_LARGEST_FLOAT = 3.4028234e38  # of float32, which vectors are

# What a show file can write in an expression; none of OSC's pattern characters.
_ADDRESS = re.compile(rb"/[A-Za-z0-9_\-./:~]{1,127}\0")
_TAGS = re.compile(rb",[ifhdTF]*\0")
_BYTES = {ord("i"): 4, ord("f"): 4, ord("h"): 8, ord("d"): 8, ord("T"): 0, ord("F"): 0}


@dataclass(slots=True)
class Counts:
    """How the port fares: messages taken, messages and datagrams refused."""

    taken: int = 0
    refused: int = 0


def read(datagram: bytes, counts: Counts) -> Iterator[tuple[str, float | Vector]]:
    """The lawful messages of a datagram in its order: a number, or a float32 vector where there are several.

    A message without arguments is a trigger: 1. Everything else is counted and left out; nothing is ever raised.
    """
    for message in _messages(datagram, counts):
        if (found := _message(message)) is None:
            counts.refused += 1
        else:
            counts.taken += 1
            yield found


def _messages(datagram: bytes, counts: Counts) -> Iterator[bytes]:
    """Every message in a datagram. A walk with a stack of its own: depth costs nothing and is capped."""
    if len(datagram) > LARGEST:
        counts.refused += 1
        return
    found = 0
    stack = [(0, len(datagram), 0)]
    while stack:
        start, end, depth = stack.pop()
        if not datagram.startswith(BUNDLE, start, end):
            found += 1
            if found > MOST_MESSAGES:
                counts.refused += 1
                return
            yield datagram[start:end]
        elif depth >= DEEPEST or (elements := _elements(datagram, start, end)) is None:
            counts.refused += 1
        else:
            stack.extend((a, b, depth + 1) for a, b in reversed(elements))


def _elements(datagram: bytes, start: int, end: int) -> list[tuple[int, int]] | None:
    """Where a bundle's elements lie; None when a size is wrong."""
    at = start + 16  # the mark and the time tag
    if at > end:
        return None
    elements: list[tuple[int, int]] = []
    while at < end:
        if at + 4 > end:
            return None
        (size,) = struct.unpack_from(">i", datagram, at)
        if size < 4 or size % 4 or at + 4 + size > end or len(elements) >= MOST_MESSAGES:
            return None
        elements.append((at + 4, at + 4 + size))
        at += 4 + size
    return elements


def _message(message: bytes) -> tuple[str, float | Vector] | None:
    if not (address := _ADDRESS.match(message)):
        return None
    tags_at = -(-address.end() // 4) * 4  # strings are padded to four bytes
    # Senders older than the standard leave the tags out: a bare address is a trigger.
    if tags_at < len(message):
        tags = _TAGS.match(message, tags_at)
        if not tags or tags.end() - tags_at - 2 > MOST_NUMBERS:
            return None
        # The codec fills up with zeros what was cut off.
        if len(message) != -(-tags.end() // 4) * 4 + sum(_BYTES[tag] for tag in tags[0][1:-1]):
            return None
    numbers = _numbers(message)
    if numbers is None or not all(map(_lawful, numbers)):
        return None
    name = address[0][:-1].decode("ascii")
    if len(numbers) <= 1:
        return name, numbers[0] if numbers else 1.0
    import numpy as np

    return name, np.array(numbers, np.float32)


def _numbers(message: bytes) -> list[float] | None:
    from pythonosc.osc_message import OscMessage, ParseError

    try:
        arguments: list[Any] = OscMessage(message).params
    except ParseError:  # cut off; with the tags checked above the codec raises nothing else
        return None
    return [float(argument) for argument in arguments]  # T and F, and ints from switches, as 1 and 0


def _lawful(number: float) -> bool:
    return math.isfinite(number) and abs(number) <= _LARGEST_FLOAT
