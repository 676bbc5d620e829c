"""Errors a person can act on: what is wrong, where, and what to do next. No traceback is ever needed to read one.

``InstallationError`` is one clear line and a hint. ``Mistakes`` is everything wrong with a written file at once, each
with file:line:col, the line itself, a caret, a suggestion and the command that lists the choices.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDEST = 160  # columns of a written line that a mistake shows
LONGEST = 400  # characters of a message
MANY = 5000


class InstallationError(Exception):
    """The base of all errors meant for people. ``hint`` says what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class SourceError(InstallationError):
    """A device, stream or file that cannot be read now. The source's thread reports it and tries again."""


class ModelError(InstallationError):
    """A model that is missing, broken, or not what its card says."""


class ShaderError(InstallationError):
    """A shader file that cannot be read or does not compile; the message starts with file:line."""


class StageError(InstallationError):
    """No window, no monitor, no GL."""


class TakeError(InstallationError):
    """A recording that cannot be read."""


class OutputError(InstallationError):
    """A file or device that cannot be written."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in a written file. ``line`` and ``column`` count from 1; ``text`` is the line as written."""

    file: str
    line: int
    column: int
    text: str
    message: str
    suggestion: str = ""  # "did you mean 'smooth'?"
    command: str = ""  # "installation signals show.yaml"

    def __str__(self) -> str:
        out = [f"{self.file}:{self.line}:{self.column}: {_one_line(self.message)}"]
        if self.text:
            # Only what surrounds the caret of a line that no screen could show.
            start = max(0, self.column - 1 - WIDEST // 2) if len(self.text) > WIDEST else 0
            before = "".join(map(_blank, self.text[start : self.column - 1]))
            out += [f"    {self.text[start : start + WIDEST]}", f"    {before}^"]
        more = [_one_line(self.suggestion)] if self.suggestion else []
        more += [f"to list the choices: {self.command}"] if self.command else []
        if more:
            out.append("    " + "  ".join(more))
        return "\n".join(out)


def _blank(character: str) -> str:
    """As wide as the character: a tab keeps its width only under a tab, and some scripts take two columns."""
    if character == "\t":
        return "\t"
    if unicodedata.combining(character):
        return ""
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "


def _one_line(text: str) -> str:
    """Words from a file as a terminal may show them: no control characters, no endless lines."""
    clean = "".join(c if c.isprintable() else "?" for c in text.replace("\n", " "))
    return clean if len(clean) <= LONGEST else clean[: LONGEST - 3] + "..."


class Mistakes(InstallationError):
    """All mistakes of a file, in the order of the file."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = sorted(mistakes, key=lambda m: (m.file, m.line, m.column))
        super().__init__("\n\n".join(map(str, self.mistakes)))


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """``did you mean 'smooth'?`` for a near miss, else the choices when they are few, else nothing."""
    names = sorted(set(choices))
    if len(names) > MANY:  # no hand wrote these, and comparing with each costs 10 microseconds
        return ""
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"one of: {', '.join(names)}" if 0 < len(names) <= 8 else ""
