"""Print results: tables for people, JSON for programs; notes go to stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Final

__all__ = ["emit", "emit_json", "emit_table", "note", "plain", "visible"]

_PIPE_WIDTH: Final = 240


def emit(text: str) -> None:
    """Write a result to stdout, ending with one newline."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def note(text: str) -> None:
    """Write something that is not the result to stderr."""
    print(visible(text), file=sys.stderr)


def emit_json(value: object) -> None:
    """Write a value as indented JSON."""
    emit(json.dumps(plain(value), indent=2))


def emit_table(headings: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """Write a table; cells hold whatever text the input held, so nothing in them is markup."""
    from rich import box  # heavy: 44 ms
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _PIPE_WIDTH
    elif os.environ.get("NO_COLOR"):
        # Rich drops colours only; whoever asks for none wants no escape sequence at all.
        console = Console(
            highlight=False, markup=False, emoji=False, force_terminal=False, width=console.width
        )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in headings:
        table.add_column(Text(heading, "bold"), overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(str(cell))) for cell in row))
    if title:
        console.print(Text(title, "bold"))
    console.print(table)
    console.print()


def visible(text: str, *, keep: str = "\n\t") -> str:
    """Return the text with every character that a terminal would obey spelled out."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in keep else f"\\x{ord(char):02x}" for char in text
    )


def plain(value: object) -> Any:
    """Return a value in terms of JSON: data classes as objects, numbers and words as they are."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str(value)
    if hasattr(value, "__struct_fields__"):  # without msgspec, which a plain `--help` never needs
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: plain(getattr(value, item.name))
            for item in fields(value)
            if not item.name.startswith("_")
        }
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, IPv4Network | IPv6Network | Path):
        return str(value)
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return str(value)
