# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The administrator's key pair on the controller."""

from __future__ import annotations

import os
import subprocess
import tempfile


class KeyPairError(Exception):
    """The pair cannot be used or made; the message says why and what to do."""


def public_half(private_key: str, *, may_create: bool) -> tuple[str, bool]:
    """The public key as one line, and whether the pair was made just now.

    A pair that does not exist is made (ed25519, no passphrase, mode 0600). With `may_create` false, in check mode,
    one is made in a directory that is gone afterwards: it stands for the pair of the real run.
    """
    path = os.path.expanduser(private_key)
    if os.path.exists(path):
        return _read(path), False
    if may_create:
        os.makedirs(os.path.dirname(path) or ".", 0o700, exist_ok=True)
        _create(path)
        return _read(path), True
    with tempfile.TemporaryDirectory() as directory:
        stand_in = os.path.join(directory, "key")
        _create(stand_in)
        return _read(stand_in), True


def _read(path: str) -> str:
    """The .pub file, or what ssh-keygen derives from the private half."""
    if os.path.exists(f"{path}.pub"):
        with open(f"{path}.pub", encoding="utf-8") as file:
            return file.read().strip()
    return _ssh_keygen("-y", "-P", "", "-f", path, problem=f"{path} is no private key without a passphrase").strip()


def _create(path: str) -> None:
    comment = f"groundwork.python_host {os.path.basename(path)}"
    _ssh_keygen("-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", path, problem=f"{path} cannot be made")


def _ssh_keygen(*arguments: str, problem: str) -> str:
    try:
        done = subprocess.run(
            ["ssh-keygen", *arguments], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        raise KeyPairError("admin_key_file needs ssh-keygen on the controller: install the OpenSSH client") from None
    if done.returncode:
        raise KeyPairError(f"admin_key_file: {problem}: {done.stderr.strip()}")
    return done.stdout
