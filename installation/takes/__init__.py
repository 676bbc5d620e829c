"""Takes: performances kept as plain text. ``format`` defines and writes one, ``reading`` checks and reads it."""

from installation.takes.format import (
    HEADER,
    SIGNALS,
    Header,
    Line,
    Take,
    frame_path,
    tape_sources,
    write_header,
    write_line,
)
from installation.takes.reading import LONGEST_LINE, read, read_header

__all__ = [
    "HEADER",
    "LONGEST_LINE",
    "SIGNALS",
    "Header",
    "Line",
    "Take",
    "frame_path",
    "read",
    "read_header",
    "tape_sources",
    "write_header",
    "write_line",
]
