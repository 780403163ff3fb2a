"""How the double of FreeBSD reads the settings of freebsd-update, without a host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hosts.recipe_steps.freebsd.double import freebsd_update_settings

if TYPE_CHECKING:
    from pathlib import Path


def test_freebsd_update_takes_the_command_line_then_the_file_then_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "freebsd-update.conf"
    path.write_text("MailTo admin # who\n\nAllowAdd NO\nIgnorePaths /a\nIgnorePaths /b /c\n")
    found = freebsd_update_settings.effective({"MailTo": "me"}, file=str(path))
    names = ("MailTo", "AllowAdd", "IgnorePaths", "BackupKernel")
    assert [found[name] for name in names] == ["me", "no", "/a /b /c", "yes"]


@pytest.mark.parametrize("line", ["AllowAdd maybe", "Nothing x", "MailTo a\nMailTo b", "BackupKernelDir /boot"])
def test_freebsd_update_ends_at_a_line_that_it_refuses(tmp_path: Path, line: str) -> None:
    path = tmp_path / "freebsd-update.conf"
    path.write_text(f"{line}\n")
    with pytest.raises(SystemExit):
        freebsd_update_settings.effective({}, file=str(path))
