# Copyright: (c) 2026, groundwork.python_host contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking dnf what it would do, with the repositories that may be enabled for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.groundwork.python_host.plugins.module_utils._errors import BadInput, HostError
from ansible_collections.groundwork.python_host.plugins.module_utils._packages import dnf_command, dnf_errors, dnf_words
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_locks import query_when_free
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_private import CACHE, keep_private
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.epel import Addition, ExtraRepositories
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.rpm_private import environment_without
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.spelling import near_matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult, HostReader
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.backend import Surroundings
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_command import Settings
    from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_words import Row

NOTHING = Addition(())
MOST_WORDS = 500
EXPECTED = (dnf_command.NOTHING_TO_DO, dnf_command.PENDING_OR_FAILED)


@dataclass(frozen=True)
class Simulation:
    """What dnf has foretold: the rows of its table, its sizes, and the repositories that have to be enabled for it."""

    rows: tuple[Row, ...] = ()
    sizes: tuple[tuple[str, int], ...] = ()
    repositories: tuple[str, ...] = ()


class Simulator:
    """dnf as this run asks it: in check mode on private copies, with metadata that is young enough."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.host: HostReader = surroundings.host
        self._surroundings = surroundings
        self._extra = ExtraRepositories(surroundings)
        self._private: tuple[str, ...] | None = None
        self._notes: list[str] = []
        self._environment: Mapping[str, str] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth saying about the answers so far."""
        return tuple(dict.fromkeys(self._notes))

    @property
    def cache(self) -> str:
        """Where the metadata lies that the answers come from."""
        is_private = self._surroundings.executor.is_check_mode
        return f"{self.host.scratch}/dnf{CACHE}" if is_private else CACHE

    def note(self, sentence: str) -> None:
        """Keep a sentence for the user."""
        self._notes.append(sentence)

    def forget(self, packages: Iterable[str]) -> None:
        """Answer from now on as if these (name-version-release.architecture) were not installed."""
        self._environment = environment_without(self.host, packages)

    def settings(self, *more: str) -> Settings:
        """How dnf is asked."""
        if self._private is None:
            self._private = keep_private(self.host) if self._surroundings.executor.is_check_mode else ()
        return dnf_command.Settings(
            self._surroundings.cache_valid_time, self._surroundings.install_recommends, (*self._private, *more)
        )

    def ask(self, *command: str, ok: tuple[int, ...] = (0,)) -> CommandResult:
        """A question to dnf."""
        argv = dnf_command.ask(self.settings(), *command)
        return query_when_free(self._surroundings, argv, ok=ok, timeout=dnf_command.QUESTION_SECONDS)

    def raw(self, command: tuple[str, ...], *more: str) -> CommandResult:
        """dnf's answer to a simulation, whatever it is."""
        path = (
            self.host.scratch_file("dnf/script", dnf_command.script(command)) if dnf_command.is_several(command) else ""
        )
        argv = dnf_command.simulate(self.settings(*more), command, path=path)
        return query_when_free(
            self._surroundings, argv, ok=EXPECTED, timeout=dnf_command.SIMULATION_SECONDS, env=self._environment
        )

    def simulate(self, command: tuple[str, ...], *more: str, held: bool = False) -> Simulation:
        """What the command would do. Raises BadInput for unknown names, HostError for a repository, or Refused."""
        result = self.raw(command, *more)
        if not is_refused(result):
            return self._understood(result, NOTHING)
        refused = [result]
        if dnf_errors.unmatched(result) or dnf_errors.lacks_a_provider(result):
            for addition in self._additions(more):
                result = self.raw(_wider(command, addition), *more, *addition.options)
                if not is_refused(result):
                    return self._understood(result, addition)
                refused.append(result)
        self._refuse_unknown(command, refused, held=held)
        raise dnf_errors.refusal(refused[0], held=held)

    def _additions(self, more: tuple[str, ...]) -> tuple[Addition, ...]:
        """What may be enabled for a command that dnf refuses: a repository more, or two."""
        is_allowed = self._surroundings.may_enable_repositories
        return self._extra.additions(self.settings(*more)) if is_allowed else ()

    def _understood(self, result: CommandResult, addition: Addition) -> Simulation:
        ignored = dnf_words.ignored_repositories(result.stderr)
        if ignored:
            words = dnf_errors.own_words(replace(result, stderr=result.stderr.partition("Ignoring repositories")[0]))
            self.note(
                f"dnf goes on without the repositories {', '.join(ignored)} (skip_if_unavailable), and says: {words}"
            )
        rows = dnf_words.parse_table(result.stdout)
        if not rows and dnf_words.ABORTED.search(result.stderr):
            raise HostError(
                "Nothing was changed: dnf foretells a transaction, and its table of it cannot be read. Run the same "
                f"with `dnf` on the host to see it. It prints: {' '.join(result.stdout.split())[:MOST_WORDS]}"
            )
        return Simulation(rows, tuple(dnf_words.sizes(result.stdout).items()), addition.repositories)

    def _refuse_unknown(self, command: tuple[str, ...], refused: Sequence[CommandResult], *, held: bool) -> None:
        """Raise BadInput where names are unknown, whatever else may be enabled: one sentence for each."""
        if not dnf_errors.unmatched(refused[0]):
            return
        unknown = min(filter(None, map(dnf_errors.unmatched, refused)), key=len)
        answer = self.ask("repoquery", "--showduplicates", "--qf", "%{name} %{evr}").lines()
        known: dict[str, list[str]] = {}
        for name, version in (line.split() for line in answer if line.count(" ") == 1):
            known.setdefault(name, []).append(version)
        versioned = {dnf_command.specification(word): word for word in command if "=" in word}
        sentences = [_sentence(one, known, versioned.get(one.name, ""), held=held) for one in unknown]
        raise BadInput([*sentences, *self._extra.hints()])


def _wider(command: tuple[str, ...], addition: Addition) -> tuple[str, ...]:
    return dnf_command.before(("install", *addition.packages), command) if addition.packages else command


def is_refused(result: CommandResult) -> bool:
    """True where dnf does not make the transaction for another reason than the no to its last question."""
    ignored = bool(dnf_words.ignored_repositories(result.stderr))
    if dnf_errors.has_error(dnf_words.ABORTED.sub("", result.stderr), ignored=ignored):
        return True
    return result.rc != dnf_command.NOTHING_TO_DO and not dnf_words.ABORTED.search(result.stderr)


def _sentence(unknown: dnf_errors.Unmatched, known: dict[str, list[str]], versioned: str, *, held: bool) -> str:
    """Why one name cannot be installed; `versioned` is how the user spelled it where he asked for a version."""
    shown = f"name: {(versioned or unknown.name)!r}"
    if unknown.filter == "modular":
        return (
            f"{shown} is hidden by a module stream: look at `dnf module list`, and choose a stream by hand with "
            "`dnf module enable NAME:STREAM` (none is ever enabled or reset here)"
        )
    if unknown.filter == "exclude":
        reason = ", or held at another version (then name it under `unhold`, too)" if held else ""
        return f"{shown} is excluded on this host by excludepkgs in dnf.conf or of its repository{reason}"
    named, _equals, version = versioned.partition("=")
    bare, _architecture = dnf_command.by_architecture(named)
    if bare in known:
        return f"{shown}: there is no version {version} of it: the repositories have {', '.join(known[bare])}"
    near = near_matches(bare or unknown.name, known)
    advice = f"did you mean {' or '.join(near)}?" if near else "check its spelling and the host's repositories"
    return f"{shown} is not in the package repositories of this host: {advice}"
