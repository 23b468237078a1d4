"""What commands of a shell script say about its variables: values given, taken, or left unsaid.

Source: POSIX.1-2017, Shell Command Language, 2.6, 2.9.1 and 2.14; bash(1) for `local`, `declare`,
`let`, `((`, `+=`, `printf -v` and `mapfile`. What bash, dash and busybox do alike was measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from translator.drivers.linux.shell_values import LONGEST, Gone, State, Variables, filled, is_known

__all__ = [
    "ANY_NAME",
    "CHANGING",
    "DECLARES",
    "LOCAL",
    "Assignment",
    "assignments",
    "calculate",
    "calculations",
    "called",
    "changed_names",
    "declared",
    "is_only_redirected",
    "taken_names",
    "value_of",
    "words_in",
]

ANY_NAME: Final = ""  # stands for every variable
LOCAL: Final = frozenset({"local", "declare", "typeset"})  # of a function, inside one
DECLARES: Final = LOCAL | {"export", "readonly"}
_OTHERS_FILE: Final = frozenset({".", "source", "eval"})
_TAKES: Final = frozenset({"read", "unset", "getopts", "mapfile", "readarray", "select"})
# Commands that do something to variables; of others, only what stands in `((` does.
CHANGING: Final = _OTHERS_FILE | _TAKES | DECLARES | {"set", "shift", "let", "printf"}
_WORD: Final = (
    r"""(?:[^\s"'`\\$]++|"(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`|\$\((?:[^()]|\([^()]*\))*\)"""
    r"""|\$\{[^{}]*\}|\\.|\$)"""
)
_ASSIGNED: Final = re.compile(
    rf"([A-Za-z_]\w*)(\[[^]\s]*\])?(\+?)=(\([^()]*\)|{_WORD}*+)(?:\s+|$)", re.DOTALL
)
_PLAIN: Final = re.compile(rf"({_WORD}++)(?:\s+|$)", re.DOTALL)
_REDIRECTIONS: Final = re.compile(r"(?:\d?[<>]+\s*&?\S+\s*)+")
_NAME: Final = re.compile(r"(?<![\w$-])[A-Za-z_]\w*")
_STEP: Final = re.compile(
    r"(?<!\w)([A-Za-z_]\w*+)\s*+(?:\+\+|--|(?:[-+*/%&|^]|<<|>>)?=(?!=))"
    r"|(?:\+\+|--)\s*([A-Za-z_]\w*)"
)


_SETS: Final = re.compile(
    r"(?P<name>[A-Za-z_]\w*)\s*(?:(?P<step>\+\+|--)|(?P<sign>[-+*/%]?=)(?!=)\s*(?P<amount>.+))"
    r"|(?P<sooner>\+\+|--)\s*(?P<before>[A-Za-z_]\w*)",
    re.DOTALL,
)
_SHORT_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]{0,8}")
_LET: Final = re.compile(r"\"[^\"]*\"|'[^']*'|\S+")


class Assignment(NamedTuple):
    """One assignment: its value as written, None for a name alone (`export A`).

    `adds` is that of `A+=x`; `element` that of `A[1]=x`.
    """

    name: str
    value: str | None
    adds: bool = False
    element: bool = False


def assignments(text: str) -> tuple[list[Assignment], int]:
    """Return the assignments at the start of a command, and where what follows them begins."""
    found: list[Assignment] = []
    at = 0
    while (match := _ASSIGNED.match(text, at)) is not None:
        found.append(_assignment(match))
        at = match.end()
    return found, at


def called(text: str) -> str:
    """Return the word that a command begins with, behind assignments."""
    first = text.partition(" ")[0]
    return text[assignments(text)[1] :].partition(" ")[0] if "=" in first else first


def is_only_redirected(text: str, at: int) -> bool:
    """Whether nothing stands behind assignments but redirections."""
    return at >= len(text) or _REDIRECTIONS.fullmatch(text, at) is not None


def declared(text: str) -> Iterator[Assignment]:
    """Yield what stands behind `local`, `export` and the like, options left out."""
    at = 0
    while at < len(text):
        match = _ASSIGNED.match(text, at)
        if match is not None:
            yield _assignment(match)
        else:
            match = _PLAIN.match(text, at)
            if match is None:
                return
            if _NAME.fullmatch(match[1]):
                yield Assignment(match[1], None)
        at = match.end()


def _assignment(match: re.Match[str]) -> Assignment:
    # `A=(x y)` makes a list, whose words we do not follow.
    element = match[2] is not None or match[4].startswith("(")
    return Assignment(match[1], match[4], bool(match[3]), element)


def calculations(text: str) -> Iterator[str]:
    """Yield the expressions of a command between `((` and `))`, or behind `let`."""
    if text.startswith("let "):
        yield from _LET.findall(text[4:])
    at = text.find("((")
    while at >= 0:
        end = text.find("))", at)
        yield from text[at + 2 : end if end >= 0 else len(text)].split(",")
        at = text.find("((", end) if end >= 0 else -1


def value_of(word: str, variables: Variables) -> str | None:
    """Return the value that an assignment with this word gives; None where it is not known."""
    if word[:1] == "'" and word.find("'", 1) == len(word) - 1:
        return word[1:-1]
    if word[:1] == '"' and word.rfind('"') == len(word) - 1 and '"' not in word[1:-1]:
        word = word[1:-1]
        if "\\" in word:
            return None
    elif "'" in word or "\\" in word:
        return None
    value = filled(word.replace('"', ""), variables)
    return value if is_known(value) and len(value) <= LONGEST else None


def calculate(expression: str, variables: Variables) -> None:
    """Carry out an arithmetic expression that gives a variable a value: `I++`, `I+=2`, `I=J*2`."""
    if _sets_nothing(expression):
        return
    found = _SETS.fullmatch(expression.strip("\"' "))
    if found is not None and (step := found["step"] or found["sooner"]):
        name = found["name"] or found["before"]
        before = variables.get(name)
        if before is None:
            variables.lose(name)
            return
        if _SHORT_NUMBER.fullmatch(before):  # as nearly always
            variables[name] = str(int(before) + (1 if step == "++" else -1))
            return
    value: State = Gone.LOST
    if found is not None:
        sign = found["step"] or found["sooner"] or found["sign"]
        name, amount = found["name"] or found["before"], found["amount"] or "1"
        result = filled(
            f"$(({amount if sign == '=' else f'({name}){sign[0]}({amount})'}))", variables
        )
        value = result if is_known(result) else Gone.LOST
    for step in _STEP.finditer(expression):
        variables.lose(step[1] or step[2])
    if found is not None:
        variables[name] = value


def _sets_nothing(expression: str) -> bool:
    return "=" not in expression and "++" not in expression and "--" not in expression


def taken_names(first: str, rest: str) -> set[str]:
    """Return the variables that a command of the shell fills with what the text does not say."""
    if first in _OTHERS_FILE:
        return {ANY_NAME}
    if first in _TAKES or (first == "printf" and "-v" in rest.split()):
        names = {*_NAME.findall(rest), "REPLY", "OPTARG", "OPTIND", "MAPFILE"}
        return names if is_known(rest) else {*names, ANY_NAME}
    return set()


def words_in(text: str) -> Iterator[str]:
    """Yield the words of a text as they are written, quotes and all."""
    at = 0
    while (match := _PLAIN.match(text, at)) is not None:
        yield match[1]
        at = match.end()


def changed_names(text: str) -> set[str]:
    """Return the variables that a command may change; `ANY_NAME` where it may be any of them."""
    found, at = assignments(text) if "=" in text.partition(" ")[0] else ([], 0)
    first, _, rest = text[at:].partition(" ")
    names = {item.name for item in found} | taken_names(first, rest)
    if first in DECLARES:
        names.update(item.name for item in declared(rest))
    for part in calculations(text[at:]):
        if not _sets_nothing(part):
            names.update(match[1] or match[2] for match in _STEP.finditer(part))
    return names
