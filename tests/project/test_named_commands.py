"""Commands that pages name without running them, such as those that need devices, can be typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.console import ROOT
from typer.core import TyperGroup
from typer.main import get_command

from translator.cli.main import app

_PROGRAM = "qos-translator "
_NAMED = re.compile(rf"^ *{_PROGRAM}(.*)$", re.MULTILINE)
_ENDS = re.compile(r"[0-9]?>.*|[|;&]+")


def named(page: Path) -> Iterator[str]:
    """The words behind the program's name; continued lines are joined."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for words in _NAMED.findall(text):
        if "..." not in words:  # a pattern, not a command
            yield words.strip()


def arguments_of(words: str) -> list[str]:
    """The arguments of the command itself, without comment, redirection and what follows it."""
    arguments = shlex.split(words, comments=True)
    end = next((at for at, word in enumerate(arguments) if _ENDS.fullmatch(word)), None)
    return arguments[:end]


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = [
    pytest.param(words, id=f"{page.relative_to(ROOT)}: {words}")
    for page in PAGES
    for words in dict.fromkeys(named(page))
]


def test_there_are_commands():
    assert len(COMMANDS) >= 80


@pytest.mark.parametrize("words", COMMANDS)
def test_a_named_command_is_one(words):
    command, arguments = get_command(app), arguments_of(words)
    path = []
    while isinstance(command, TyperGroup):
        path.append(arguments.pop(0))
        assert path[-1] in command.commands
        command = command.commands[path[-1]]
    command.make_context(" ".join(path), arguments)
