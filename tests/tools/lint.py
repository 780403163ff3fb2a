"""All linters over the sources, and the documentation of every module and role through ansible-doc."""

from __future__ import annotations

import re

from tests.tools import paths, sources
from tests.tools.steps import Step, run_all

COLLECTION = "groundwork.python_host"
SHELL_LINE = re.compile(rb"#!\S*[/ ](env )?(ba)?sh\b")


def _documented(kind: str) -> list[str]:
    if kind == "module":
        names = [path.stem for path in (paths.INSTALLED / "plugins/modules").glob("*.py")]
    else:
        names = [path.parts[-3] for path in (paths.INSTALLED / "roles").glob("*/meta/argument_specs.yml")]
    return [f"{COLLECTION}.{name}" for name in sorted(names)]


def _documentation_steps() -> list[Step]:
    return [
        # The answer as JSON fails for a broken document, where the text form only warns.
        Step(f"ansible-doc, {kind}s", ["ansible-doc", "--json", "-t", kind, *names])
        for kind in ("module", "role")
        if (names := _documented(kind))
    ]


def _shell_scripts() -> list[str]:
    scripts = [path for path in sources.files() if path.suffix in ("", ".sh")]
    return [str(path) for path in scripts if SHELL_LINE.match((paths.ROOT / path).read_bytes())]


def main() -> int:
    paths.link_collection()
    return run_all(
        [
            Step("ruff check", ["ruff", "check", "--output-format=concise", "."]),
            Step("ruff format", ["ruff", "format", "--check", "--output-format=concise", "."]),
            Step("mypy --strict, plugins", ["mypy", "-p", f"ansible_collections.{COLLECTION}.plugins"]),
            Step("mypy --strict, tools", ["mypy", "tests/tools", "tests/hosts", "tests/apply"], {"MYPYPATH": "."}),
            Step("shellcheck", ["shellcheck", "--severity=warning", *_shell_scripts()]),
            Step("yamllint", ["yamllint", "--strict", "."]),
            Step("antsibull-changelog", ["antsibull-changelog", "lint"]),
            *_documentation_steps(),
            Step("ansible-lint, profile production", ["ansible-lint", "--offline"]),
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
