"""Lets an RPM claim that its files fill any disk, without building them: its header is written anew."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LEAD = 96
_START = b"\x8e\xad\xe8\x01\0\0\0\0"
_REGION = 63
_SIZE, _FILE_SIZES, _LONG_FILE_SIZES, _LONG_SIZE = 1009, 1028, 5008, 5009
_INT64 = 5
_ALIGNMENT = {3: 2, 4: 4, _INT64: 8}
_HEADER_SHA1, _HEADER_SHA256, _WHOLE_SIZE, _WHOLE_MD5 = 269, 273, 1000, 1004


@dataclass(frozen=True)
class Entry:
    """A tag with its values as they lie in the file."""

    tag: int
    kind: int
    count: int
    data: bytes
    position: int  # of the data in the RPM


def claim(path: Path, size: int) -> None:
    """Its only file becomes as large as that, and the digests in front of the header are made to fit again."""
    content = path.read_bytes()
    signature, header_start = _read(content, _LEAD)
    header_start += -header_start % 8
    entries, payload_start = _read(content, header_start)
    header = _written(_with_size(entries, size))
    rest = header + content[payload_start:]
    front = bytearray(content[:header_start])
    digests = {
        _HEADER_SHA1: hashlib.sha1(header).hexdigest().encode(),
        _HEADER_SHA256: hashlib.sha256(header).hexdigest().encode(),
        _WHOLE_SIZE: struct.pack(">I", len(rest)),
        _WHOLE_MD5: hashlib.md5(rest).digest(),
    }
    for entry in signature:
        value = digests.get(entry.tag, b"")
        front[entry.position : entry.position + len(value)] = value
    path.write_bytes(bytes(front) + rest)


def _with_size(entries: Sequence[Entry], size: int) -> list[Entry]:
    """The tags for small sizes give way to those for large ones; folders come before the file and have none."""
    paths = next(entry.count for entry in entries if entry.tag == _FILE_SIZES)
    sizes = struct.pack(f">{paths}Q", *[0] * (paths - 1), size)
    kept = [entry for entry in entries if entry.tag not in (_SIZE, _FILE_SIZES)]
    claims = [
        Entry(_LONG_FILE_SIZES, _INT64, paths, sizes, 0),
        Entry(_LONG_SIZE, _INT64, 1, struct.pack(">Q", size), 0),
    ]
    return sorted([*kept, *claims], key=lambda entry: entry.tag)


def _read(content: bytes, start: int) -> tuple[list[Entry], int]:
    """The entries of the table that begins here, in the order of their data, and where it ends."""
    if content[start : start + 8] != _START:
        raise ValueError(f"no RPM header at byte {start}")
    count, size = struct.unpack_from(">II", content, start + 8)
    data_start = start + 16 + 16 * count
    rows = [struct.unpack_from(">IIiI", content, start + 16 + 16 * index) for index in range(count)]
    rows.sort(key=lambda row: row[2])
    ends = [*(row[2] for row in rows[1:]), size]
    entries = [
        Entry(tag, kind, values, content[data_start + offset : data_start + end], data_start + offset)
        for (tag, kind, offset, values), end in zip(rows, ends)
        if tag not in (62, _REGION)
    ]
    return entries, data_start + size


def _written(entries: Sequence[Entry]) -> bytes:
    """A header whose first entry spans all others, as rpm wants it for what it signs."""
    index, data = b"", b""
    for entry in entries:
        data += b"\0" * (-len(data) % _ALIGNMENT.get(entry.kind, 1))
        index += struct.pack(">IIII", entry.tag, entry.kind, len(data), entry.count)
        data += entry.data
    count = len(entries) + 1
    region = struct.pack(">IIII", _REGION, 7, len(data), 16)
    data += struct.pack(">IIiI", _REGION, 7, -16 * count, 16)
    return _START + struct.pack(">II", count, len(data)) + region + index + data
