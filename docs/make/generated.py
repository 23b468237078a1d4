"""All that is generated, by file name below `docs/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from docs.make import api, commands, exit_codes, pictures, platforms

__all__ = ["DOCS", "generated"]

DOCS: Final = Path(__file__).resolve().parents[1]


def generated() -> Iterator[tuple[str, str]]:
    """Yield (file, text) of each generated page and picture."""
    yield "api.md", api.page()
    yield "commands.md", commands.page()
    yield "exit-codes.md", exit_codes.page()
    yield from ((f"platforms/{name}.md", text) for name, text in platforms.pages())
    yield from ((f"pictures/{name}.svg", text) for name, text in pictures.pictures())
