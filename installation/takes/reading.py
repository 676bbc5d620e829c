"""Reads a take, and trusts nothing in it: sizes are capped, numbers finite, addresses declared, names of files ours."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from installation.errors import TakeError
from installation.takes.format import FORMAT, HEADER, SIGNALS, Header, Line, Take
from installation.types import Channel

LONGEST_HEADER = 1 << 20  # bytes; the caps keep a broken or hostile take from eating the memory
LONGEST_LINE = 1 << 18
MOST_LINES = 2_000_000
MOST_CHANNELS = 4096
LARGEST_VECTOR = 4096

_KINDS = ("number", "vector", "image", "event")
_ADDRESS = re.compile(r"[A-Za-z_][\w-]*\.[!-~]{1,160}")
_FOLDER = re.compile(r"[A-Za-z_][\w-]*(\.[A-Za-z0-9_-]+)+")  # an image's address names a folder: no slash, no '..'


def read(folder: Path) -> Take:
    """A whole take, checked. Raises TakeError with the file, the line and what is wrong."""
    header = read_header(folder)
    lines: list[Line] = []
    cut = 0
    for number, text in _lines(folder / SIGNALS):
        where = f"{folder / SIGNALS}:{number}"
        try:
            line = _read_line(_json(text), header)
            if lines and line.t < lines[-1].t:
                raise ValueError("its time runs backwards")
        except ValueError as error:
            if text.endswith(b"\n"):
                raise TakeError(f"{where}: {error}", "the take is damaged; record it again") from None
            cut += 1
            continue
        lines.append(line)
    return Take(folder, header, tuple(lines), cut)


def read_header(folder: Path) -> Header:
    """Only take.json: what a tape needs to declare its channels. Raises TakeError."""
    path = folder / HEADER
    try:
        with path.open("rb") as file:
            body = _json(file.read(LONGEST_HEADER + 1))
        return _read_header(body)
    except OSError as error:
        raise TakeError(f"{path}: {error.strerror}", "a take is a folder that holds take.json") from error
    except ValueError as error:
        raise TakeError(f"{path}: {error}") from None


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            number = 0
            while text := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(text) > LONGEST_LINE or number > MOST_LINES:
                    raise TakeError(f"{path}:{number}: longer than a take may be")
                yield number, text
    except OSError as error:
        raise TakeError(f"{path}: {error.strerror}") from error


def _json(text: bytes) -> dict[str, Any]:
    def refuse(constant: str) -> float:
        raise ValueError(f"{constant} is not a finite number")

    try:
        body = json.loads(text, parse_constant=refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(body, dict):
        raise ValueError("not a JSON object")
    return body


def _read_header(body: dict[str, Any]) -> Header:
    if body.get("format") != FORMAT:
        raise ValueError(f"format {str(body.get('format'))[:20]} cannot be read; this version reads {FORMAT}")
    fps, seconds = _finite(body.get("fps"), "fps"), body.get("seconds")
    if not 0.1 <= fps <= 1000:
        raise ValueError(f"fps is {fps:g}, outside 0.1..1000")
    channels = body.get("channels")
    if not isinstance(channels, dict) or len(channels) > MOST_CHANNELS:
        raise ValueError(f"'channels' must be a table of at most {MOST_CHANNELS}")
    texts = {key: str(body.get(key, ""))[:4000] for key in ("title", "licence", "note")}
    length = None if seconds is None else _finite(seconds, "seconds")
    return Header(fps, length, {a: _read_channel(a, entry) for a, entry in channels.items()}, **texts)


def _read_channel(address: str, entry: Any) -> Channel:
    if not _ADDRESS.fullmatch(address) or not isinstance(entry, dict) or entry.get("kind") not in _KINDS:
        raise ValueError(f"'{address[:60]}' is not a channel")
    if entry["kind"] == "image" and not _FOLDER.fullmatch(address):
        raise ValueError(f"'{address[:60]}' is not an image's address")
    stale = entry.get("stale_after", 1.0)
    channel = Channel(
        address.partition(".")[2],
        entry["kind"],
        low=_finite(entry.get("low", 0.0), "low"),
        high=_finite(entry.get("high", 1.0), "high"),
        size=int(_finite(entry.get("size", 1), "size")),
        unit=str(entry.get("unit", ""))[:40],
        help=str(entry.get("help", ""))[:400],
    )
    if not 1 <= channel.size <= LARGEST_VECTOR:
        raise ValueError(f"'{address}' has size {channel.size}, outside 1..{LARGEST_VECTOR}")
    return replace(channel, stale_after=math.inf if stale is None else _finite(stale, "stale_after"))


def _read_line(body: dict[str, Any], header: Header) -> Line:
    values, frames = body.get("v", {}), body.get("f", {})
    if not isinstance(values, dict) or not isinstance(frames, dict):
        raise ValueError("'v' and 'f' must be tables")
    for address, number in frames.items():
        channel = header.channel(address)
        if channel is None or channel.kind != "image":
            raise ValueError(f"'{address[:60]}' is no image channel of take.json")
        if type(number) is not int or not 0 <= number < 10**9:
            raise ValueError(f"'{address}' is not the number of a picture")
    read = {address: _read_value(address, value, header) for address, value in values.items()}
    return Line(_finite(body.get("t"), "t"), _finite(body.get("at"), "at"), read, frames)


def _read_value(address: str, value: Any, header: Header) -> Any:
    channel = header.channel(address)
    if channel is None or channel.kind == "image":
        raise ValueError(f"'{address[:60]}' is not a channel of take.json")
    if not isinstance(value, list):
        return _finite(value, address)
    import numpy as np

    # An open channel (an OSC port's) is declared once for numbers and vectors alike.
    right = len(value) == channel.size if channel.kind == "vector" else channel.name.endswith("*")
    if not right or not 1 <= len(value) <= LARGEST_VECTOR:
        raise ValueError(f"'{address}' has {len(value)} components, not {channel.size}")
    vector = np.array([_finite(item, address) for item in value], np.float64)
    if np.abs(vector).max() > np.finfo(np.float32).max:
        raise ValueError(f"'{address}' is out of range")
    return vector.astype(np.float32)


def _finite(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"'{what}' is not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"'{what}' is not a finite number")
    return number
