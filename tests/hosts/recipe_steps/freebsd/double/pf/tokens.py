"""Words of pf.conf(5) with the numbers of their lines; macros are put in where they are used."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r'"[^"\n]*"|<[A-Za-z_][\w.-]*>|\$[A-Za-z_]\w*|>=|<=|!=|><|<>|[{}(),=<>!]|[\w.:/*@%+-]+|\S',
)
_MACRO = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*(.+)\Z", re.DOTALL)


MACRO = "macro definition"  # the first token of a statement; a word of the file holds no space


class SyntaxProblem(Exception):
    """A line that pf does not take, with the words that go before the common ones."""

    def __init__(self, line: int, message: str = "syntax error") -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Token:
    """A word of a statement."""

    text: str
    line: int


def statements(text: str) -> list[list[Token]]:
    """A statement ends with its line, unless the line ends in a backslash or a bracket is open."""
    macros: dict[str, str] = {}
    found: list[list[Token]] = []
    pending, depth, first = "", 0, 0
    current: list[Token] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = _without_comment(raw)
        first = first or number
        if line.endswith("\\"):
            pending += f"{line[:-1]} "
            continue
        whole, pending = pending + line, ""
        macro = _MACRO.match(whole) if not current and not depth else None
        if macro:
            macros[macro[1]] = _macro_value(macro[2], macros, number)
            announced = f'{macro[1]} = "{macros[macro[1]]}"'
            found.append([Token(MACRO, number), Token(announced, number)])
            first = 0
            continue
        current += _tokens(whole, macros, number)
        depth = sum(token.text == "{" for token in current) - sum(token.text == "}" for token in current)
        if depth <= 0 and current:
            found.append(current)
            current, first, depth = [], 0, 0
    if current:
        found.append(current)
    return found


def _without_comment(line: str) -> str:
    return re.sub(r'^((?:[^"#]|"[^"]*")*)#.*$', r"\1", line).rstrip()


def _macro_value(text: str, macros: dict[str, str], line: int) -> str:
    """What stands in quotes is read only where the macro is used."""
    return " ".join(token.text for token in _tokens(text, macros, line))


def _tokens(text: str, macros: dict[str, str], line: int) -> list[Token]:
    found = []
    for word in _TOKEN.findall(text):
        if word.startswith("$"):
            if word[1:] not in macros:
                raise SyntaxProblem(line, f"macro '{word[1:]}' not defined")
            found += _tokens(macros[word[1:]], macros, line)
        elif word.startswith('"'):
            if len(word) < 2 or not word.endswith('"'):
                raise SyntaxProblem(line)
            found.append(Token(word[1:-1], line))
        else:
            found.append(Token(word, line))
    return found
