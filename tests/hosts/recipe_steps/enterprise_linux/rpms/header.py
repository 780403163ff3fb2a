"""Lets an RPM claim that its files are as large as a file can be, without building them."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_LEAD = 96
_MAGIC = b"\x8e\xad\xe8\x01"
_SIZE, _FILE_SIZES = 1009, 1028
_HEADER_SHA1, _HEADER_SHA256, _WHOLE_MD5 = 269, 273, 1004
_LARGEST = 0xFFFFFFFF


@dataclass(frozen=True)
class _Section:
    """One of the two tables of an RPM: where its entries' values lie in the file."""

    start: int
    end: int
    places: dict[int, tuple[int, int]]  # tag to (position, count)


def claim_a_huge_size(path: Path) -> None:
    """Every file becomes 4 GiB in the header, and the digests over the header are made to fit again."""
    content = bytearray(path.read_bytes())
    signature = _section(content, _LEAD)
    header = _section(content, signature.end + -signature.end % 8)
    for tag in (_SIZE, _FILE_SIZES):
        position, count = header.places[tag]
        content[position : position + 4 * count] = struct.pack(">I", _LARGEST) * count
    changed = bytes(content[header.start : header.end])
    for tag, digest in (
        (_HEADER_SHA1, hashlib.sha1(changed).hexdigest().encode()),
        (_HEADER_SHA256, hashlib.sha256(changed).hexdigest().encode()),
        (_WHOLE_MD5, hashlib.md5(bytes(content[header.start :])).digest()),
    ):
        position, _count = signature.places[tag]
        content[position : position + len(digest)] = digest
    path.write_bytes(bytes(content))


def _section(content: bytearray, start: int) -> _Section:
    if content[start : start + 4] != _MAGIC:
        raise ValueError(f"no RPM header at byte {start}")
    entries, size = struct.unpack(">II", content[start + 8 : start + 16])
    data = start + 16 + 16 * entries
    places = {}
    for index in range(entries):
        tag, _kind, offset, count = struct.unpack_from(">IIII", content, start + 16 + 16 * index)
        places[tag] = (data + offset, count)
    return _Section(start, data + size, places)
