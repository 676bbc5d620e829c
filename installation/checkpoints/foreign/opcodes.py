"""The instructions of a pickle, decoded without doing any of them (the format: Lib/pickletools.py of Python).

``scan`` walks a pickle from its first byte to its STOP before anything is built, so that a pickle with one instruction
we never do, cut short, or larger than any checkpoint's is refused whole. Arguments are read in place; a length is
compared with what is there before a byte is copied.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from installation.checkpoints.foreign.budget import Budget
from installation.checkpoints.foreign.records import broken, cut_short
from installation.errors import ModelError

NEWEST = 5  # protocol
MOST_MEMO = 1 << 20  # index of a remembered value
MOST_MARKS = 200  # depth of open brackets; nested modules take about 4 a level
LONGEST_NUMBER = 64  # bytes of a LONG
LONGEST_LINE = 4096  # bytes of a text argument


Op = tuple[
    str, Any, int
]  # name; argument: None, a number, a str, a memoryview, or two words; where the next one starts

# First byte -> (name, how its argument is read). What is not here is never done.
_NONE = {
    "(": "MARK", ".": "STOP", "0": "POP", "1": "POP_MARK", "2": "DUP", "N": "NONE", "\x88": "NEWTRUE",
    "\x89": "NEWFALSE", "]": "EMPTY_LIST", "a": "APPEND", "e": "APPENDS", "l": "LIST", ")": "EMPTY_TUPLE",
    "t": "TUPLE", "\x85": "TUPLE1", "\x86": "TUPLE2", "\x87": "TUPLE3", "}": "EMPTY_DICT", "d": "DICT",
    "s": "SETITEM", "u": "SETITEMS", "\x8f": "EMPTY_SET", "\x90": "ADDITEMS", "\x94": "MEMOIZE",
    "\x93": "STACK_GLOBAL", "R": "REDUCE", "\x81": "NEWOBJ", "b": "BUILD", "Q": "BINPERSID",
}  # fmt: skip
_FIXED = {
    "\x80": ("PROTO", "<B"), "\x95": ("FRAME", "<Q"), "K": ("INT", "<B"), "M": ("INT", "<H"), "J": ("INT", "<i"),
    "G": ("FLOAT", ">d"), "q": ("PUT", "<B"), "r": ("PUT", "<I"), "h": ("GET", "<B"), "j": ("GET", "<I"),
}  # fmt: skip
_COUNTED = {
    "\x8a": ("LONG", "<B"), "\x8b": ("LONG", "<i"), "\x8c": ("WORD", "<B"), "X": ("WORD", "<I"),
    "\x8d": ("WORD", "<Q"), "U": ("WORD", "<B"), "T": ("WORD", "<i"), "C": ("BYTES", "<B"), "B": ("BYTES", "<I"),
    "\x8e": ("BYTES", "<Q"), "\x96": ("BYTES", "<Q"),
}  # fmt: skip
_LINES = {"I": "INT", "L": "INT", "F": "FLOAT", "V": "WORD", "p": "PUT", "g": "GET", "c": "GLOBAL"}
_CLOSING = {"TUPLE", "LIST", "DICT", "APPENDS", "SETITEMS", "ADDITEMS", "POP_MARK"}
# Named in a refusal: who reads it shall know that this was no accident.
REFUSED = {
    "i": "INST", "o": "OBJ", "\x82": "EXT1", "\x83": "EXT2", "\x84": "EXT4", "\x92": "NEWOBJ_EX", "P": "PERSID",
    "\x97": "NEXT_BUFFER", "\x98": "READONLY_BUFFER", "S": "STRING", "\x91": "FROZENSET",
}  # fmt: skip


def _forms() -> list[tuple[str, str, int, str] | None]:
    """By first byte: (which table, struct's form, its size, name)."""
    forms: list[tuple[str, str, int, str] | None] = [None] * 256
    for first, name in _NONE.items():
        forms[ord(first)] = ("none", "", 0, name)
    for table, rows in (("fixed", _FIXED), ("counted", _COUNTED)):
        for first, (name, form) in rows.items():
            forms[ord(first)] = (table, form, struct.calcsize(form), name)
    for first, name in _LINES.items():
        forms[ord(first)] = ("line", "", 0, name)
    return forms


FORMS = _forms()
KNOWN = {first for first, form in enumerate(FORMS) if form}


def decode(view: memoryview, at: int) -> Iterator[Op]:
    """Every instruction from ``at`` to STOP. Raises ModelError."""
    while True:
        if at >= len(view):
            raise cut_short()
        form = FORMS[view[at]]
        if form is None:
            raise _never(chr(view[at]))
        table, words, size, name = form
        argument: Any = None
        at += 1
        if table == "fixed":
            argument = _unpack(words, size, view, at)
            at += size
        elif table == "counted":
            length = _unpack(words, size, view, at)
            at += size
            if not 0 <= length <= len(view) - at:
                raise cut_short()
            argument = _argument(name, view[at : at + length])
            at += length
        elif table == "line":
            name, argument, at = _line(name, view, at)
        yield name, argument, at
        if name == "STOP":
            return


def scan(view: memoryview, start: int, budget: Budget) -> int:
    """Where the pickle that starts at ``start`` ends. Raises ModelError for one that we would not read to its end."""
    opcodes = marks = end = 0
    for name, argument, end in decode(view, start):
        opcodes += 1
        if opcodes > budget.opcodes:
            budget.run(opcodes)
        if name == "MARK":
            marks += 1
            if marks > MOST_MARKS:
                raise ModelError("it is nested deeper than any checkpoint")
        elif name in _CLOSING:
            marks = max(0, marks - 1)
        elif name in ("PUT", "GET") and not 0 <= argument < MOST_MEMO:
            raise ModelError("it remembers more values than any checkpoint")
        elif name == "PROTO" and argument > NEWEST:
            raise ModelError(f"it is a pickle of protocol {argument}, which is not known")
        elif name == "FRAME" and argument > len(view) - end:
            raise cut_short()
    budget.run(opcodes)
    return end


def _never(first: str) -> ModelError:
    if first in REFUSED:
        return ModelError(f"it asks for {REFUSED[first]}, which a checkpoint has no need of", "nothing of it was run")
    return broken("an instruction in it is none")


def _unpack(form: str, size: int, view: memoryview, at: int) -> Any:
    if size > len(view) - at:
        raise cut_short()
    return struct.unpack_from(form, view, at)[0]


def _argument(name: str, raw: memoryview) -> Any:
    if name == "WORD":
        return _word(raw)
    if name == "LONG":
        if len(raw) > LONGEST_NUMBER:
            raise ModelError("it holds a number longer than any checkpoint's")
        return int.from_bytes(raw, "little", signed=True)
    return raw


def _word(raw: memoryview, encoding: str = "utf-8") -> str:
    try:
        return str(raw, encoding)
    except UnicodeDecodeError:
        raise broken("a word in it is not text") from None


def _line(name: str, view: memoryview, at: int) -> Op:
    line, end = _until_newline(view, at)
    if name == "WORD":
        return name, _word(line, "raw-unicode-escape"), end
    text = _word(line, "utf-8" if name == "GLOBAL" else "ascii")
    if name == "GLOBAL":
        second, end = _until_newline(view, end)
        return name, (text, _word(second)), end
    if name == "INT" and text in ("00", "01"):
        return ("NEWTRUE" if text == "01" else "NEWFALSE"), None, end
    try:
        number = float(text) if name == "FLOAT" else int(text.removesuffix("L"))
    except ValueError:
        raise broken("a number in it is none") from None
    return name, number, end


def _until_newline(view: memoryview, at: int) -> tuple[memoryview, int]:
    line = bytes(view[at : at + LONGEST_LINE])
    length = line.find(b"\n")
    if length < 0:
        raise broken("a line in it does not end")
    return view[at : at + length], at + length + 1
