"""What the README tells a user to write and to run, and a place in which that can be done."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from tests.tools import paths
from tests.tools.steps import PLAIN, tool_environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hosts.state import Host

README = paths.ROOT / "README.md"
# The host of the README's inventory, which stands for the disposable one.
EXAMPLE_HOST = "web1.example.org"
SSH_CONFIGURATION = f"""\
Host {EXAMPLE_HOST}
    HostName {{address}}
    UserKnownHostsFile {{known_hosts}}
    GlobalKnownHostsFile /dev/null
    StrictHostKeyChecking yes
    IdentityFile {{key_file}}
    IdentitiesOnly yes
"""


@dataclass(frozen=True)
class Block:
    """A fenced block: its opening line names the language and, where it is a file, the file."""

    section: str
    language: str
    file: str
    text: str

    @property
    def commands(self) -> tuple[str, ...]:
        """The lines that a user types."""
        if self.language != "console":
            return ()
        return tuple(line[2:] for line in self.text.splitlines() if line.startswith("$ "))


def blocks() -> tuple[Block, ...]:
    """The README's blocks in order, each with the section (`## …`) that it stands in."""
    found = []
    section = ""
    tokens = MarkdownIt().parse(README.read_text(encoding="utf-8"))
    for token, following in zip(tokens, [*tokens[1:], None]):
        if token.type == "heading_open" and token.tag == "h2" and following:
            section = following.content
        if token.type == "fence":
            language, _space, file = token.info.partition(" ")
            found.append(Block(section, language, file.strip(), token.content))
    return tuple(found)


@dataclass(frozen=True)
class Place:
    """A directory with the README's files, and the environment of a user who has nothing but these and an SSH key."""

    directory: Path
    environment: dict[str, str]

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """The command as it is printed; `make` runs in the checkout, with the inventory of this place."""
        is_make = command.startswith("make ")
        return subprocess.run(
            command.replace("hosts.yml", str(self.directory / "hosts.yml")) if is_make else command,
            shell=True,
            cwd=paths.ROOT if is_make else self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )


def lay_out(directory: Path, host: Host) -> Place:
    """Write the README's files; the key of the disposable host is the user's own."""
    for block in blocks():
        if block.file:
            (directory / block.file).write_text(block.text)
    (directory / ".build").symlink_to(paths.BUILD)
    home = directory / "home"
    (home / ".ssh").mkdir(parents=True, mode=0o700)
    for suffix in ("", ".pub"):
        shutil.copy2(f"{host.key_file}{suffix}", home / f".ssh/id_ed25519{suffix}")
    configuration = directory / "ssh_config"
    configuration.write_text(
        SSH_CONFIGURATION.format(address=host.address, known_hosts=host.known_hosts, key_file=home / ".ssh/id_ed25519")
    )
    return Place(directory, _environment(home, configuration, directory / "collections"))


def _environment(home: Path, ssh_configuration: Path, collections: Path) -> dict[str, str]:
    """Nothing of the developer's own Ansible settings, no connection of another host of this name, a clean path."""
    inherited = {name: value for name, value in tool_environment().items() if not name.startswith("ANSIBLE_")}
    return {
        **inherited,
        **PLAIN,
        "HOME": str(home),
        # pyenv keeps its interpreters in the home directory.
        "PYENV_ROOT": os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv")),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_SSH_ARGS": f"-F {ssh_configuration} -o ControlMaster=auto -o ControlPersist=60s",
        "ANSIBLE_SSH_CONTROL_PATH_DIR": str(home / ".control"),
    }
