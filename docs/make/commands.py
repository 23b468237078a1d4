"""The page on commands: what `--help` prints of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from translator.cli.main import app

__all__ = ["page"]

_HEAD: Final = """\
# Commands

What `--help` says of each command. Results go to stdout, everything else to stderr; `--format json`
serves programs; [exit codes](exit-codes.md) serve scripts.
"""
_WIDTH: Final = 88


def page() -> str:
    """Return the page in Markdown."""
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    parts = [_HEAD]
    for path, command in _leaves(root, ("qos-translator",)):
        parts.append(f"## {' '.join(path[1:])}\n\n```text\n{_help(path, command)}\n```\n")
    return "\n".join(parts)


def _leaves(
    group: TyperGroup, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    for name, child in group.commands.items():
        if isinstance(child, TyperGroup):
            yield from _leaves(child, (*path, name))
        elif isinstance(child, TyperCommand):
            yield (*path, name), child


def _help(path: tuple[str, ...], command: TyperCommand) -> str:
    context = typer.Context(command, info_name=" ".join(path), max_content_width=_WIDTH)
    context.terminal_width = _WIDTH
    return command.get_help(context).rstrip()
