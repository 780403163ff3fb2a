# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user asks of `python_runtime`, checked before anything is read from the host."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput
from ansible_collections.groundwork.python_host.plugins.module_utils._python import native_libraries, requirements

if TYPE_CHECKING:
    from collections.abc import Mapping

SYSTEM = "system"
SERIES = re.compile(r"3\.(\d{1,2})")
# importlib.metadata, which tells what a release holds, came with 3.8.
OLDEST_SERIES = (3, 8)
PATH = re.compile(r"/[A-Za-z0-9._@+/-]*")
USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
DOTTED_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")

# An application directory is handed to its user; handing over one of these, or a place in them, opens the host.
SYSTEM_TREES = (
    *("/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libexec", "/libx32", "/proc", "/rescue", "/root"),
    *("/run", "/sbin", "/sys", "/tmp", "/usr", "/var/cache", "/var/db", "/var/log", "/var/run", "/var/spool"),
    *("/var/tmp", "/usr/local/bin", "/usr/local/etc", "/usr/local/include", "/usr/local/lib", "/usr/local/libexec"),
    *("/usr/local/sbin", "/usr/local/share"),
)
# These are shared by others, so an application belongs below them: /srv/app, /usr/local/www.
SHARED_DIRECTORIES = (
    *("/", "/home", "/media", "/mnt", "/opt", "/srv", "/usr/local", "/usr/local/www", "/var", "/var/lib", "/var/www"),
)


@dataclass(frozen=True)
class Request:
    """A request that can be meant; `requirements` is one text for pip, exactly as given."""

    version: str
    path: str
    owner: str
    requirements: str
    requirements_file: str
    native_libraries: tuple[str, ...]
    headers: bool
    keep_releases: int
    verify_imports: tuple[str, ...]


def parse(params: Mapping[str, Any]) -> Request:
    """The module's parameters as a request; raises BadInput with every problem in them."""
    problems = problems_of(params)
    if problems:
        raise BadInput(problems)
    libraries = tuple(sorted(set(params["native_libraries"])))
    return Request(
        version=params["version"],
        path=params["path"],
        owner=params["owner"],
        requirements="".join(f"{entry}\n" for entry in params["requirements"]),
        requirements_file=params["requirements_file"] or "",
        native_libraries=libraries,
        headers=params["headers"] or bool(libraries),
        keep_releases=params["keep_releases"],
        verify_imports=tuple(params["verify_imports"]),
    )


def secrets_of(params: Mapping[str, Any]) -> tuple[str, ...]:
    """The passwords in the parameters, for Ansible to hide."""
    return requirements.secrets("\n".join(params["requirements"]))


def problems_of(params: Mapping[str, Any]) -> list[str]:
    """One sentence for each thing in the parameters that cannot be meant."""
    return [
        *_version_problems(params["version"]),
        *_path_problems(params["path"]),
        *_owner_problems(params["owner"]),
        *_requirements_problems(params),
        *native_libraries.problems(params["native_libraries"]),
        *_keep_problems(params["keep_releases"]),
        *(_import_problem(name) for name in params["verify_imports"] if not DOTTED_NAME.fullmatch(name)),
    ]


def _version_problems(version: object) -> list[str]:
    if isinstance(version, float):
        return [
            f"version: {version!r} is a number, and YAML reads an unquoted 3.10 as 3.1: quote it, as in "
            f'version: "{_likely_series(version)}"'
        ]
    if version == SYSTEM:
        return []
    match = SERIES.fullmatch(version) if isinstance(version, str) else None
    if match is None:
        return [
            f'version: {version!r} is neither "system" nor a series like "3.11": give two numbers in quotes, '
            "the distribution chooses the third"
        ]
    if (3, int(match[1])) < OLDEST_SERIES:
        return [f"version: Python {version} is older than 3.8, the oldest that this module handles"]
    return []


def _likely_series(number: float) -> str:
    """The series that was written: 3.1 can only have been 3.10, since 3.1 is out of reach."""
    text = f"{number:g}"
    return f"{text}0" if re.fullmatch(r"3\.[1-2]", text) else text


def _path_problems(path: str) -> list[str]:
    if not path.startswith("/"):
        return [f"path: {path!r} is relative: give an absolute one, like /srv/app"]
    if not PATH.fullmatch(path):
        return [f"path: {path!r} has characters other than letters, digits and . _ @ + -, which scripts in it break on"]
    if path != _normal(path):
        return [f"path: {path!r} must be written without . and .. and doubled or trailing slashes: {_normal(path)}"]
    tree = next((tree for tree in SYSTEM_TREES if _is_inside(path, tree)), "")
    if path in SHARED_DIRECTORIES or tree:
        return [f"path: {path} belongs to the system and would be handed to the owner: use one like /srv/app"]
    return []


def _is_inside(path: str, tree: str) -> bool:
    if tree == "/usr" and path.startswith("/usr/local/"):
        return False
    return path == tree or path.startswith(f"{tree}/")


def _normal(path: str) -> str:
    return posixpath.normpath("/" + path.lstrip("/"))


def _owner_problems(owner: str) -> list[str]:
    if owner == "root":
        return ["owner: root must not own the runtime, because an intruder in the application would be root: use app"]
    if not USER.fullmatch(owner):
        return [f"owner: {owner!r} is no user name: use up to 32 of a-z, digits, _ and -, and begin with a letter or _"]
    return []


def _requirements_problems(params: Mapping[str, Any]) -> list[str]:
    problems = []
    if params["requirements"] and params["requirements_file"]:
        problems.append("requirements and requirements_file: give one of them, since which comes first is not defined")
    if params["requirements_file"] and not params["remote_src"]:
        problems.append(
            f"requirements_file: {params['requirements_file']} was not read on the controller, because the module ran "
            "without its action plugin: call it as groundwork.python_host.python_runtime"
        )
    if params["requirements_file"] and params["remote_src"] and not params["requirements_file"].startswith("/"):
        problems.append(f"requirements_file: {params['requirements_file']} must be absolute with remote_src")
    for number, entry in enumerate(params["requirements"], start=1):
        where = f"requirements entry {number}"
        if not entry.strip():
            problems.append(f"{where} is empty: remove it, or look at the variable that it comes from")
        problems.extend(requirements.problems(entry, where=where))
    return problems


def _keep_problems(keep_releases: int) -> list[str]:
    return [] if keep_releases >= 1 else [f"keep_releases: {keep_releases} is less than 1, the release in use"]


def _import_problem(name: str) -> str:
    return f'verify_imports: {name!r} is no module name: write it as in an import statement, like "package.module"'
