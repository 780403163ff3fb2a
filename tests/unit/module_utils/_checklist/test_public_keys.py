from __future__ import annotations

import base64

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.public_keys import (
    parse_public_key,
)
from tests.unit.module_utils._checks.worlds import KEY, KEY_LINE, OTHER_KEY


def body(kind: str, *fields: bytes) -> str:
    """A key's body as RFC 4253 has it: each field behind its length."""
    parts = (kind.encode(), *fields)
    return base64.b64encode(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).decode()


RSA = f"ssh-rsa {body('ssh-rsa', b'123', b'4' * 256)}"


@pytest.mark.parametrize(
    "line",
    [
        KEY_LINE,
        f"  {KEY_LINE}\n",
        RSA,
        f"ecdsa-sha2-nistp256 {body('ecdsa-sha2-nistp256', b'nistp256', b'5' * 65)} a comment with words",
        f"sk-ssh-ed25519@openssh.com {body('sk-ssh-ed25519@openssh.com', b'6' * 32, b'ssh:')}",
    ],
)
def test_a_key_is_read_with_its_comment(line):
    key = parse_public_key(line)
    assert key.line == " ".join(line.split())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "type body comment"),
        ("ssh-ed25519", "type body comment"),
        ("-----BEGIN OPENSSH PRIVATE" + " KEY-----", "private key"),
        (f'command="x" {KEY_LINE}', "no options"),
        ("ssh-dss AAAA", "key type"),
        ("ssh-ed25519 not/base64!", "cut off"),
        (KEY_LINE.replace("AAAAC3", "AAAAC4", 1), "not a ssh-ed25519 key"),
        (f"ssh-ed25519 {RSA.split()[1]}", "not a ssh-ed25519 key"),
        (f"ssh-rsa {RSA.split()[1][:-8]}", "cut off"),
        (f"ssh-rsa {base64.b64encode(b'short').decode()}", "cut off"),
        (f"ssh-rsa {body('ssh-rsa')}", "cut off"),
    ],
)
def test_what_is_no_key_is_refused_with_a_reason_that_never_repeats_it(text, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        parse_public_key(text)
    assert [word for word in text.split() if len(word) > 20 and word in str(caught.value)] == []


def test_the_fingerprint_is_the_one_that_ssh_keygen_shows():
    """`ssh-keygen -lf` of this key says so."""
    assert KEY.fingerprint == "SHA256:d7nyCZI2x7OQwqFYcsCzG9MIlX9YvlquWcQLYHlVtt8"


def test_two_keys_are_the_same_whatever_their_comments_say():
    assert parse_public_key(KEY_LINE.rsplit(" ", 1)[0]) == KEY
    assert KEY != OTHER_KEY
