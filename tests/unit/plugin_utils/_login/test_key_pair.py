"""The administrator's key pair, made by the real ssh-keygen."""

from __future__ import annotations

import subprocess

import pytest

from ansible_collections.groundwork.python_host.plugins.plugin_utils._login.key_pair import KeyPairError, public_half


def test_a_pair_is_made_once_and_its_private_half_is_private(tmp_path):
    path = tmp_path / "keys/deploy"
    line, is_new = public_half(str(path), may_create=True)
    assert is_new
    assert line.startswith("ssh-ed25519 ")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert public_half(str(path), may_create=True) == (line, False)


def test_check_mode_leaves_nothing_behind(tmp_path):
    line, is_new = public_half(str(tmp_path / "deploy"), may_create=False)
    assert is_new
    assert line.startswith("ssh-ed25519 ")
    assert list(tmp_path.iterdir()) == []


def test_a_lost_public_half_is_derived(tmp_path):
    line, _is_new = public_half(str(tmp_path / "deploy"), may_create=True)
    (tmp_path / "deploy.pub").unlink()
    derived, is_new = public_half(str(tmp_path / "deploy"), may_create=True)
    assert (derived.split()[:2], is_new) == (line.split()[:2], False)


def test_a_file_that_is_no_key_is_named(tmp_path):
    (tmp_path / "deploy").write_text("not a key\n")
    with pytest.raises(KeyPairError, match="deploy is no private key"):
        public_half(str(tmp_path / "deploy"), may_create=True)


def test_a_passphrase_is_named_and_never_asked_for(tmp_path):
    path = str(tmp_path / "deploy")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", path], check=True)
    (tmp_path / "deploy.pub").unlink()
    with pytest.raises(KeyPairError, match="without a passphrase"):
        public_half(path, may_create=True)


def test_a_controller_without_openssh_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KeyPairError, match="install the OpenSSH client"):
        public_half(str(tmp_path / "deploy"), may_create=True)
