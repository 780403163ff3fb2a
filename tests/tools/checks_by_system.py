"""The README's table of checks by family of systems; `python -m tests.tools.checks_by_system` writes it anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.proofs import PROOFS
from tests.tools import paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Check
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

README = paths.ROOT / "README.md"
BEGIN, END = "<!-- checks by system: made by tests/tools/checks_by_system.py -->\n", "<!-- end of the table -->"
UNIT_TESTS = "unit tests only"


def table(checks: Sequence[Check], platforms: Sequence[Platform]) -> str:
    """A row for each check, a column for each platform."""
    labels = [PROOFS[platform.family].label for platform in platforms]
    head = [_line("check", *labels), "|---" * (len(labels) + 1) + "|\n"]
    return "".join(head + [_row(check, platforms) for check in checks])


def _row(check: Check, platforms: Sequence[Platform]) -> str:
    return _line(f"`{check.check_id}` {check.title}", *(_cell(check, platform) for platform in platforms))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _cell(check: Check, platform: Platform) -> str:
    reason = check.reason_against(platform)
    if reason:
        return f"not applicable: {reason}"
    proof = PROOFS[platform.family]
    why = proof.unit_only.get(check.check_id)
    return f"yes ({UNIT_TESTS}: {why})" if why else f"yes ({proof.kind})"


def written_in(text: str) -> str:
    """The table as it stands between its two marks."""
    return text.partition(BEGIN)[2].partition(END)[0]


def current() -> str:
    """The table as the catalog has it today."""
    # The collection can be imported from here on.
    paths.make_importable()
    from ansible_collections.groundwork.python_host.plugins.module_utils._checks.catalog import CHECKS
    from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform

    return table(CHECKS, [Platform(proof.system, family=family) for family, proof in PROOFS.items()])


def main() -> None:
    text = README.read_text(encoding="utf-8")
    marked = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    README.write_text(marked.sub(lambda _old: f"{BEGIN}{current()}{END}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
