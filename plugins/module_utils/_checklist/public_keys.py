# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public SSH keys as lines of an authorized_keys file."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field

# The types that OpenSSH 8.0 and newer accept in authorized_keys; DSA is gone from all of them (sshd(8)).
KEY_TYPES = (
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)


@dataclass(frozen=True)
class PublicKey:
    """One public key; two are the same key when type and body are, whatever the comment says."""

    kind: str
    body: str
    comment: str = field(default="", compare=False)

    @property
    def line(self) -> str:
        """As it stands in authorized_keys."""
        return f"{self.kind} {self.body} {self.comment}".rstrip()

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` shows it; results and diffs show this instead of the key."""
        digest = hashlib.sha256(base64.b64decode(self.body)).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def parse_public_key(text: str) -> PublicKey:
    """The key in one line. Raises ValueError with the reason, which never repeats the text: it may be a private key."""
    if "PRIVATE KEY" in text:
        raise ValueError("it is a private key: give the public half (the .pub file), and replace this key pair")
    words = text.split(None, 2)
    if len(words) < 2:
        raise ValueError("it is not of the form `type body comment`, such as `ssh-ed25519 AAAA… name`")
    kind, body = words[0], words[1]
    if kind not in KEY_TYPES:
        raise ValueError(
            f"it does not start with a key type; known types: {', '.join(KEY_TYPES)} (no options before it)"
        )
    if _embedded_kind(body) != kind:
        raise ValueError(f"its body is not a {kind} key: it was cut off or changed on the way")
    return PublicKey(kind, body, words[2].strip() if len(words) == 3 else "")


def _embedded_kind(body: str) -> str:
    """The type that the key's body itself names (RFC 4253, section 6.6); empty if the body is damaged."""
    try:
        blob = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return ""
    lengths = _field_lengths(blob)
    if len(lengths) < 2:
        return ""
    return blob[4 : 4 + lengths[0]].decode("ascii", "replace")


def _field_lengths(blob: bytes) -> list[int]:
    """The lengths of the blob's length-prefixed fields; empty unless they fill it exactly."""
    lengths, position = [], 0
    while position + 4 <= len(blob):
        length = int.from_bytes(blob[position : position + 4], "big")
        lengths.append(length)
        position += 4 + length
    return lengths if position == len(blob) else []
