"""The members of a zip file, read in place (PKWARE's APPNOTE 4.3: sections 4.3.7, 4.3.12, 4.3.14, 4.3.16).

Nothing is unpacked to a disk, so a member's name is a word and never a path. Lengths are compared with the file before
they are believed, and what unpacks is paid for before it does.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from installation.checkpoints.foreign.budget import Budget
from installation.checkpoints.foreign.records import broken, cut_short, said
from installation.errors import ModelError

MOST_MEMBERS = 20_000
TAIL = 22 + 65535  # bytes at the end in which the directory's end must lie: a comment may follow it
STORED, DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class Member:
    method: int
    packed: int
    size: int
    crc: int
    at: int  # of its local header


class Archive:
    """``members`` by name. Raises ModelError for anything that is not a whole, plain zip file."""

    def __init__(self, data: memoryview, budget: Budget) -> None:
        self._data = data
        self._budget = budget
        self.members: dict[str, Member] = {}
        for name, member in _directory(data):
            if name in self.members:
                raise ModelError(f"its archive has two members named {said(name)}")
            self.members[name] = member

    def read(self, name: str) -> memoryview:
        """A member's bytes, checked against its checksum. Stored ones are not copied."""
        member = self.members[name]
        raw = self._raw(member)
        if member.method == DEFLATED:
            self._budget.copy(member.size)
            unpacker = zlib.decompressobj(-15)
            try:
                raw = memoryview(unpacker.decompress(raw, member.size + 1))
            except zlib.error:
                raise broken(f"its member {said(name)} does not unpack") from None
        if len(raw) != member.size or zlib.crc32(raw) != member.crc:
            raise broken(f"its member {said(name)} is not what was packed")
        return raw

    def _raw(self, member: Member) -> memoryview:
        head = self._data[member.at : member.at + 30]
        if len(head) < 30 or bytes(head[:4]) != b"PK\x03\x04":
            raise broken("its archive points to where no member is")
        name_length, extra_length = struct.unpack("<HH", head[26:30])
        start = member.at + 30 + name_length + extra_length
        if start + member.packed > len(self._data):
            raise cut_short()
        return self._data[start : start + member.packed]


def _directory(data: memoryview) -> Iterator[tuple[str, Member]]:
    at, end = _extent(data)
    members = 0
    while at < end:
        head = data[at : at + 46]
        if len(head) < 46 or bytes(head[:4]) != b"PK\x01\x02":
            raise broken("the directory of its archive is none")
        flags, method = struct.unpack("<HH", head[8:12])
        crc, packed, size, name_length, extra_length, comment_length = struct.unpack("<IIIHHH", head[16:34])
        (local,) = struct.unpack("<I", head[42:46])
        name = bytes(data[at + 46 : at + 46 + name_length])
        extra = data[at + 46 + name_length : at + 46 + name_length + extra_length]
        at += 46 + name_length + extra_length + comment_length
        members += 1
        if at > end or members > MOST_MEMBERS:
            raise broken("the directory of its archive is none")
        if flags & 1 or method not in (STORED, DEFLATED):
            raise ModelError("its archive is encrypted or packed in a way that torch does not", "save it again")
        packed, size, local = _wide([packed, size, local], extra)
        if method == STORED and packed != size:
            raise broken("a member of its archive has two lengths")
        try:
            yield name.decode(), Member(method, packed, size, crc, local)
        except UnicodeDecodeError:
            raise broken("a name in its archive is not text") from None


def _extent(data: memoryview) -> tuple[int, int]:
    """Where the directory starts and ends."""
    tail = bytes(data[max(0, len(data) - TAIL) :])
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise cut_short()
    size, start = struct.unpack("<II", tail[at + 12 : at + 20])
    if 0xFFFFFFFF in (size, start):
        locator = tail[max(0, at - 20) : at]
        if len(locator) < 20 or locator[:4] != b"PK\x06\x07":
            raise broken("the directory of its archive is none")
        (where,) = struct.unpack("<Q", locator[8:16])
        record = data[where : where + 56]
        if len(record) < 56 or bytes(record[:4]) != b"PK\x06\x06":
            raise broken("the directory of its archive is none")
        size, start = struct.unpack("<QQ", record[40:56])
    if start + size > len(data):
        raise cut_short()
    return start, start + size


def _wide(values: list[int], extra: memoryview) -> list[int]:
    """packed, size and place, from the zip64 field where 32 bits did not hold them."""
    if 0xFFFFFFFF not in values:
        return values
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack("<HH", extra[at : at + 4])
        field = extra[at + 4 : at + 4 + length]
        at += 4 + length
        if tag != 1:
            continue
        wide = list(values)
        place = 0
        for index in (1, 0, 2):  # the order in the field: size, packed, place
            if values[index] == 0xFFFFFFFF:
                if place + 8 > len(field):
                    break
                (wide[index],) = struct.unpack("<Q", field[place : place + 8])
                place += 8
        else:
            return wide
    raise broken("a member of its archive has no length")
