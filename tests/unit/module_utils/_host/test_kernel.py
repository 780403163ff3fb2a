from __future__ import annotations

import fcntl
import struct

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._host import kernel
from ansible_collections.groundwork.python_host.plugins.module_utils._host.kernel import (
    FLOCK,
    LIMITED,
    TIMED_OUT,
    by_kernel,
)


@pytest.mark.parametrize(
    ("platform", "limited"),
    [
        ("linux", ("timeout", "-k", "5")),
        # sys.platform has the major version behind the name there.
        ("freebsd14", ("timeout", "--foreground", "-k", "5")),
        ("freebsd15", ("timeout", "--foreground", "-k", "5")),
        ("darwin", ("timeout", "-k", "5")),
    ],
)
def test_a_daemon_that_a_service_leaves_behind_is_not_waited_for(monkeypatch, platform, limited):
    monkeypatch.setattr(kernel.sys, "platform", platform)
    assert by_kernel(LIMITED) == limited


@pytest.mark.parametrize(("platform", "codes"), [("linux", (124, 137)), ("freebsd14", (124,)), ("freebsd15", (124,))])
def test_a_program_that_somebody_else_has_killed_was_not_too_slow(monkeypatch, platform, codes):
    """FreeBSD's timeout(1) ends with 137 then (bin/timeout/timeout.c), and with 124 where it has killed it itself."""
    monkeypatch.setattr(kernel.sys, "platform", platform)
    assert by_kernel(TIMED_OUT) == codes


@pytest.mark.parametrize(("name", "size", "place"), [("*", 32, 0), ("freebsd", 32, 20)])
def test_a_lock_is_asked_for_in_the_kernels_own_layout(name, size, place):
    """Sizes on a 64-bit machine; sys/fcntl.h of freebsd-src has two off_t and a pid_t before l_type."""
    question = FLOCK[name].question()
    assert len(question) == size
    assert struct.unpack_from("@h", question, place) == (fcntl.F_WRLCK,)


@pytest.mark.parametrize("name", FLOCK)
@pytest.mark.parametrize(("kind", "holder"), [(fcntl.F_WRLCK, 77), (fcntl.F_UNLCK, 0)])
def test_the_holder_is_told_while_there_is_one(name, kind, holder):
    layout = FLOCK[name]
    values = [0] * (5 if name == "*" else 6)
    values[layout.kind], values[layout.holder] = kind, 77
    assert layout.holder_in(struct.pack(layout.form, *values)) == holder
